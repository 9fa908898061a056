"""A chapter's cells run once, and again when what they depend on has changed."""

import pytest

from website import cells
from website.chapters import BookError


def test_cells_are_read_by_their_ids(book):
    assert cells.read("01_small") == {
        "setup": "base = 3",
        "worked": "print(base + 1)",
        "quiet": "base = 10",
        "relu-answer": "print(base + 2)",
    }


@pytest.mark.parametrize("code", ["# %% one\nx = 1\n\n# %% one\nx = 2\n", "# %% one\nx = 1\n\n# %%\nx = 2\n"])
def test_each_cell_has_an_id_of_its_own(book, code):
    book.write("cells.py", code)
    with pytest.raises(BookError, match="must have an id of its own"):
        cells.read("01_small")


def test_what_cells_print_and_draw_is_kept(book, tmp_path):
    code = """
    # %% setup
    import matplotlib.pyplot as plt

    # %% drawn
    figure, axes = plt.subplots(figsize=(2, 1))
    axes.plot([0, 1])
    print("drawn")
    """
    book.write("cells.py", code)
    cells.run("01_small", cells.KEPT / "01_small")
    found = cells.outputs("01_small")
    assert found["drawn"] == {"text": "drawn\n", "figures": ["drawn-1"]}
    light, dark = ((cells.KEPT / "01_small" / f"drawn-1-{t}.svg").read_text() for t in ("light", "dark"))
    assert light != dark
    assert light.replace("#1f2328", "#e6edf3").replace("#d1d9e0", "#3d444d") == dark


def test_cells_are_fresh_until_they_change(book):
    assert not cells.fresh("01_small")
    cells.run("01_small", cells.KEPT / "01_small")
    assert cells.fresh("01_small")
    assert cells.outputs("01_small")["relu-answer"]["text"] == "12\n"
    book.write("cells.py", "# %% setup\nbase = 4\n")
    assert not cells.fresh("01_small")


def test_a_cell_that_fails_is_named_and_nothing_is_kept(book):
    book.write("cells.py", "# %% fine\nx = 1\n\n# %% broken\ny = 1\nx / 0\n")
    with pytest.raises(BookError, match=r"the cell broken failed. ZeroDivisionError in its line 2: division by zero"):
        cells.run("01_small", cells.KEPT / "01_small")
    assert not (cells.KEPT / "01_small").exists()
