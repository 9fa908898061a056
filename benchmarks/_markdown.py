"""Tables of the benchmarks as the docs take them."""

from pathlib import Path

from rich.box import MARKDOWN
from rich.console import Console

from tfnotes.files import write_aside
from tfnotes.language import LANGUAGES

DOCS = Path(__file__).resolve().parents[1] / "docs"


def as_markdown(table):
    """The text of a `rich.table.Table` in Markdown, without its title."""
    table.box, table.title = MARKDOWN, None
    # So wide that no cell is broken.
    console = Console(width=1000)
    with console.capture() as captured:
        console.print(table)
    return captured.get().strip()


def write_pages(name, text, table_in):
    """Writes docs/NAME.md and its Chinese twin docs/NAME.zh.md.

    Args:
        name: of the page.
        text: `Words`, what stands above the table.
        table_in: function from a language to the table.
    """
    for language in LANGUAGES:
        with write_aside(DOCS / f"{name}{'.zh' if language == 'zh' else ''}.md") as aside:
            aside.write_text(f"{text[language]}\n{as_markdown(table_in(language))}\n", "utf-8")
