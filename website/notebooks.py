"""A chapter as a notebook: its words, the cells' code, and what its directives stand for."""

import re

from website import blocks, chapters, lines
from website.chapters import BookError
from website.words import say


def write(folder, book, names):
    """Writes NAME.ipynb for each chapter."""
    import nbformat

    folder.mkdir(parents=True, exist_ok=True)
    labels = chapters.placed("label", names, book.language)
    for name in names:
        nbformat.write(notebook(book, name, labels), folder / f"{name}.ipynb")


def notebook(book, chapter, labels):
    """A chapter's notebook, not run.

    Args:
        book: what blocks draw on.
        chapter: its name.
        labels: a dict from label to the chapter that has it.
    """
    from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

    cells, words, placed = [], [], set()

    def close():
        text = "\n\n".join(words).strip()
        if book.language == "zh":
            text = lines.joined_markdown(text)
        if text:
            cells.append(new_markdown_cell(_linked(text, chapter, labels)))
        words.clear()

    def add(name):
        close()
        placed.add(name)
        cells.append(new_code_cell(blocks.cell(chapter, name), metadata={"name": name}))

    words.append(say("notebook setup", book.language))
    found = blocks.cells.read(chapter)
    if "setup" in found:
        add("setup")
    # A cell that the text doesn't show stands before the next one that it shows.
    order = list(found)
    parts = chapters.parts(chapters.read(chapter, book.language))
    shown = {p.argument for p in parts if p.kind in ("cell", "answer")}
    for part in parts:
        if part.kind in ("cell", "answer"):
            if part.kind == "answer":
                words.append(f"**{say('answer', book.language)}**\n\n{part.body}".strip())
            blocks.cell(chapter, part.argument)
            for hidden in order[: order.index(part.argument)]:
                if hidden not in placed and hidden not in shown:
                    add(hidden)
            add(part.argument)
        else:
            words.append(_markdown(book, part))
    close()
    # The same ids each time, so that a notebook changes only with its chapter.
    for k, cell in enumerate(cells):
        cell["id"] = f"cell-{k}"
    if cells and cells[0]["cell_type"] == "markdown" and len(cells) > 2:
        # The title first, then what to install.
        cells.insert(0, cells.pop(2 if "setup" in found else 1))
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    return new_notebook(cells=cells, metadata={"kernelspec": kernel, "language_info": {"name": "python"}})


def _markdown(book, part):
    if part.kind == "text":
        return part.body
    if part.kind == "label":
        return f'<a id="{part.argument}"></a>'
    if part.kind == "exercise":
        return f"**{say('exercise', book.language)}**\n\n{part.body}"
    if part.kind == "widget":
        return f"*{say('on the site', book.language)}*"
    if part.kind == "code":
        return blocks.code(book, part.argument, dict(part.options).get("docstring") == "yes")
    makers = {"concept": blocks.concept, "claim": blocks.claim, "verdicts": blocks.verdicts}
    if part.kind not in makers:
        raise BookError(f"{{{part.kind}}}: must be a directive that docs/book/README.md lists.")
    return makers[part.kind](book, part.argument)


def _linked(text, chapter, labels):
    """References within the book lead to the notebooks; those to other pages of the site are words alone."""

    def link(found):
        words, label = found.groups()
        if label not in labels:
            return words
        where = "" if labels[label] == chapter else f"{labels[label]}.ipynb"
        return f"[{words}]({where}#{label})"

    return re.sub(r"\[([^\]]*)\]\(#([^)]+)\)", link, text)
