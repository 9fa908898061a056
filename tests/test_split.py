"""Examples in memory, and how images stand side by side."""

import numpy as np
import pytest

from tfnotes import _markdown, _tiles
from tfnotes.task import Split

SPLIT = Split(np.arange(10, 17), np.arange(7) % 3)


def content(split):
    assert isinstance(split, Split)
    return split.x.tolist(), split.y.tolist()


def test_rows_are_taken_in_the_order_asked_for():
    assert content(SPLIT.take([4, 0])) == ([14, 10], [1, 0])
    assert content(SPLIT.take(slice(1, 3))) == ([11, 12], [1, 2])
    assert content(SPLIT.select(np.array([0, 5]))) == ([10, 15], [0, 2])
    assert len(SPLIT) == 7


def test_joined_the_other_comes_behind():
    assert content(SPLIT.take([0]).joined(SPLIT.take([5, 6]))) == ([10, 15, 16], [0, 2, 0])


@pytest.mark.parametrize(("size", "sizes"), [(3, [3, 3, 1]), (7, [7]), (9, [7]), (1, [1] * 7)])
def test_chunks_are_all_of_it(size, sizes):
    chunks = list(SPLIT.chunks(size))
    assert [len(chunk) for chunk in chunks] == sizes
    assert np.concatenate([chunk.x for chunk in chunks]).tolist() == SPLIT.x.tolist()
    assert np.concatenate([chunk.y for chunk in chunks]).tolist() == SPLIT.y.tolist()


def test_images_stand_in_rows_with_lines_between():
    images = np.arange(1, 4, dtype="float32")[:, None, None] * np.ones((1, 1, 2), "float32")
    line, empty = 0.5, 9
    assert _tiles.tiled(images, 2, empty=empty).tolist() == [
        [1, 1, line, 2, 2],
        [line] * 5,
        [3, 3, line, empty, empty],
    ]
    assert _tiles.tiled(images, 2).tolist()[-1] == [3, 3, 0.5, 0, 0]
    assert _tiles.tiled(images, 2, line=None).tolist() == [[1, 1, 2, 2], [3, 3, 0, 0]]
    assert _tiles.tiled(images, 3, line=None).tolist() == [[1, 1, 2, 2, 3, 3]]
    coloured = np.arange(12, dtype="uint8").reshape(2, 1, 2, 3)
    found = _tiles.tiled(coloured, 1, line=None)
    assert (found.dtype, found.tolist()) == (np.uint8, coloured.reshape(2, 2, 3).tolist())


def test_a_bar_stays_in_its_cell():
    assert _markdown.row(["a", "|x| + |y|", ""]) == "| a | \\|x\\| + \\|y\\| |  |"
