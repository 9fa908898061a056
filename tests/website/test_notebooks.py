"""A chapter's notebook runs from the file as it is written; `make test-book` runs all of them."""

import os
import subprocess
import sys

import nbformat
import pytest

from website import blocks, chapters, notebooks

RUN = """
import sys, nbformat
space = {"__name__": "__main__"}
for cell in nbformat.read(sys.argv[1], as_version=4).cells:
    if cell.cell_type == "code":
        exec(compile(cell.source, cell.metadata.name, "exec"), space)
"""
CHOSEN = chapters.names() if os.environ.get("TFNOTES_ALL_NOTEBOOKS") else ["01_neuron"]


def test_a_notebook_is_the_chapter(book):
    made = notebooks.notebook(blocks.Book("zh", {"concepts": {}}), "01_small", {"relu": "01_small"})
    nbformat.validate(made)
    assert [c.source for c in made.cells if c.cell_type == "code"] == [
        "base = 3",
        "print(base + 1)",
        # The text doesn't show this one, and the next one needs it.
        "base = 10",
        "print(base + 2)",
    ]
    words = "\n".join(c.source for c in made.cells if c.cell_type == "markdown")
    assert words.startswith("# A chapter")
    assert "文字 with [a link](#relu) and another." in words
    assert "两行的一段" in words
    assert '<a id="relu"></a>' in words
    assert "def relu_by_definition(" in words
    assert "有条件成立" in words
    assert "{cell}" not in words


def test_each_cell_stands_once_a_hidden_one_before_the_first_that_needs_it(book):
    shown = "# A chapter\n\n" + "".join(f"```{{cell}} {name}\n```\n" for name in ("relu-answer", "last", "worked"))
    book(shown)
    with (book.folder / "cells.py").open("a", encoding="utf-8") as cells:
        cells.write("\n# %% last\nprint(base + 3)\n")
    made = notebooks.notebook(blocks.Book("en", {"concepts": {}}), "01_small", {})
    # The text shows `worked` later, so it isn't hidden; `quiet` is, and two need it.
    names = [c.metadata.name for c in made.cells if c.cell_type == "code"]
    assert names == ["setup", "quiet", "relu-answer", "last", "worked"]


@pytest.mark.parametrize("chapter", CHOSEN)
def test_notebooks_run(chapter, concepts, tmp_path):
    for language in ("en", "zh"):
        notebooks.write(tmp_path / language, blocks.Book(language, {"concepts": concepts}), [chapter])
    files = [tmp_path / language / f"{chapter}.ipynb" for language in ("en", "zh")]
    codes = [[c.source for c in nbformat.read(f, as_version=4).cells if c.cell_type == "code"] for f in files]
    assert codes[0] == codes[1]
    # What runs in one language runs in the other: the code is the same.
    child = subprocess.run(
        [sys.executable, "-c", RUN, files[0]],
        env={**os.environ, "MPLBACKEND": "Agg"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert child.returncode == 0, child.stderr[-2000:]
