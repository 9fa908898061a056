"""What is printed, whole: tables and code fit a terminal by folding, and a pipe has no edge to fit."""

from contextlib import contextmanager

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


@contextmanager
def progress(what, **options):
    """A bar with the time left, while somebody watches: gives a function of how much is done and how much is to be."""
    from rich.progress import Progress

    made = console(**options)
    with Progress(console=made, transient=True, disable=not made.is_interactive) as bar:
        task = bar.add_task(what, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)


def code(text):
    """Prints Python: in colours on a terminal, as it stands elsewhere."""
    import click
    from rich.syntax import Syntax

    made = console()
    if made.is_terminal:
        made.print(Syntax(text, "python", background_color="default", word_wrap=True))
    else:
        click.echo(text)
