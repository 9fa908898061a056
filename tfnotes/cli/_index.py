"""What can be looked up: concepts, models, claims, terms and the book's headings, by any of their names.

All of it is read from files as they stand, as importing the concepts takes seconds.
"""

import re
from dataclasses import dataclass, field
from pathlib import Path

import tfnotes
from tfnotes.language import Words

PACKAGE = Path(tfnotes.__file__).parent
# Where tfnotes is used from its source, the book stands beside it.
BOOK = PACKAGE.parent / "docs" / "book"

_CHINESE = re.compile(r"\(([\u4e00-\u9fff].*?)\)")


@dataclass(frozen=True)
class Entry:
    """Something that has a name.

    Attributes:
        kind: "concept", "model", "term", "claim" or "chapter".
        name: by which commands know it.
        title: what it is called, in both languages.
        spellings: all its names.
        text: one sentence that says what it is.
        command: what shows it.
    """

    kind: str
    name: str
    title: Words
    command: str
    spellings: tuple[str, ...] = ()
    text: Words = field(default_factory=lambda: Words("", ""))

    def rank(self, words):
        """How well it fits: 0 is its very name, 1 words of its names, 2 words of its text; None if it doesn't fit."""
        whole = " ".join(words)
        names = [name.lower() for name in (self.name, self.title.en, self.title.zh, *self.spellings)]
        if whole in names or whole.replace(" ", "_") in names:
            return 0
        if all(any(word in name for name in names) for word in words):
            return 1
        said = " ".join((*names, self.text.en, self.text.zh)).lower()
        return 2 if all(word in said for word in words) else None


def entries():
    """All of them: concepts, models, terms, chapters, claims."""
    return [*_concepts(), *_models(), *_terms(), *chapters(), *_claims()]


def find(words):
    """The entries that fit words, the best first."""
    words = " ".join(words).lower().split()
    ranked = [(entry.rank(words), entry) for entry in entries()] if words else []
    return [entry for rank, entry in sorted((r for r in ranked if r[0] is not None), key=lambda r: r[0])]


def meant(words):
    """The end of a sentence about words that nothing is called: names that are spelled almost like them, if any are."""
    near = _near(words)
    return f"; did you mean {' or '.join(near)}?" if near else "."


def _near(words):
    import difflib

    # Sentences aren't names.
    named = [(e.name, *e.spellings, *(() if e.kind == "claim" else (e.title.en, e.title.zh))) for e in entries()]
    spelled = {spelling.lower(): spelling for spellings in named for spelling in spellings}
    return [spelled[name] for name in difflib.get_close_matches(" ".join(words).lower(), spelled, n=5)]


def sources():
    """The files of the package's folders that a concept or a model may have, each with its text."""
    return ((path, path.read_text("utf-8")) for path in sorted(PACKAGE.glob("*/[a-z]*.py")))


def _concepts():
    import ast

    from tfnotes import glossary

    for path, text in sources():
        if "\n@concept(" not in text:
            continue
        said = _registered(ast.parse(text))
        terms = [term for term in glossary.terms() if term.concept == path.stem]
        spellings = (*said.get("aliases", ()), *(terms[0].spellings if terms else ()))
        about = Words(terms[0].definition_en, terms[0].definition_zh) if terms else Words("", "")
        name = f"{path.parent.name}.{path.stem}"
        title = Words(said["en"], said["zh"])
        yield Entry("concept", name, title, f"tfnotes show {name}", (path.stem, *spellings), about)


def _registered(tree):
    """The texts among the arguments of a file's `@concept(...)`."""
    import ast

    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "concept":
            wanted = (k for k in node.keywords if k.arg in ("en", "zh", "aliases"))
            return {k.arg: ast.literal_eval(k.value) for k in wanted}
    raise ValueError("registry: `@concept` must stand in the file.")


def _models():
    import ast

    for path in sorted((PACKAGE / "models").glob("[a-z]*.py")):
        tree = ast.parse(path.read_text("utf-8"))
        made = [node for node in tree.body if isinstance(node, (ast.FunctionDef, ast.ClassDef))]
        builder = next((node for node in made if node.name == path.stem), None)
        if builder is None:
            continue
        said = [ast.get_docstring(node) or "" for node in (builder, *(n for n in made if isinstance(n, ast.ClassDef)))]
        chinese = _CHINESE.findall(" ".join(said))
        first = said[0].partition("\n")[0]
        title = Words(path.stem.replace("_", " "), chinese[0] if chinese else path.stem)
        yield Entry("model", path.stem, title, f"tfnotes show {path.stem}", tuple(chinese), Words(first, first))


def _terms():
    from tfnotes import glossary

    shown = set()
    for term in glossary.terms():
        # The first term of a concept is that concept's own.
        if term.concept is None or term.concept in shown:
            name = term.concept or term.en
            command = f"tfnotes show {term.concept}" if term.concept else ""
            about = Words(term.definition_en, term.definition_zh)
            yield Entry("term", name, Words(term.en, term.zh), command, term.spellings, about)
        shown.add(term.concept)


def chapters():
    """The headings of the book, where it stands beside the package; a section's name is its label."""
    for folder in sorted(BOOK.glob("[0-9]*_*")):
        english, chinese = (_headings(folder / f"{language}.md") for language in ("en", "zh"))
        for label in english:
            title = Words(english[label], chinese.get(label, english[label]))
            name = label or folder.name
            yield Entry("chapter", name, title, f"tfnotes book {name}", (folder.name,) if not label else ())


def _headings(path):
    """The headings of a chapter by their first label; the title's is ""."""
    found: dict[str, str] = {}
    labels: list[str] = []
    for line in path.read_text("utf-8").splitlines() if path.exists() else ():
        if label := re.fullmatch(r"\(([\w.-]+)\)=", line):
            labels.append(label[1])
        elif heading := re.fullmatch(r"##? (.+)", line):
            if labels or line.startswith("# "):
                found[labels[0] if labels else ""] = heading[1]
            labels = []
    return found


def _claims():
    from tfnotes.experiments import ledger

    for entry in ledger.recorded().values():
        title = Words(entry["statement_en"], entry["statement_zh"])
        told = Words(entry["condition_en"], entry["condition_zh"])
        yield Entry("claim", entry["id"], title, f"tfnotes claims {entry['id']}", (), told)
