"""Mutants of the site's builder: what it must notice, and what it must keep."""

from tests.mutants import Mutant

CHAPTERS, CELLS, BLOCKS = "website/chapters.py", "website/cells.py", "website/blocks.py"
BUILD, GUIDES, LINES = "website/build.py", "website/guides.py", "website/lines.py"
NOTEBOOKS, REFERENCE = "website/notebooks.py", "website/reference.py"

TWINS, RUNS = ("tests/website/test_chapters.py",), ("tests/website/test_cells.py",)
WORDS, WRITTEN = ("tests/website/test_blocks.py",), ("tests/website/test_notebooks.py::test_a_notebook_is_the_chapter",)
PAGES, JOINED = ("tests/website/test_pages.py",), ("tests/website/test_lines.py",)
ALONE = ("tests/website/test_build.py",)

MUTANTS = [
    Mutant(CHAPTERS, "range(max(map(len, built.values())))", "range(min(map(len, built.values())))", TWINS),
    Mutant(CHAPTERS, "if en[:2] != zh[:2]:", "if en[:1] != zh[:1]:", TWINS),
    Mutant(CHAPTERS, "if not follows or follows[1] != expected:", "if not follows:", TWINS),
    Mutant(CHAPTERS, "if len(where) > 1}", "if len(where) > 2}", TWINS),
    Mutant(CHAPTERS, "for claim in known if claim not in found", "for claim in found if claim not in known", TWINS),
    Mutant(CELLS, "digest(ROOT / name) == found", "True", RUNS),
    Mutant(CELLS, "if not name or name in found:", "if not name:", RUNS),
    Mutant(CELLS, "raise BookError(f\"docs/book/{chapter}/cells.py: the cell", "print(f\"{chapter}: the cell", RUNS),
    Mutant(BLOCKS, "if is_docstring and not docstring", "if is_docstring and docstring", WORDS),
    Mutant(BLOCKS, 'if entry["verdict"] == verdict:', "if True:", WORDS),
    Mutant(BLOCKS, "if len(found) == 1:", "if found:", WORDS),
    Mutant(NOTEBOOKS, "if hidden not in placed and hidden not in shown:", "if False:", WRITTEN),
    Mutant(NOTEBOOKS, "        if label not in labels:\n            return words\n", "", WRITTEN),
    Mutant(NOTEBOOKS, "text = lines.joined_markdown(text)", "pass", WRITTEN),
    Mutant(LINES, "reversed(chapters.paragraphs(text))", "chapters.paragraphs(text)", JOINED),
    Mutant(LINES, "(?<={WIDE})\\n *|", "", JOINED),
    Mutant(GUIDES, "if not path.exists():", "if False:", PAGES),
    Mutant(BUILD, "fcntl.flock(lock, fcntl.LOCK_EX)", "pass", ALONE),
    Mutant(BLOCKS, "languages.words(found['differences'])[language]", "found['differences']", WORDS),
    Mutant("tfnotes/language.py", "chinese().get(english, english)", "english", ("tests/cli/test_tasks.py",)),
    Mutant(REFERENCE, 'entries[-1] += f" {row.strip()}"', "continue", WORDS),
]
