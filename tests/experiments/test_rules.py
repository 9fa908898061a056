"""What every claim is judged by: its cases and their bounds; rules.txt has them."""

import sys
import zlib
from pathlib import Path

import numpy as np
import pytest

from tfnotes.experiments import _experiment, _verdicts, ledger
from tfnotes.experiments._verdicts import Answer

RECORDED = ledger.recorded()
PARTS = Path(__file__).with_name("rules.txt").read_text("utf-8").split("\n\n")
EXPECTED = {name: lines for name, *lines in (part.strip().splitlines() for part in PARTS)}
EXPERIMENTS = {e.name: e for e in _experiment.experiments()}


class Same(int):
    """What `same` gives, with the tolerance that it was asked for."""

    tolerance: float

    def __repr__(self):
        return f"{bool(self)}, same within {self.tolerance:g}"


def same(differences, tolerance=1e-12):
    found = Same(_verdicts.same(differences, tolerance))
    found.tolerance = tolerance
    return found


def told(case):
    if not isinstance(case, Answer):
        return repr(case)
    return f"{case.holds}, {case.mean.value:.4g} {'below' if case.below else 'above'} {case.bound:.4g}"


def means(e):
    """A mean for each figure: what is exact as it is recorded, else a number from 0.5 to 1.5 that the name tells."""
    figures = next(RECORDED[claim]["figures"] for claim in e.rules)
    if e.kind in ("exact", "optimization"):
        return {name: float(figure["value"]) for name, figure in figures.items()}
    return {name: 0.5 + zlib.crc32(name.encode()) % 10_000 / 10_000 for name in figures}


def judged(monkeypatch, e):
    """A line for each claim and each of its cases, of as many seeds as its kind takes that all give the mean."""
    seeds = _experiment.LEAST_SEEDS[e.kind]
    samples = {name: np.full(seeds, mean) for name, mean in means(e).items()}
    lines: list[str] = []

    def decide(cases, right=None):
        lines.extend(f"  {name}: {told(case)}" for name, case in cases.items())
        lines.extend([] if right is None else [f"  right instead: {told(right)}"])
        return _verdicts.decide(cases, right)

    module = sys.modules[e.measure.__module__]
    for name, stand_in in (("decide", decide), ("same", same)):
        if hasattr(module, name):
            monkeypatch.setattr(module, name, stand_in)
    for claim, rule in e.rules.items():
        lines.append(claim)
        given = (samples, e.plan.at(seeds)) if e.plan else (samples,)
        lines.append(f"  {rule(*given).verdict}")
    return lines


@pytest.mark.parametrize("name", EXPERIMENTS)
def test_what_a_claim_is_judged_by(monkeypatch, name):
    assert judged(monkeypatch, EXPERIMENTS[name]) == EXPECTED[name]
