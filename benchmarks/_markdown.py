"""Tables of the benchmarks as the docs take them."""

import os
from pathlib import Path

from rich.box import MARKDOWN
from rich.console import Console

from tfnotes.files import write_aside
from tfnotes.language import LANGUAGES

DOCS = Path(__file__).resolve().parents[1] / "docs"


def as_markdown(table):
    """The text of a `rich.table.Table` in Markdown, without its title and caption."""
    table.box, table.title, table.caption = MARKDOWN, None, None
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


def place(page, name, text):
    """Puts a text into a page of the docs, between `<!-- NAME -->` and `<!-- end of NAME -->`."""
    path = DOCS / page
    begin, end = f"<!-- {name} -->\n", f"<!-- end of {name} -->\n"
    before, _, rest = path.read_text("utf-8").partition(begin)
    _, found, after = rest.partition(end)
    if not found:
        raise SystemExit(f"{path} has no place for {name}.")
    with write_aside(path) as aside:
        aside.write_text(f"{before}{begin}\n{text}\n\n{end}{after}", "utf-8")


def machine():
    """What else the machine did when a measurement began, as a sentence in two languages."""
    cores, load = os.cpu_count(), os.getloadavg()[0]
    return (
        f"Measured on {cores} cores, whose load was {load:.1f} when it began.",
        f"在 {cores} 个核心上测得，开始时负载为 {load:.1f}。",
    )
