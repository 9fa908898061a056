"""The reference: a page for each package, made from its docstrings, which stay English."""

import re

from website.blocks import anchor, plain
from website.words import COLON, SECTIONS, say


def pages(book, labels):
    """The reference's pages.

    Args:
        book: what blocks draw on.
        labels: those of the chapters; a concept that bears one is explained there.

    Returns:
        A dict from the page's file to its Markdown.
    """
    found = {f"api/{package}.md": _page(book, package, labels) for package in book.library["reference"]}
    lines = [f"# {say('reference', book.language)}", "", say("reference about", book.language), ""]
    for package, content in book.library["reference"].items():
        lines.append(f"- [`tfnotes.{package}`]({package}.md){COLON[book.language]}{plain(_first(content['about']))}")
    lines += ["", "```{toctree}", ":hidden:", "", *book.library["reference"], "```"]
    return found | {"api/index.md": "\n".join(lines)}


def _page(book, package, labels):
    content, language = book.library["reference"][package], book.language
    lines = [f"# `tfnotes.{package}`", "", plain(content["about"]), ""]
    concepts = {c["public"]: c for c in book.library["concepts"].values()}
    for member in content["members"]:
        lines += _member(member, concepts.get(member["name"]), labels, language)
    return "\n".join(lines)


def _member(member, concept, labels, language):
    name = member["name"].rsplit(".", 1)[-1]
    title = f"`{name}`" + (f" · {concept[language]}" if concept else "")
    lines = [f"({anchor(member['name'])})=", f"## {title}", "", *_listing(member), ""]
    if member["also"]:
        lines += [f"{say('also', language)}{COLON[language]}{', '.join(f'`{n}`' for n in member['also'])}", ""]
    label = concept["name"] if concept else ""
    if label in labels:
        lines += [f"{say('explained', language)}{COLON[language]}[{labels[label]}](#{label})", ""]
    lines += docstring(member["doc"], language)
    for method in member["methods"]:
        lines += [f"**`{name}.{method['name']}{method['signature']}`**", "", *docstring(method["doc"], language)]
    return [*lines, f"{say('source', language)}{COLON[language]}`{member['file']}`", ""]


def docstring(text, language):
    """A docstring's paragraphs as lines of Markdown, its sections' names in the language."""
    lines = []
    for block in re.split(r"\n\s*\n", text):
        rows = block.split("\n")
        section = re.match(r"([A-Z][\w ]*?|Differences from \S+):(?: +|$)", rows[0])
        if rows[0].startswith(">>>"):
            lines += ["```pycon", *rows, "```"]
        elif all(row.startswith("    ") for row in rows):
            lines += ["```text", *(row[4:] for row in rows), "```"]
        elif section and rows[0] == f"{section[1]}:" and len(rows) > 1:
            lines += [f"**{_heading(section[1], language)}**", "", *_items(rows[1:])]
        elif section and _known(section[1]):
            rest = " ".join([rows[0][section.end() :], *rows[1:]])
            lines.append(f"**{_heading(section[1], language)}**{COLON[language]}{plain(rest)}")
        else:
            lines.append(plain(" ".join(row.strip() for row in rows)))
        lines.append("")
    return lines


def _items(rows):
    """Indented lines: one entry for each that is indented least, the deeper ones go on with it."""
    least = min(len(row) - len(row.lstrip()) for row in rows)
    entries = []
    for row in rows:
        if len(row) - len(row.lstrip()) == least or not entries:
            entries.append(row.strip())
        else:
            entries[-1] += f" {row.strip()}"
    for entry in entries:
        name = re.match(r"([\w, *.`]+?):(?: |$)", entry)
        yield f"- `{name[1].strip('`')}`: {plain(entry[name.end() :])}" if name else f"- {plain(entry)}"


def _listing(member):
    """How it is called, an argument a line where they are many."""
    call = f"{member['name']}({', '.join(member['arguments'])})"
    if len(call) > 88:
        call = "\n".join([f"{member['name']}(", *(f"    {argument}," for argument in member["arguments"]), ")"])
    return ["```python", call, "```"]


def _known(name):
    return name in SECTIONS or name.startswith("Differences from ")


def _heading(name, language):
    if name.startswith("Differences from "):
        twin = name.removeprefix("Differences from ")
        return f"Differences from {twin}" if language == "en" else f"与 {twin} 的不同"
    return SECTIONS.get(name, {}).get(language, name)


def _first(text):
    return text.split("\n\n")[0].replace("\n", " ")
