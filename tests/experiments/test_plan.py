"""Plans: looks that pay for each other, by simulation; stopping, and what is still needed."""

import dataclasses

import numpy as np
import pytest

from tfnotes.experiments import _experiment, run
from tfnotes.experiments._plan import Plan
from tfnotes.experiments._verdicts import decide, gains, interval

PLAN = Plan((8, 16, 32), 1.0, "made up")
REPETITIONS = 2000


def answered(plan, effect, deviation=1.0, seed=0):
    """How often repetitions end in each answer: yes, no (a difference too small), no (behind), none."""
    draws = np.random.default_rng(seed).normal(effect, deviation, (REPETITIONS, plan.looks[-1]))
    found = [plan.leads(d) for d in draws]
    behind = [a.holds is False and a.mean.high < 0 for a in found]
    return (
        np.mean([a.holds is True for a in found]),
        np.mean([a.holds is False for a in found]) - np.mean(behind),
        np.mean(behind),
        np.mean([a.holds is None for a in found]),
    )


def error(share):
    return (share * (1 - share) / REPETITIONS) ** 0.5


@pytest.mark.parametrize("deviation", [1.0, 100.0])
def test_without_an_effect_at_most_5_of_100_repetitions_find_one(deviation):
    # With the larger deviation no look can show that there is none, and all looks are taken.
    ahead, small, behind, _ = answered(PLAN, 0.0, deviation)
    assert ahead + behind <= 0.05 + 3 * error(0.05)
    if deviation == 100:
        # And not far fewer: what the looks pay for each other isn't wasted.
        assert ahead + behind >= 0.03
        assert small == 0
    else:
        assert small > 0.95


def test_looking_again_without_paying_would_find_more():
    draws = np.random.default_rng(0).normal(0, 1, (REPETITIONS, 32))
    looks = [[interval(d[:n]) for n in PLAN.looks] for d in draws]
    assert np.mean([any(i.low > 0 or i.high < 0 for i in of) for of in looks]) > 0.08


def test_the_least_effect_is_found_and_seldom_taken_for_none():
    ahead, small, _, _ = answered(PLAN, 1.0)
    assert ahead > 0.95
    assert small <= 0.025 + 3 * error(0.025)


def test_half_of_the_least_effect_is_decided_either_way():
    ahead, small, behind, none = answered(PLAN, 0.5)
    assert none < 0.05
    assert ahead > 0.3
    assert small > 0.3
    assert behind < 0.005


def test_a_large_effect_needs_the_first_look_alone():
    found = [PLAN.leads(d) for d in np.random.default_rng(0).normal(3, 1, (200, 32))]
    assert np.mean([a.mean.n for a in found]) < 9


def test_levels_add_up_and_another_number_of_seeds_is_one_look():
    assert PLAN.seen(32) == [(8, 0.0125), (16, 0.0125), (32, 0.025)]
    assert PLAN.seen(16) == PLAN.seen(32)[:2]
    assert PLAN.at(16) is PLAN
    assert PLAN.at(5).seen(5) == [(5, 0.05)]
    assert PLAN.at(5).minimum == 1


def test_a_decision_stands_whatever_comes_later():
    d = np.r_[np.full(8, 2.0) + 0.1 * np.arange(8), np.tile([-9.0, 9.0], 12)]
    assert PLAN.leads(d).holds is True
    assert PLAN.leads(d).mean.n == 8
    assert PLAN.leads(d[::-1]).holds is None


def test_what_would_decide_it_decides_it():
    # Mean 0.4 and deviation 2: to show that it is below 1, or above 0, takes an interval shorter than 0.6.
    d = 0.4 + 2 * np.tile([1.0, -1.0], 16) * (31 / 32) ** 0.5
    answer = PLAN.leads(d)
    assert answer.holds is None
    # 2.31 = t(0.9875, about 60 degrees of freedom): (2.31 * 2 / 0.6) ** 2 = 59.
    assert 57 <= answer.needed <= 66
    assert PLAN.leads(d + 9).needed is None
    assert PLAN.alike(d).needed == answer.needed
    assert PLAN.leads(d, 9.0).holds is False


def test_power_is_that_of_the_most_seeds():
    d = np.random.default_rng(0).normal(3, 1, 8)
    answer = PLAN.leads(d)
    draws = np.random.default_rng(1).normal(answer.power, answer.mean.deviation, (REPETITIONS, 32))
    # Looks before the last one add to it.
    assert 0.8 - 3 * error(0.8) < np.mean([interval(d, 0.025).low > 0 for d in draws]) < 0.8 + 3 * error(0.8)


