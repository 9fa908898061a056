"""The how-tos: docs/NAME.md and docs/NAME.zh.md as pages of the site, their links leading to its pages."""

import re

from website.chapters import ROOT
from website.words import say

DOCS = ROOT / "docs"

# Made from the registry and the ledger, which have pages of their own here.
_MADE = {"concepts": "../api/index.md", "claims": "../claims/index.md"}

# Those to begin with.
_FIRST = ("drop_in", "add_concept", "tasks", "own_data", "inspection", "play", "formats", "runtimes", "serving")


def names():
    """The how-tos, those to begin with first."""
    found = {path.stem for path in DOCS.glob("*.md") if "." not in path.stem} - set(_MADE)
    return [name for name in _FIRST if name in found] + sorted(found - set(_FIRST))


def pages(language):
    """A dict from the page's file to its Markdown."""
    return {f"guides/{name}.md": _page(name, language) for name in names()}


def _page(name, language):
    path = DOCS / (f"{name}.md" if language == "en" else f"{name}.zh.md")
    note = ""
    if not path.exists():
        path, note = DOCS / f"{name}.md", say("english only", language)
    # The site has a link to the twin on each page.
    text = re.sub(r"^\[(中文|English)\]\(\S+\)\n\n?", "", path.read_text("utf-8"), flags=re.MULTILINE)
    text = re.sub(r"(!?)\[([^\]]*)\]\(([^)\s]+)\)", _link, text)
    return re.sub(r"\A(# .*\n)", rf"\1\n{note}\n", text) if note else text


def _link(found):
    picture, words, address = found.groups()
    if re.match(r"https?:|#", address):
        return found[0]
    if picture:
        return f"![{words}](../../../../docs/{address})"
    page = re.fullmatch(r"(\w+)(?:\.zh)?\.md(#.*)?", address)
    if page:
        return f"[{words}]({_MADE.get(page[1], f'{page[1]}.md')})"
    # A file of the checkout, which the site doesn't have.
    return f"{words} (`{address.removeprefix('../')}`)"
