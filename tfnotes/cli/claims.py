"""`tfnotes claims`: what the notes say, and what measuring it has shown. It needs no TensorFlow."""

import click


@click.command("claims")
@click.argument("words", nargs=-1)
@click.option("--topic", help="Only one topic, such as activations.")
@click.option("--verdict", help="Only CONFIRMED, QUALIFIED, REFUTED or INCONCLUSIVE.")
@click.option("--json", "as_json", is_flag=True, help="Print a JSON list of the ledger's entries.")
@click.option("--markdown", is_flag=True, help="Print the page docs/claims.md.")
def command(words, topic, verdict, as_json, markdown):
    """List the notes' claims with their measured verdicts; with WORDS, those that have them all, such as "lstm"."""
    from tfnotes.experiments import ledger

    measured, missing = ledger.select(topic, verdict, words)
    if as_json:
        import json

        click.echo(json.dumps(measured, ensure_ascii=False, indent=2))
        return
    if markdown:
        from tfnotes.experiments import page

        click.echo(page.page(measured, missing))
        return
    from collections import Counter

    from tfnotes.cli import _terminal

    console = _terminal.console()
    table = _terminal.table("claim", "what the notes say", "verdict", "when, or what instead", show_lines=True)
    for entry in measured:
        words = f"{entry['statement_en']}\n{entry['statement_zh']}"
        table.add_row(f"{entry['id']}\n{' '.join(entry['source'])}", words, entry["verdict"], entry["condition"])
    console.print(table)
    counts = Counter(entry["verdict"] for entry in measured)
    console.print("  ".join(f"{name} {count}" for name, count in counts.most_common()), highlight=False)
    if missing:
        names = ", ".join(row["id"] for row in missing)
        console.print(f"Not yet measured, {len(missing)}: {names}", highlight=False)
