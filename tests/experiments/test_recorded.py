"""The experiments that take no training still measure what the ledger has of them."""

import json
from pathlib import Path

import numpy as np
import pytest

from tfnotes.experiments import _experiment, ledger, run

# These take seconds; `make claims` measures them like all the others.
SLOW = ("regression-cross-entropy", "dropout-is-ensemble", "momentum-faster", "zero-init-symmetry")
KINDS = ("exact", "optimization", "dynamics")
FIRST = json.loads(Path(__file__).with_name("first_seed.json").read_text("utf-8"))
QUICK = [e for e in _experiment.experiments() if e.kind in KINDS and e.name not in SLOW]


@pytest.mark.parametrize("e", QUICK, ids=lambda e: e.name)
def test_figures_are_those_of_the_ledger(e):
    row = run._one(e.name, e.parameters(), 0)
    recorded = ledger.recorded()
    figures = next(recorded[claim]["figures"] for claim in e.rules if claim in recorded)
    found = {name: float(value) for name, value in row.items() if np.ndim(value) == 0}
    assert found.keys() <= figures.keys()
    for name, value in found.items():
        figure = {key: float(number) for key, number in figures[name].items()}
        if "p05" in figure:
            # The first seed lies among nine tenths of all, or as near to them as they are to each other.
            room = figure["p95"] - figure["p05"] + 1e-6 * abs(figure["value"]) + 1e-9
            assert figure["p05"] - room <= value <= figure["p95"] + room, name
        else:
            assert value == pytest.approx(figure["value"], rel=1e-3, abs=1e-6), name
    # Of seed 0 itself there is more to tell where the ledger has a mean over seeds, and of curves.
    loose = {name: value for name, value in found.items() if "p05" in figures[name]}
    assert loose | ends(row) == pytest.approx(FIRST.get(e.name, {}), rel=1e-4, abs=1e-9)


@pytest.mark.parametrize(
    ("name", "settings"),
    [
        ("dropout-is-ensemble", {"units": 4, "rate": 0.3}),
        ("dropout-is-ensemble", {"units": 4, "rate": 0.8}),
        ("max-norm", {"bound": 0.5, "inputs": 5, "units": 3}),
        ("max-norm", {"bound": 8.0, "inputs": 5, "units": 3}),
    ],
)
def test_what_holds_of_units_and_their_weights_holds_at_other_settings_too(name, settings):
    experiment, recorded = _experiment.find(name), ledger.recorded()
    row = run._one(name, experiment.parameters() | settings, 0)
    judged = _experiment.judge(experiment, {key: np.array([value]) for key, value in row.items()})
    assert {claim: verdict.verdict for claim, verdict in judged.items()} == {
        claim: recorded[claim]["verdict"] for claim in experiment.rules
    }


def ends(row):
    """Of each curve the first value, the mean and the last one."""
    curves = {name: np.asarray(value, float).ravel() for name, value in row.items() if np.ndim(value)}
    shown = {name: {"first": curve[0], "mean": curve.mean(), "last": curve[-1]} for name, curve in curves.items()}
    return {f"{name}, {key}": value for name, of in shown.items() for key, value in of.items()}
