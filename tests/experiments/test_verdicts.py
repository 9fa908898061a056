"""Verdicts by rule: made-up numbers whose verdict a person can tell."""

import numpy as np
import pytest

from tfnotes.experiments import _verdicts
from tfnotes.experiments._verdicts import above, below, decide, gains, interval, matters, near, same

CLEAR = [0.9, 1.0, 1.1, 1.0, 1.0]
NOISE = [-1.0, 2.0, -0.5, 0.7, -1.1]


@pytest.mark.parametrize(("freedom", "t"), [(1, 12.70620474), (4, 2.77644511), (9, 2.26215716), (100, 1.98397152)])
def test_quantiles_are_those_of_the_printed_tables(freedom, t):
    assert _verdicts.t_quantile(freedom) == pytest.approx(t, rel=1e-8)


def test_interval_by_hand():
    # Of 1, 2, 3, 4, 5: mean 3, deviation root 2.5, half width 2.776445 * root(2.5 / 5).
    value, low, high, n = interval([1, 2, 3, 4, 5])
    assert (value, n) == (3, 5)
    assert (low, high) == pytest.approx((3 - 1.963243, 3 + 1.963243), abs=1e-6)


def test_one_value_is_exact():
    assert interval([2.0]) == (2.0, 2.0, 2.0, 1)


@pytest.mark.parametrize("wrong", [np.inf, -np.inf, np.nan])
def test_a_seed_that_is_no_number_decides_nothing(wrong):
    values = [1.0, 2.0, 1.5, wrong]
    for answer in (above(values, 0), below(values, 0), gains(values, 0.1), matters(values, 0.1), near(values, 0, 1)):
        assert answer is None
    assert above([np.inf, np.inf], 0) is True


def test_interval_covers_the_mean_in_95_of_100_draws():
    rng = np.random.default_rng(0)
    draws = [interval(rng.normal(3, 2, 6)) for _ in range(2000)]
    covered = np.mean([low <= 3 <= high for _, low, high, _ in draws])
    # Five standard errors of 0.0049.
    assert abs(covered - 0.95) < 0.025


def test_gains_want_the_whole_interval_past_the_minimum():
    assert gains(CLEAR, 0.5) is True
    assert gains(np.negative(CLEAR), 0.5) is False
    assert gains(CLEAR, 0.99) is None
    assert gains(CLEAR, 2) is None
    assert gains(NOISE, 0.01) is None
    assert gains([float("nan"), *CLEAR], 0.5) is None


def test_above_and_below():
    assert (above(CLEAR, 0.8), above(CLEAR, 1.2), above(CLEAR, 1.0)) == (True, False, None)
    assert (below(CLEAR, 0.8), below(CLEAR, 1.2), below(CLEAR, 1.0)) == (False, True, None)
    assert above(NOISE, 0) is None


def test_near_wants_all_of_it_inside_or_all_outside():
    assert (near(CLEAR, 1, 0.2), near(CLEAR, 2, 0.2), near(CLEAR, 1, 0.01)) == (True, False, None)
    # Not to see a difference isn't to see that there is none.
    assert near(NOISE, 0, 0.5) is None


def test_same_takes_the_worst():
    assert same([0, 1e-13])
    assert not same([0, 0, -2e-12])


def test_what_matters_is_at_least_the_minimum():
    small = np.divide(CLEAR, 100)
    assert [matters(d, 0.5) for d in (CLEAR, np.negative(CLEAR), small, NOISE)] == [True, False, False, None]


def test_each_verdict():
    right, wrong, unclear = gains(CLEAR, 0.5), gains(np.negative(CLEAR), 0.5), gains(NOISE, 0.5)
    assert decide({"a": right, "b": right}) == ("CONFIRMED", ())
    assert decide({"a": right, "b": wrong}) == ("QUALIFIED", ())
    assert decide({"a": wrong}, right=right) == ("REFUTED", ())
    assert decide({"a": right, "b, by step": unclear, "c": unclear}) == ("INCONCLUSIVE", ("b, by step", "c"))


@pytest.mark.parametrize("right", [False, None])
def test_nothing_is_refuted_before_the_right_statement_is_measured(right):
    assert decide({"a": False}, right=right) == ("INCONCLUSIVE", ("what is right instead",))
