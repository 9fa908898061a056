"""What is printed, whole: tables and code fit a terminal by folding, and a pipe has no edge to fit."""

_NO_EDGE = 100_000


def console(**options):
    """A `rich` console; one that nobody watches is as wide as what is printed."""
    from rich.console import Console

    made = Console(**options)
    return made if made.is_terminal else Console(width=_NO_EDGE, **options)


def table(first, *others, **options):
    """A `rich` table whose first column holds names, to be copied; the others fold."""
    from rich.table import Column, Table

    return Table(Column(first, no_wrap=True), *(Column(name, overflow="fold") for name in others), **options)


def code(text):
    """Prints Python: in colours on a terminal, as it stands elsewhere."""
    import click
    from rich.syntax import Syntax

    made = console()
    if made.is_terminal:
        made.print(Syntax(text, "python", background_color="default", word_wrap=True))
    else:
        click.echo(text)