def measure(seed, *, effect=3.0):
    """A made-up measurement."""
    return {"gain": effect + np.random.default_rng(seed).normal()}


@pytest.fixture
def planned(monkeypatch):
    rules = {"linear-collapse": lambda s, plan: decide({"it": plan.leads(s["gain"])})}
    e = _experiment.Experiment("made-up", measure, rules, "training", 32, None, alone=True, plan=PLAN)
    monkeypatch.setattr(_experiment, "find", lambda name: e)
    return e


def test_it_stops_as_soon_as_it_is_decided(planned):
    told = []
    result = run.run(planned, progress=lambda done, total: told.append((done, total)))
    assert result.samples["gain"].tolist() == [measure(100 + k)["gain"] for k in range(8)]
    assert result.verdicts["linear-collapse"].verdict == "CONFIRMED"
    assert told == [(k, 8) for k in range(9)]


def test_it_goes_on_to_the_most_seeds(planned):
    always = dataclasses.replace(planned, plan=dataclasses.replace(PLAN, minimum=0.0))
    result = run.run(always, settings=["effect=0"])
    assert len(result.samples["gain"]) == 32
    (entry,) = run.entries(result)
    assert entry["verdict"] == "INCONCLUSIVE"
    assert entry["design"] == {"seeds": 32, "looks": [8, 16, 32], "minimum": 0.0, "first": 100}
    assert entry["needed"]["it"] > 32
    assert entry["power"]["it"] > 0
    mean = interval(result.samples["gain"], 0.025)
    assert entry["figures"]["gain"]["low"] == pytest.approx(mean.low, rel=1e-5)


def test_so_many_seeds_as_are_asked_for_are_looked_at_once(planned):
    (entry,) = run.entries(run.run(planned, quick=True))
    assert entry["design"]["looks"] == [5]
    (entry,) = run.entries(run.run(planned, seeds=11))
    assert entry["design"] == {"seeds": 11, "looks": [11], "minimum": 1.0, "first": 100}


def test_designs_that_look_once_tell_their_power(planned):
    rules = {"linear-collapse": lambda s: decide({"it": gains(s["gain"], 0.5)})}
    result = run.run(dataclasses.replace(planned, plan=None, rules=rules, seeds=6))
    (entry,) = run.entries(result)
    assert entry["design"] == {"seeds": 6}
    assert entry["power"]["it"] > 0.5
    assert "needed" not in entry


@pytest.mark.parametrize("e", [e for e in _experiment.experiments() if e.plan], ids=lambda e: e.name)
def test_plans_can_decide(e):
    assert list(e.plan.looks) == sorted(set(e.plan.looks))
    assert e.plan.looks[0] >= _experiment.LEAST_SEEDS[e.kind]
    assert e.plan.minimum > 0
    assert e.plan.reason
    assert e.plan.first >= 100
    assert e.seeds == e.plan.looks[-1]


def test_means_beside_a_threshold_are_judged_at_the_first_look_that_decides():
    d = 1.0 + 0.1 * np.tile([1.0, -1.0], 16)
    cases = ("above", 0.5, True), ("above", 1.5, False), ("below", 1.5, True), ("below", 0.5, False)
    for rule, threshold, holds in cases:
        answer = getattr(PLAN, rule)(d, threshold)
        assert (answer.holds, answer.mean.n, answer.bound, answer.below) == (holds, 8, threshold, rule == "below")
        assert answer.mean == interval(d[:8], 0.0125)
        # As of the last look, which its power is of.
        assert (answer.most, answer.level) == (32, 0.025)
    assert PLAN.above(d, 1.0).holds is None
    assert PLAN.above(d, 1.0).mean.n == 32
    assert PLAN.first_of(gains, d, 0.5).bound == 0.5


def test_what_is_small_by_one_minimum_is_not_by_another():
    d = 0.4 + 0.1 * np.tile([1.0, -1.0], 16)
    assert PLAN.leads(d).holds is False
    assert PLAN.leads(d, 0.1).holds is True
    assert PLAN.alike(d).holds is True
    wide = 0.4 + 2 * np.tile([1.0, -1.0], 16)
    # The farther away the nearer of 0 and the minimum, the fewer seeds tell.
    assert PLAN.leads(wide, 1.2).needed < PLAN.leads(wide, 1.0).needed
    assert PLAN.leads(wide, 0.5).needed > PLAN.leads(wide, 1.0).needed
    assert PLAN.leads(np.r_[wide[:-1], np.nan]).needed is None
    assert PLAN.first == 100
    assert PLAN.design(8) == {"seeds": 8, "looks": [8, 16, 32], "minimum": 1.0, "first": 100}
    assert PLAN.at(5) == Plan((5,), 1.0, "made up")
