"""`tfnotes concepts` and `tfnotes show`: what there is, and how it reads."""

import click

from tfnotes.cli import _tensorflow


@click.command("concepts")
@click.option("--kind", help="Only one kind, such as layers.")
@click.option("--json", "as_json", is_flag=True, help="Print a JSON list.")
@click.option("--markdown", is_flag=True, help="Print the page docs/concepts.md.")
def command(kind, as_json, markdown):
    """List the concepts, with their Chinese names, twins and lines in the notes."""
    _tensorflow.load()
    from tfnotes import registry
    from tfnotes.errors import InputError

    if kind is not None and kind not in registry.KINDS:
        raise InputError(f"concepts: `kind` must be one of {', '.join(registry.KINDS)}. Received: {kind!r}.")
    rows = [(c.name, c.kind, c.en, c.zh, c.twin, c.notes) for c in registry.concepts(kind)]
    if as_json:
        import json

        keys = ("name", "kind", "en", "zh", "twin", "notes")
        click.echo(json.dumps([dict(zip(keys, row, strict=True)) for row in rows], ensure_ascii=False, indent=2))
        return
    if markdown:
        click.echo(_page(registry.concepts(kind)))
        return
    from rich.console import Console
    from rich.table import Table

    table = Table("name", "kind", "concept", "概念", "Keras twin", "notes")
    for name, kind_, en, zh, twin, notes in rows:
        table.add_row(name, kind_, en, zh, twin or "none", " ".join(notes))
    Console().print(table)


def _page(concepts):
    """The concepts as a Markdown page, with what differs from the twin on purpose."""
    lines = [
        "# Concepts (概念)",
        "",
        "Made by `make docs` from the registry. The notes' lines are given as note:line. A difference is one on",
        "purpose; where there is a twin and no difference, `none` is what the contract tests hold it to.",
        "",
        "| concept | 概念 | Keras twin | differences | notes |",
        "|---|---|---|---|---|",
    ]
    for c in concepts:
        name, notes = c.module.removeprefix("tfnotes."), ", ".join(c.notes)
        twin = f"`{c.twin}`" if c.twin else "none"
        lines.append(f"| `{name}` {c.en} | {c.zh} | {twin} | {c.differences or '-'} | {notes} |")
    return "\n".join(lines)


@click.command("show")
@click.argument("name")
@click.option("--source/--no-source", default=True, show_default=True, help="Print the file's code as well.")
def show(name, source):
    """Show the concept NAME: its equations, its documentation and its code."""
    _tensorflow.load()
    import importlib
    import inspect

    from rich.console import Console
    from rich.syntax import Syntax

    from tfnotes import registry

    concept = registry.find(name)
    module = importlib.import_module(concept.module)
    console = Console()
    console.print(f"[bold]{concept.en}[/bold]  {concept.zh}", highlight=False)
    console.print(f"{concept.module}.{concept.target.__name__}, twin: {concept.twin or 'none'}", highlight=False)
    console.print(f"notes: {' '.join(concept.notes)}\n", highlight=False)
    if source:
        console.print(Syntax(inspect.getsource(module), "python", background_color="default"))
    else:
        console.print(inspect.getdoc(module), markup=False, highlight=False)
        console.print()
        console.print(inspect.getdoc(concept.target), markup=False, highlight=False)
