"""What a directive stands for, as Markdown: the page and the notebook are made of the same text."""

import ast
import inspect
import json
import re
import textwrap
from dataclasses import dataclass, field
from functools import cached_property
from html import escape

from tfnotes import language as languages
from tfnotes.experiments import ledger
from website import catalogue, cells
from website.chapters import ROOT, BookError
from website.words import COLON, VERDICTS, other, say

MEASURED = ROOT / "website" / "measured.json"


@dataclass
class Book:
    """What blocks draw on.

    Attributes:
        language: "en" or "zh".
        library: the catalogue.
    """

    language: str
    library: dict = field(default_factory=catalogue.load)

    @cached_property
    def measured(self):
        """Parity and speed by concept, as recorded."""
        return json.loads(MEASURED.read_text("utf-8")) if MEASURED.exists() else {"concepts": {}}

    @cached_property
    def entries(self):
        """The ledger."""
        return ledger.recorded()


def concept(book, name):
    """Names, twin, lines of the notes, differences, parity and speed of a concept."""
    found, language = find(book.library["concepts"], name), book.language
    key = f"{found['kind']}.{found['name']}"
    colon = COLON[language]
    rows = [
        f"**{found[language]}** · {found[other(language)]} · [`{found['public']}`](#{anchor(found['public'])})",
        "",
        f"- {say('twin', language)}{colon}{_code(found['twin']) or say('no twin', language)}",
    ]
    if found["notes"]:
        rows.append(f"- {say('lines', language)}{colon}{', '.join(found['notes'])}")
    if found["twin"] and found["differences"]:
        rows.append(f"- {say('differences', language)}{colon}{plain(languages.words(found['differences'])[language])}")
    numbers = book.measured["concepts"].get(key, {})
    if "parity" in numbers:
        rows.append(f"- {say('parity', language)}{colon}{numbers['parity']:.1g}")
    if "speed" in numbers:
        times = (f"{say(what, language)} {ratio['median']:.2f}" for what, ratio in numbers["speed"].items())
        rows.append(f"- {say('speed', language)}{colon}{', '.join(times)}")
    return "\n".join(rows)


def code(book, name, docstring=False):
    """The source of a function, class or method, as it stands in the library."""
    return f"```python\n{source(name, docstring)[1]}\n```"


def claim(book, name):
    """A claim of the notes with its measured verdict and condition."""
    entry, language = entry_of(book, name), book.language
    words, verdict = condition(entry, language), VERDICTS[entry["verdict"]][language]
    lines = [
        f"**{say('claim', language)}** ({', '.join(entry['source'])}){COLON[language]}{entry[f'statement_{language}']}",
        "",
        f"**{say('measured', language)}{COLON[language]}{verdict}**{COLON[language] + plain(words) if words else ''}",
        "",
        f"[{say('more', language)}](#claim-{name})",
    ]
    return "\n".join(lines)


def verdicts(book, verdict):
    """A list of all claims of one verdict."""
    if verdict not in VERDICTS:
        raise BookError(f"verdicts: must be one of {', '.join(VERDICTS)}. Received: {verdict!r}.")
    language = book.language
    rows = []
    for name, entry in book.entries.items():
        if entry["verdict"] == verdict:
            words = condition(entry, language)
            rows.append(f"- [{entry[f'statement_{language}']}](#claim-{name}) {plain(words)}".rstrip())
    return "\n".join(rows)


def condition(entry, language):
    """When a claim holds, or what is right instead; "" where it simply holds."""
    return entry[f"condition_{language}"]


def entry_of(book, name):
    """The ledger's entry of a claim.

    Raises:
        BookError: there is none.
    """
    if name not in book.entries:
        raise BookError(f"claim: must be an id of the ledger; `tfnotes claims` lists them. Received: {name!r}.")
    return book.entries[name]


def find(concepts, name):
    """A concept by `kind.name`, by its class's name, or by a name that no other has.

    Raises:
        BookError: there is none, or several.
    """
    if name in concepts:
        return concepts[name]
    for fits in (lambda c: c["public"].rsplit(".", 1)[-1] == name, lambda c: c["name"] == name):
        found = [c for c in concepts.values() if fits(c)]
        if len(found) == 1:
            return found[0]
        if found:
            names = " or ".join(f"{c['kind']}.{c['name']}" for c in found)
            raise BookError(f"concept: must say which is meant, {names}. Received: {name!r}.")
    raise BookError(f"concept: must be one of the registry's; `tfnotes concepts` lists them. Received: {name!r}.")


def source(name, docstring=False):
    """The file, from the checkout's root, and the text of what bears a dotted name, without decorators.

    Raises:
        BookError: there is nothing of this name.
    """
    parts = name.split(".")
    for k in range(len(parts) - 1, 0, -1):
        path = ROOT.joinpath(*parts[:k]).with_suffix(".py")
        if path.exists():
            text = path.read_text("utf-8")
            node = _inside(ast.parse(text), parts[k:])
            if node is not None:
                return path.relative_to(ROOT).as_posix(), _text(text, node, docstring)
    raise BookError(f"code: must be the dotted name of a function, class or method. Received: {name!r}.")


def anchor(public):
    """The label of a public name in the reference."""
    return f"api-{public}"


def cell(chapter, name):
    """A cell's code.

    Raises:
        BookError: the chapter has no such cell.
    """
    found = cells.read(chapter)
    if name not in found:
        raise BookError(f"cell: must be one of docs/book/{chapter}/cells.py. Received: {name!r}.")
    return found[name]


def drawn(stem, kind, alt, caption=""):
    """The HTML of a picture that is there for light and for dark, of which the page shows one."""
    pictures = "".join(
        f'<img class="only-{theme}" loading="lazy" alt="{escape(alt)}" src="{stem}-{theme}.{kind}">'
        for theme in ("light", "dark")
    )
    below = f"<figcaption>{escape(caption)}</figcaption>" if caption else ""
    return f'<figure class="drawn">{pictures}{below}</figure>'


def plain(text):
    """Text in which nothing but code between backticks means anything to Markdown."""
    special = re.compile(r"([\\*_\[\]<>$`#{}|])")
    pieces = re.split(r"(`[^`]*`)", text)
    return "".join(p if p.startswith("`") and len(p) > 1 else special.sub(r"\\\1", p) for p in pieces)


def _inside(tree, names):
    node = tree
    for name in names:
        inner = [n for n in node.body if getattr(n, "name", None) == name]
        if not inner or not hasattr(inner[0], "body"):
            return None
        node = inner[0]
    return node


def _text(text, node, docstring):
    lines = text.split("\n")[node.lineno - 1 : node.end_lineno]
    first = node.body[0]
    is_docstring = isinstance(first, ast.Expr) and isinstance(getattr(first.value, "value", None), str)
    if is_docstring and not docstring and len(node.body) > 1:
        begin, end = first.lineno - node.lineno, first.end_lineno - node.lineno + 1
        # With it goes the empty line below.
        end += end < len(lines) and not lines[end].strip()
        lines = lines[:begin] + lines[end:]
    return inspect.cleandoc("\n" + textwrap.dedent("\n".join(lines)))


def _code(text):
    return f"`{text}`" if text else ""

