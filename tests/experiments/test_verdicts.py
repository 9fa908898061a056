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
    # Across either end.
    assert [near(CLEAR, target, 0.5).holds for target in (0.5, 1.5)] == [None, None]


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


@pytest.mark.parametrize(
    ("rule", "bounds", "bound", "below_it"),
    [
        *((gains, (0.5,), 0.5, False), (matters, (0.5,), 0.5, False), (leads, (0.5,), 0, False)),
        *((alike, (0.5,), 0, False), (above, (0.5,), 0.5, False), (below, (0.5,), 0.5, True)),
        (near, (2.0, 0.5), 2.5, False),
    ],
)
def test_an_answer_keeps_what_it_was_judged_by(rule, bounds, bound, below_it):
    # Ahead, behind, small, open: each branch has the same to tell.
    for values in (CLEAR, np.negative(CLEAR), np.divide(CLEAR, 100), NOISE):
        for level in (0.05, 0.5):
            answer = rule(values, *bounds, level=level)
            assert (answer.mean, answer.bound, answer.level, answer.below) == (
                *(interval(values, level), bound, level, below_it),
            )
        assert rule(values, *bounds) == rule(values, *bounds, level=0.05)
        assert (answer.most, answer.needed) == (None, None)


@pytest.mark.parametrize(
    ("rule", "bounds", "answers"),
    [
        (gains, (0.5,), {0.5: True, 0.49: None, -0.49: None, -0.5: False}),
        (near, (1.0, 0.5), {0.5: True, 1.5: True, 0.49: False, 1.51: False}),
        (leads, (0.5,), {0.5: True, 0.25: False, 0.49: False, 0.0: False, -0.49: False, -0.5: False}),
        (alike, (0.5,), {0.5: False, 0.49: True, -0.49: True, -0.5: False}),
        (above, (0.5,), {0.5: None, 0.51: True, 0.49: False}),
        (below, (0.5,), {0.5: None, 0.51: False, 0.49: True}),
        (matters, (0.5,), {0.51: True, 0.49: False, -0.51: False}),
    ],
)
def test_exact_values_on_the_bounds(rule, bounds, answers):
    assert {value: rule([value], *bounds).holds for value in answers} == answers


def test_what_differs_by_the_tolerance_is_the_same():
    assert same([1e-12])
    assert not same([1.1e-12])
    assert same([-0.5, 0.25], 0.5)
    assert not same([0.0, 0.51], 0.5)
    assert isinstance(same(np.zeros(2)), bool)


def test_intervals_of_other_levels_and_of_equal_values():
    wide, usual = interval([1, 2, 3, 4, 5], 0.01), interval([1, 2, 3, 4, 5])
    # t(0.995, 4) is 4.604095.
    assert (wide.high - 3) / (usual.high - 3) == pytest.approx(4.604095 / 2.776445, rel=1e-6)
    assert usual.deviation == pytest.approx(2.5**0.5)
    assert interval([2.0, 2.0, 2.0]) == (2.0, 2.0, 2.0, 3, 0.0)
    mean, low, high, n, deviation = interval([1.0, np.nan])
    assert (n, all(map(np.isnan, (mean, low, high, deviation)))) == (2, True)
    # Of infinite values that are all alike, the value.
    assert interval([np.inf, np.inf]) == (np.inf, np.inf, np.inf, 2, 0.0)
    assert _verdicts.VERDICTS == ("CONFIRMED", "QUALIFIED", "REFUTED", "INCONCLUSIVE")
    assert (_verdicts.LEVEL, _verdicts.FOUND) == (0.05, 0.8)


def test_power_by_hand():
    # Of two values t has one degree of freedom; of many it is nearly normal: 1.96 + 0.84 standard errors.
    assert _verdicts.shift(2000) == pytest.approx(1.959964 + 0.841621, rel=2e-3)
    assert _verdicts.shift(2000, 0.01, 0.5) == pytest.approx(2.575829, rel=2e-3)
    from scipy import stats

    past = stats.t.isf(0.025, 2)
    assert stats.nct.sf(past, 2, _verdicts.shift(3)) == pytest.approx(0.8, abs=1e-6)
    answer = above([1.0, 2.0, 3.0], 5.0)
    expected = _verdicts.shift(3) / 3**0.5
    assert answer.power == pytest.approx(5 + expected)
    assert below([1.0, 2.0, 3.0], 5.0).power == pytest.approx(5 - expected)
    more = _verdicts.replace(answer, most=12, level=0.01)
    assert more.power == pytest.approx(5 + _verdicts.shift(12, 0.01) / 12**0.5)
