"""Verdicts by rule: made-up numbers whose verdict a person can tell."""

import sys

import numpy as np
import pytest

from tfnotes.errors import InputError
from tfnotes.experiments import _verdicts
from tfnotes.experiments._verdicts import above, alike, below, decide, gains, interval, leads, matters, near, same

CLEAR = [0.9, 1.0, 1.1, 1.0, 1.0]
NOISE = [-1.0, 2.0, -0.5, 0.7, -1.1]


@pytest.mark.parametrize(("freedom", "t"), [(1, 12.70620474), (4, 2.77644511), (9, 2.26215716), (100, 1.98397152)])
def test_quantiles_are_those_of_the_printed_tables(freedom, t):
    assert _verdicts.t_quantile(freedom) == pytest.approx(t, rel=1e-8)


def test_interval_by_hand():
    # Of 1, 2, 3, 4, 5: mean 3, deviation root 2.5, half width 2.776445 * root(2.5 / 5).
    value, low, high, n, _ = interval([1, 2, 3, 4, 5])
    assert (value, n) == (3, 5)
    assert (low, high) == pytest.approx((3 - 1.963243, 3 + 1.963243), abs=1e-6)


def test_one_value_is_exact():
    assert interval([2.0]) == (2.0, 2.0, 2.0, 1, 0.0)


@pytest.mark.parametrize("wrong", [np.inf, -np.inf, np.nan])
def test_a_seed_that_is_no_number_decides_nothing(wrong):
    values = [1.0, 2.0, 1.5, wrong]
    for answer in (above(values, 0), below(values, 0), gains(values, 0.1), matters(values, 0.1), near(values, 0, 1)):
        assert answer.holds is None
    assert above([np.inf, np.inf], 0).holds is True


def test_interval_covers_the_mean_in_95_of_100_draws():
    rng = np.random.default_rng(0)
    draws = [interval(rng.normal(3, 2, 6)) for _ in range(2000)]
    covered = np.mean([i.low <= 3 <= i.high for i in draws])
    # Five standard errors of 0.0049.
    assert abs(covered - 0.95) < 0.025


def test_gains_want_the_whole_interval_past_the_minimum():
    assert gains(CLEAR, 0.5).holds is True
    assert gains(np.negative(CLEAR), 0.5).holds is False
    assert gains(CLEAR, 0.99).holds is None
    assert gains(CLEAR, 2).holds is None
    assert gains(NOISE, 0.01).holds is None
    assert gains([float("nan"), *CLEAR], 0.5).holds is None


def test_above_and_below():
    assert [above(CLEAR, t).holds for t in (0.8, 1.2, 1.0)] == [True, False, None]
    assert [below(CLEAR, t).holds for t in (0.8, 1.2, 1.0)] == [False, True, None]
    assert above(NOISE, 0).holds is None


def test_near_wants_all_of_it_inside_or_all_outside():
    assert [near(CLEAR, *t).holds for t in ((1, 0.2), (2, 0.2), (1, 0.01))] == [True, False, None]
    # Not to see a difference isn't to see that there is none.
    assert near(NOISE, 0, 0.5).holds is None


def test_same_takes_the_worst():
    assert same([0, 1e-13])
    assert not same([0, 0, -2e-12])


def test_what_matters_is_at_least_the_minimum():
    small = np.divide(CLEAR, 100)
    found = [matters(d, 0.5).holds for d in (CLEAR, np.negative(CLEAR), small, NOISE)]
    assert found == [True, False, False, None]


def test_leads_are_shown_or_shown_to_be_too_small():
    small = np.divide(CLEAR, 100)
    cases = (CLEAR, np.negative(CLEAR), small, NOISE)
    assert [leads(d, 0.5).holds for d in cases] == [True, False, False, None]
    assert [alike(d, 0.5).holds for d in cases] == [False, False, True, None]
    # A lead of less than the minimum counts if its interval reaches that far.
    assert leads(CLEAR, 1.05).holds is True
    assert [leads(d, 0.5).denied.holds for d in cases] == [False, True, True, None]


def test_an_answer_is_true_only_if_it_is_yes():
    assert [bool(gains(d, 0.5)) for d in (CLEAR, np.negative(CLEAR), NOISE)] == [True, False, False]


@pytest.mark.parametrize(("rule", "bounds", "sign"), [(gains, (0.5,), 1), (leads, (0.1,), 1), (below, (0.5,), -1)])
def test_what_a_design_would_have_found_it_finds_in_80_of_100_draws(rule, bounds, sign):
    rng = np.random.default_rng(0)
    values = rng.normal(0, 0.3, 8)
    answer = rule(values, *bounds)
    # Drawn as if the deviation that was measured were that of the source.
    draws = rng.normal(answer.power, answer.mean.deviation, (2000, 8))
    assert sign * (answer.power - answer.bound) > 0
    # Five standard errors of 0.009.
    assert np.mean([rule(d, *bounds).holds is True for d in draws]) == pytest.approx(0.8, abs=0.045)


def test_exact_values_have_no_power():
    assert above([2.0], 1).power is None
    assert above([2.0, np.nan], 1).power is None


def test_without_scipy_the_extra_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "scipy.stats", None)
    # What was asked before is known without it.
    _verdicts.t_quantile.cache_clear()
    with pytest.raises(InputError, match=r"scipy, of the extra `experiments`: pip install 'tfnotes\[experiments\]'"):
        interval([1.0, 2.0])
    assert interval([2.0]).value == 2


def test_each_verdict():
    right, wrong, unclear = gains(CLEAR, 0.5), gains(np.negative(CLEAR), 0.5), gains(NOISE, 0.5)
    assert decide({"a": right, "b": True})[:2] == ("CONFIRMED", ())
    assert decide({"a": right, "b": wrong})[:2] == ("QUALIFIED", ())
    assert decide({"a": wrong}, right=right)[:2] == ("REFUTED", ())
    assert decide({"a": right, "b, by step": unclear, "c": None})[:2] == ("INCONCLUSIVE", ("b, by step", "c"))
    assert decide({"a": right, "b": True}).answers == {"a": right}


@pytest.mark.parametrize("right", [False, None, gains(NOISE, 0.5)])
def test_nothing_is_refuted_before_the_right_statement_is_measured(right):
    assert decide({"a": False}, right=right)[:2] == ("INCONCLUSIVE", ("what is right instead",))
