"""The Markdown that Sphinx reads: the chapters as they stand, and the pages made from the library."""

from website import chapters
from website.words import TITLE, say


def write(folder, book, names, preview):
    """Writes a language's pages; those that haven't changed keep their time, so that Sphinx leaves them alone."""
    wanted = {f"{name}.md": chapters.read(name, book.language) for name in names}
    wanted["index.md"] = _front(book.language, names, preview)
    folder.mkdir(parents=True, exist_ok=True)
    for path in [p for p in folder.rglob("*.md") if p.relative_to(folder).as_posix() not in wanted]:
        path.unlink()
    for name, text in wanted.items():
        path = folder / name
        if not path.exists() or path.read_text("utf-8") != text:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, "utf-8")


def _front(language, names, preview):
    text = f"# {TITLE[language]}" if preview else chapters.read("index", language)
    return f"{text}\n\n{toctree(say('chapters', language), names)}\n"


def toctree(caption, names):
    """A list of pages for the navigation."""
    return "\n".join(["```{toctree}", ":hidden:", f":caption: {caption}", "", *names, "```"])
