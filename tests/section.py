"""A section of docs/reliability.md that a command makes, between two marks."""

from pathlib import Path

DOCS = Path(__file__).parents[1] / "docs"


def put(page, name, lines):
    """Puts a section in the place of the one before, or at the page's end.

    Args:
        page: name of a page of docs/, which stands.
        name: of the command, in the marks.
        lines: of the section.
    """
    path = DOCS / page
    begin, end = f"<!-- {name} -->", f"<!-- /{name} -->"
    text, section = path.read_text("utf-8"), "\n".join([begin, *lines, end])
    if begin in text:
        before, rest = text.split(begin)
        text = before + section + rest.split(end)[1]
    else:
        text = f"{text.rstrip()}\n\n{section}\n"
    path.write_text(text, "utf-8")


def table(heads, rows):
    """Lines of a Markdown table: the first column holds names, the others numbers."""
    yield f"| {' | '.join(heads)} |"
    yield f"|---{'|---:' * (len(heads) - 1)}|"
    for first, *others in rows:
        yield f"| {first} | {' | '.join(f'{n:,}' if isinstance(n, int) else n for n in others)} |"
