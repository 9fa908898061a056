"""The how-tos: docs/NAME.md and NAME.zh.md as pages of the site, and sections of the READMEs; nothing is copied."""

import re

from website.chapters import ROOT, BookError

DOCS = ROOT / "docs"

# Sections of README.md and README.zh.md.
SECTIONS = {
    "start": {"en": "Two commands", "zh": "两条命令"},
    "own_task": {"en": "Your own task in 15 lines", "zh": "15 行写一个自己的任务"},
    "add_concept": {"en": "Add a concept", "zh": "添加一个概念"},
}
READMES = {"en": "README.md", "zh": "README.zh.md"}

# Made from the registry and the ledger, which have pages of their own here.
_MADE = {"concepts": "../api/index.md", "claims": "../claims/index.md"}

# Those to begin with.
_FIRST = ("start", "play", "drop_in", "own_task", "tasks", "add_concept", "inspection", "formats", "runtimes")


def names():
    """The how-tos, those to begin with first."""
    found = {path.stem for path in DOCS.glob("*.md") if "." not in path.stem} - set(_MADE) | set(SECTIONS)
    return [name for name in _FIRST if name in found] + sorted(found - set(_FIRST))


def pages(language):
    """A dict from the page's file to its Markdown."""
    return {f"guides/{name}.md": _page(name, language) for name in names()}


def _page(name, language):
    if name in SECTIONS:
        return _leading(_section(READMES[language], SECTIONS[name][language]))
    path = DOCS / (f"{name}.md" if language == "en" else f"{name}.zh.md")
    if not path.exists():
        raise BookError(f"docs/{path.name} is missing, the twin of {name}.md.")
    # The site has a link to the twin on each page.
    return _leading(re.sub(r"^\[(中文|English)\]\(\S+\)\n\n?", "", path.read_text("utf-8"), flags=re.MULTILINE))


def _section(readme, title):
    text = (ROOT / readme).read_text("utf-8")
    found = re.search(rf"^## {re.escape(title)}\n(.*?)(?=^## |\Z)", text, re.MULTILINE | re.DOTALL)
    if not found:
        raise BookError(f"{readme}: the site takes its section {title!r}, which isn't there.")
    return f"# {title}\n{found[1]}"


def _leading(text):
    """The text with links that lead somewhere from here."""
    return re.sub(r"(!?)\[([^\]]*)\]\(([^)\s]+)\)", _link, text)


def _link(found):
    picture, words, address = found.groups()
    if re.match(r"https?:|#", address):
        return found[0]
    address = address.removeprefix("../").removeprefix("docs/")
    if picture:
        return f"![{words}](../../../../../docs/{address})"
    page = re.fullmatch(r"(\w+)(?:\.zh)?\.md(?:#.*)?", address)
    if page and page[1] in {*_MADE, *names()}:
        return f"[{words}]({_MADE.get(page[1], f'{page[1]}.md')})"
    # A file of the checkout, which the site doesn't have.
    return f"{words} (`{address}`)"
