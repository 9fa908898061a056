"""What each training experiment trains and tests, line by line in trainings.txt: networks, digits, rates, seeds, and
which accuracy becomes which figure. Nothing is trained."""

from pathlib import Path

import pytest

from tests.experiments.recorded import Trainings
from tfnotes.experiments import _experiment

# None is as by default, so that each is seen to reach its end.
SMALL = {
    "hidden-activations": {"steps": 7, "units": 5},
    "raw-pixels": {"steps": 7, "units": 5},
    "zero-biases": {"steps": 7, "units": 5},
    "dropout": {"steps": 7, "rate": 0.25},
    "steps-to-target": {"target": 0.5, "limit": 40, "units": 5},
    "transfer": {"units": 5, "steps": 7, "draws": 2},
    "batches": {"examples": 64, "epochs": 5, "units": 5},
    "longer": {"examples": 20, "units": 5, "rate": 0.3},
    "deeper": {"examples": 20, "steps": 7},
    "augmented": {"examples": 20, "copies": 2, "steps": 7, "units": 5},
    "more-data": {"steps": 7, "units": 5},
    "remember-first": {"units": 3, "steps": 7, "examples": 20},
    "dying-units": {"steps": 7, "units": 5},
    "instead-of-relu": {"steps": 7, "units": 5, "draws": 2},
    "penalties": {"examples": 70, "steps": 7, "units": 5, "rounds": 9},
    "max-or-average": {"steps": 7, "filters": 2, "examples": 30},
    "order-of-filters": {"steps": 40},
    "both-directions": {"units": 2, "steps": 7, "examples": 20, "length": 4, "texts": 9, "words": 6},
    "codes": {"units": "4-3", "epochs": 2, "steps": 7},
    "layers-of-rbms": {"units": "4-3", "pretrain": 2, "steps": 7},
    "ladder-with-few-labels": {"units": "4-3", "steps": 7},
    "drawings-of-a-vae": {"units": "4", "latent": 2, "epochs": 3, "drawings": 20},
    "drawings-of-a-gan": {"units": "4-5", "latent": 2, "epochs": 3, "drawings": 20},
}
PARTS = Path(__file__).with_name("trainings.txt").read_text("utf-8").split("\n\n")
EXPECTED = {name: lines for name, *lines in (part.strip().splitlines() for part in PARTS)}


def figures(line):
    """The last line of a part: what the experiment gives."""
    found = (part.rsplit(" ", 1) for part in line.removeprefix("gives ").split(", ") if part != "nothing")
    return {name: pytest.approx(float(value), rel=2e-3) for name, value in found}


def test_every_training_experiment_is_looked_at_with_all_its_parameters():
    training = {e.name: set(e.parameters()) for e in _experiment.experiments() if e.kind == "training"}
    assert {name: set(small) for name, small in SMALL.items()} == training
    for name, small in SMALL.items():
        known = _experiment.find(name).parameters()
        assert all(value != known[key] for key, value in small.items()), name


@pytest.mark.parametrize("name", SMALL)
def test_what_is_trained_and_tested(monkeypatch, name):
    trainings = Trainings(monkeypatch, name)
    found = trainings.measured(3, **SMALL[name])
    *lines, gives = EXPECTED[name]
    assert trainings.lines == lines
    assert found == figures(gives)
