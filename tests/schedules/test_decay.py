"""The smooth schedules: hand-worked rates, and staircases that change only at a period's end."""

import pytest

from tfnotes.schedules import ExponentialDecay, InverseTimeDecay


def test_hand_worked_rates():
    exponential, inverse = ExponentialDecay(0.5, 4, 0.25), InverseTimeDecay(0.6, 4, 0.5)
    assert [float(exponential(s)) for s in (0, 2, 4, 8)] == pytest.approx([0.5, 0.25, 0.125, 0.03125])
    assert [float(inverse(s)) for s in (0, 4, 8, 16)] == pytest.approx([0.6, 0.4, 0.3, 0.2])


@pytest.mark.parametrize("cls", [ExponentialDecay, InverseTimeDecay])
def test_a_staircase_stands_still_within_a_period(cls):
    smooth, staircase = cls(1.0, 4, 0.5), cls(1.0, 4, 0.5, staircase=True)
    assert [float(staircase(s)) for s in range(9)] == [float(smooth(s - s % 4)) for s in range(9)]


@pytest.mark.parametrize("cls", [ExponentialDecay, InverseTimeDecay])
def test_an_integer_is_a_rate_too(cls):
    assert float(cls(1, 2, 1)(1)) == float(cls(1.0, 2.0, 1.0)(1))
