"""The Markdown that Sphinx reads: the chapters as they stand, and the pages made from the library."""

from website import chapters, claims, glossary, guides, reference
from website.words import TITLE, say


def write(folder, book, names, preview):
    """Writes a language's pages; those that haven't changed keep their time, so that Sphinx leaves them alone."""
    wanted = {f"{name}.md": chapters.read(name, book.language) for name in names}
    wanted["index.md"] = _front(book.language, names, preview)
    if not preview:
        titles = {name: chapters.title(wanted[f"{name}.md"]) for name in names}
        labels = {label: titles[name] for label, name in chapters.placed("label", names, book.language).items()}
        placed = {claim: (name, titles[name]) for claim, name in chapters.placed("claim", names, book.language).items()}
        wanted |= reference.pages(book, labels) | claims.pages(book, placed) | guides.pages(book.language)
        wanted |= {"glossary.md": glossary.page(book), "search.md": _search(book.language)}
    folder.mkdir(parents=True, exist_ok=True)
    for path in [p for p in folder.rglob("*.md") if p.relative_to(folder).as_posix() not in wanted]:
        path.unlink()
    for name, text in wanted.items():
        path = folder / name
        if not path.exists() or path.read_text("utf-8") != text:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, "utf-8")


def _front(language, names, preview):
    list_of_chapters = toctree(say("chapters", language), names, ":numbered: 1", ":titlesonly:")
    if preview:
        return f"# {TITLE[language]}\n\n{list_of_chapters}\n"
    lists = (
        list_of_chapters,
        toctree(say("look up", language), ["claims/index", "glossary", "api/index"]),
        toctree(say("guides", language), [f"guides/{name}" for name in guides.names()]),
    )
    return "\n\n".join([chapters.read("index", language), *lists, ""])


def _search(language):
    place = f'<div id="search">{say("by http", language)}</div>'
    return "\n".join(["---", "orphan: true", "---", f"# {say('search', language)}", "", place])


def toctree(caption, names, *options):
    """A list of pages for the navigation; with options for the page, too."""
    return "\n".join(["```{toctree}", *(options or [":hidden:"]), f":caption: {caption}", "", *names, "```"])
