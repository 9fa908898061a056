"""Tables of the benchmarks as the docs take them."""

from rich.box import MARKDOWN
from rich.console import Console


def as_markdown(table):
    """The text of a `rich.table.Table` in Markdown, without its title."""
    table.box, table.title = MARKDOWN, None
    # So wide that no cell is broken.
    console = Console(width=1000)
    with console.capture() as captured:
        console.print(table)
    return captured.get().strip()
