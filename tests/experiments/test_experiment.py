"""The core: seeds, parameters, few seeds, results as files."""

import json

import numpy as np
import pytest

from tfnotes.errors import InputError
from tfnotes.experiments import _experiment, run
from tfnotes.experiments._verdicts import decide, gains


def measure(seed, *, shift=1.0, size=3, name="a"):
    """A made-up measurement."""
    return {"gain": shift + 0.1 * np.sin(seed), "curve": np.full(size, seed)}


def made(kind, seeds=8):
    rules = {"linear-collapse": lambda s: decide({"gain": gains(s["gain"], 0.5)})}
    return _experiment.Experiment("made-up", measure, rules, kind, seeds, None)


@pytest.fixture
def registered(monkeypatch):
    def register(kind, seeds=8):
        e = made(kind, seeds)
        monkeypatch.setattr(_experiment, "find", lambda name: e)
        return e

    return register


def test_seeds_become_rows(registered):
    result = run.run(registered("dynamics", 12))
    assert result.samples["gain"].shape == (12,)
    assert result.samples["curve"].tolist() == [[s] * 3 for s in range(12)]
    assert result.verdicts["linear-collapse"].verdict == "CONFIRMED"


@pytest.mark.parametrize(("kind", "least"), [("training", 5), ("dynamics", 10), ("exact", 1)])
def test_too_few_seeds_decide_nothing(kind, least):
    samples = {"gain": np.ones(least)}
    assert _experiment.judge(made(kind), samples)["linear-collapse"].verdict == "CONFIRMED"
    if least > 1:
        fewer = {"gain": np.ones(least - 1)}
        assert _experiment.judge(made(kind), fewer)["linear-collapse"].verdict == "INCONCLUSIVE"


def test_quick_takes_fewer_seeds_and_not_more(registered):
    assert len(run.run(registered("dynamics", 60), quick=True).samples["gain"]) == 20
    assert len(run.run(registered("dynamics", 12), quick=True).samples["gain"]) == 12
    assert len(run.run(registered("dynamics", 12), seeds=3, quick=True).samples["gain"]) == 3


def test_settings_change_parameters(registered):
    result = run.run(registered("exact", 1), settings=["shift=-2", "size=5", "name=b"])
    assert result.parameters == {"shift": -2.0, "size": 5, "name": "b"}
    assert result.samples["curve"].shape == (1, 5)


@pytest.mark.parametrize("setting", ["shift", "other=1", "size=2.5", "size=0", "shift=x", "shift=nan"])
def test_wrong_settings_are_refused(registered, setting):
    with pytest.raises(InputError, match=r"experiment made-up: `\w+` must be .* Received: "):
        run.run(registered("exact", 1), settings=[setting])


def test_progress_counts_to_the_end(registered):
    told = []
    run.run(registered("exact", 3), progress=lambda done, total: told.append((done, total)))
    assert told == [(0, 3), (1, 3), (2, 3), (3, 3)]


def test_results_are_json_without_nan(registered, tmp_path):
    result = run.run(registered("dynamics", 10))
    result.samples["gain"][0] = np.nan
    run.save(result, tmp_path)
    raw = json.loads((tmp_path / "results.json").read_text("utf-8"), parse_constant=pytest.fail)
    assert raw["samples"]["gain"][0] == "nan"
    assert raw["verdicts"]["linear-collapse"]["verdict"] == "CONFIRMED"
    assert raw["parameters"]["size"] == 3


def test_figures_are_numbers_with_intervals():
    found = _experiment.figures({"a": np.array([1.0, 2, 3, 4, 5]), "b": np.array([7.0]), "c": np.ones((5, 2))})
    assert list(found) == ["a", "b"]
    assert found["a"]["value"] == 3
    assert found["a"]["low"] == pytest.approx(1.03676, abs=1e-5)
    assert found["a"]["n"] == 5
    assert found["b"] == {"value": 7}


@pytest.mark.parametrize(
    ("name", "meant"), [("sigmoid-satur", "sigmoid-saturates, "), ("nonsense", "linear-collapse;")]
)
def test_unknown_names_are_refused(name, meant):
    with pytest.raises(InputError, match=f"an experiment or a claim that one settles, such as {meant}") as error:
        _experiment.find(name)
    assert len(str(error.value)) < 250


def test_an_experiment_is_found_by_the_claim_that_it_settles():
    assert _experiment.find("he-halves").name == _experiment.find("variance-by-depth").name == "variance-by-depth"
