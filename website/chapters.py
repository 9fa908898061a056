"""The chapters' sources: which there are, what they are made of, and whether the twins agree."""

import hashlib
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from markdown_it import MarkdownIt
from mdit_py_plugins.amsmath import amsmath_plugin
from mdit_py_plugins.dollarmath import dollarmath_plugin
from mdit_py_plugins.front_matter import front_matter_plugin
from mdit_py_plugins.myst_blocks import myst_block_plugin

from website.words import LANGUAGES, other

ROOT = Path(__file__).resolve().parents[1]
BOOK = ROOT / "docs" / "book"

# Made by `make site-models`.
WIDGETS = ROOT / "build" / "site-models"


class BookError(Exception):
    """What is wrong with a source, in one sentence."""


@dataclass(frozen=True)
class Part:
    """A piece of a chapter: "text", "label" or a directive.

    Attributes:
        kind: "text", "label", or the directive's name.
        argument: of a directive; a label's name.
        options: of a directive.
        body: the text, or a directive's content.
        line: where it begins, from 1.
    """

    kind: str
    argument: str = ""
    options: tuple[tuple[str, str], ...] = ()
    body: str = ""
    line: int = 1


def names():
    """The folders of chapters, in order; the front page isn't one."""
    return sorted(folder.name for folder in BOOK.glob("[0-9][0-9]_*") if folder.is_dir())


def source(name, language):
    """The Markdown file of a chapter or of "index"."""
    return BOOK / name / f"{language}.md"


def read(name, language):
    """The text of a page.

    Raises:
        BookError: there is none in this language.
    """
    path = source(name, language)
    if not path.exists():
        raise BookError(f"docs/book/{name}: {language}.md is missing, the twin of {other(language)}.md.")
    return path.read_text("utf-8")


# Checks, pages, notebooks and labels all ask for those of the same texts.
@cache
def parts(text):
    """A page's `Part`s, in order."""
    lines, found, done = text.split("\n"), [], 0
    for token in _markdown().parse(text):
        if token.level or not token.map:
            continue
        begin, end = token.map
        directive = re.match(r"\{([\w-]+)\}\s*(.*)", token.info) if token.type == "fence" else None
        if not (directive or token.type in ("myst_target", "front_matter")):
            continue
        if any(line.strip() for line in lines[done:begin]):
            found.append(Part("text", body="\n".join(lines[done:begin]).strip("\n"), line=done + 1))
        done = end
        if directive:
            options, body = _options(token.content)
            found.append(Part(directive[1], directive[2].strip(), options, body, begin + 1))
        elif token.type == "myst_target":
            found.append(Part("label", token.content, line=begin + 1))
    if any(line.strip() for line in lines[done:]):
        found.append(Part("text", body="\n".join(lines[done:]).strip("\n"), line=done + 1))
    return tuple(found)


def paragraphs(text):
    """Where paragraphs stand, in order: pairs of the first line, from 0, and the one behind the last."""
    return [tuple(token.map) for token in _markdown().parse(text) if token.type == "inline" and token.map]


def placed(kind, chosen, language):
    """Where the parts of a kind stand: a dict from their arguments to one of the chosen chapters."""
    return {
        part.argument: name for name in chosen for part in parts(read(name, language)) if part.kind == kind
    }


def check_twins(name):
    """Compares a page with its twin.

    Raises:
        BookError: one is missing, they are built otherwise, or the Chinese is older than the English.
    """
    texts = {language: read(name, language) for language in LANGUAGES}
    built = {
        language: [(p.kind, p.argument, p.line) for p in parts(text) if p.kind != "text"]
        for language, text in texts.items()
    }
    for k in range(max(map(len, built.values()))):
        en, zh = (rows[k] if k < len(rows) else ("the end", "", 0) for rows in built.values())
        if en[:2] != zh[:2]:
            raise BookError(
                f"docs/book/{name}: the twins must have the same labels and directives in the same order; en.md has "
                f"{_called(en)} where zh.md has {_called(zh)}."
            )
    expected = hashlib.sha256(texts["en"].encode()).hexdigest()[:12]
    follows = re.match(r"---\n(?:.*\n)*?follows: *[\"']?(\w+)[\"']?\n(?:.*\n)*?---\n", texts["zh"])
    if not follows or follows[1] != expected:
        received = follows[1] if follows else "nothing"
        raise BookError(
            f"docs/book/{name}/zh.md: `follows` must be {expected}, of the en.md that it was last held against; look "
            f"at what has changed there first. Received: {received}."
        )


def title(text):
    """A page's heading, without markup."""
    found = re.search(r"^# (.+)$", text, re.MULTILINE)
    return found[1].strip() if found else ""


def check_claims(known):
    """Whether each claim stands in exactly one chapter.

    Args:
        known: the ids of all claims.

    Raises:
        BookError: one stands nowhere, or twice.
    """
    found = {}
    for name in names():
        for part in parts(read(name, "en")):
            if part.kind == "claim":
                found.setdefault(part.argument, []).append(name)
    twice = {claim: where for claim, where in found.items() if len(where) > 1}
    if twice:
        claim, where = next(iter(twice.items()))
        raise BookError(f"docs/book: the claim {claim} must be placed once. Received: in {', '.join(where)}.")
    missing = [claim for claim in known if claim not in found]
    if missing:
        raise BookError(f"docs/book: every claim must be placed in a chapter; missing: {', '.join(missing)}.")


def _called(part):
    kind, argument, line = part
    name = f"({argument})=" if kind == "label" else f"{{{kind}}} {argument}".strip() if line else kind
    return f"{name} (line {line})" if line else name


def _options(content):
    lines = content.split("\n")
    options = []
    while lines and (found := re.match(r":([\w-]+):\s*(.*)$", lines[0])):
        options.append((found[1], found[2].strip()))
        lines.pop(0)
    return tuple(options), "\n".join(lines).strip("\n")


def _markdown():
    made = MarkdownIt("commonmark").enable("table")
    for plugin in (front_matter_plugin, myst_block_plugin, dollarmath_plugin, amsmath_plugin):
        made.use(plugin)
    return made
