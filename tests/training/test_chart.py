"""The chart's points stand where the numbers say."""

import numpy as np
import pytest

from tfnotes.training.chart import chart

RED, BLUE = (200, 0, 0), (0, 0, 200)


def rows_of(picture, color, column):
    return np.flatnonzero((np.asarray(picture)[:430, column] == color).all(-1))


def test_curves_stand_where_the_numbers_say():
    picture = chart([("a", "#c80000", 3, [1, 2, 3], [0, 0.2, 1]), ("b", "#0000c8", 1, [1, 3], [1, 0])], "title")
    assert picture.size == (800, 480)
    # From 70 to 780 across, from 430 up to 40.
    for column, height in ((100, 0.2 * 30 / 355), (425, 0.2), (700, 0.2 + 0.8 * 275 / 355)):
        assert rows_of(picture, RED, column).mean() == pytest.approx(430 - 390 * height, abs=3)
    assert rows_of(picture, BLUE, 100).mean() == pytest.approx(40 + 390 * 30 / 710, abs=3)


def test_a_single_point_stands_in_the_middle():
    picture = chart([("a", "#c80000", 3, [1], [0.25])], "")
    assert rows_of(picture, RED, 425).mean() == pytest.approx(235, abs=2)
    assert not len(rows_of(picture, RED, 100))
