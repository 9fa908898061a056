"""Mutants of find and book: what fits, in which order, and which page it is."""

from tests.mutants import Mutant

INDEX, BOOK, FOUND = "tfnotes/cli/_index.py", "tfnotes/cli/book.py", ("tests/cli/test_find.py",)
LANGUAGE = ("tests/test_language.py",)

MUTANTS = [
    Mutant(INDEX, "return 2 if all(word in said", "return 2 if any(word in said", FOUND),
    Mutant(INDEX, "    if whole in names or", "    if False and whole in names or", FOUND),
    Mutant(INDEX, "if term.concept is None or term.concept in shown:", "if term.concept is None:", FOUND),
    Mutant(INDEX, 'if labels or line.startswith("# "):', "if True:", FOUND),
    Mutant(INDEX, "labels[0] if labels", "labels[-1] if labels", FOUND),
    Mutant(BOOK, "if label in labels:", "if False:", FOUND),
    Mutant(BOOK, "name.zfill(2)", "name", FOUND),
    Mutant(BOOK, "if not webbrowser.open(address):", "if webbrowser.open(address):", FOUND),
    Mutant(
        "tfnotes/language.py",
        'return Words(filled("en"), filled("zh"))',
        'return Words(filled("en"), self.zh)',
        LANGUAGE,
    ),
]
