"""`tfnotes claims`: what the notes say, and what measuring it has shown. It needs no TensorFlow."""

import click

from tfnotes.cli import _language, _words


@click.command("claims")
@click.argument("words", nargs=-1)
@click.option("--topic", help="Only one topic, such as activations.")
@click.option("--verdict", help="Only CONFIRMED, QUALIFIED, REFUTED or INCONCLUSIVE.")
@click.option("--json", "as_json", is_flag=True, help="Print a JSON list of the ledger's entries, in both languages.")
@click.option("--markdown", is_flag=True, help="Print the page docs/claims.md, or docs/claims.zh.md.")
@_language.option
def command(words, topic, verdict, as_json, markdown, lang):
    """List the notes' claims with their measured verdicts; with WORDS, those that have them all, such as "lstm"."""
    from tfnotes.experiments import ledger

    measured, missing = ledger.select(topic, verdict, words)
    if as_json:
        import json

        click.echo(json.dumps(measured, ensure_ascii=False, indent=2))
        return
    if markdown:
        from tfnotes.experiments import page

        click.echo(page.page(measured, missing, lang))
        return
    from collections import Counter

    from tfnotes.cli import _terminal

    console = _terminal.console()
    headings = (_words.CLAIM, _words.SAID, _words.VERDICT, _words.CONDITION)
    table = _terminal.table(*(heading[lang] for heading in headings), show_lines=True)
    for entry in measured:
        said = entry["statement_zh"] if lang == "zh" else f"{entry['statement_en']}\n{entry['statement_zh']}"
        verdict = ledger.VERDICTS[entry["verdict"]][lang]
        table.add_row(f"{entry['id']}\n{' '.join(entry['source'])}", said, verdict, entry[f"condition_{lang}"])
    console.print(table)
    counts = Counter(entry["verdict"] for entry in measured)
    told = (f"{ledger.VERDICTS[name][lang]} {count}" for name, count in counts.most_common())
    console.print("  ".join(told), highlight=False)
    if missing:
        names = ", ".join(row["id"] for row in missing)
        console.print(_words.NOT_MEASURED.format(count=len(missing), names=names)[lang], highlight=False)
