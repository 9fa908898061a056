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


def test_a_run_tells_what_was_run(registered, monkeypatch):
    clock = iter((5.0, 7.5))
    monkeypatch.setattr(run.time, "monotonic", lambda: next(clock))
    result = run.run(registered("exact", 2))
    assert (result.experiment.name, result.parameters, result.seconds) == (
        *("made-up", {"shift": 1.0, "size": 3, "name": "a"}, 2.5),
    )
    assert {name: values.dtype for name, values in result.samples.items()} == {"gain": float, "curve": float}
    assert run.Result(None, {}, {}, {}).seconds == 0.0


@pytest.mark.parametrize(
    ("setting", "says"),
    [
        ("shift", "`set` must be key=value with a key of shift, size, name. Received: 'shift'."),
        ("other=1", "`set` must be key=value with a key of shift, size, name. Received: 'other=1'."),
        ("size=2.5", "`size` must be a positive integer. Received: '2.5'."),
        ("size=0", "`size` must be a positive integer. Received: '0'."),
        ("shift=x", "`shift` must be a number. Received: 'x'."),
        ("shift=inf", "`shift` must be a number. Received: 'inf'."),
    ],
)
def test_what_wrong_settings_are_told(registered, setting, says):
    with pytest.raises(InputError) as error:
        run.run(registered("exact", 1), settings=["name=a=b", setting])
    assert str(error.value) == f"experiment made-up: {says}"


def test_settings_at_their_bounds(registered):
    given = run.run(registered("exact", 1), settings=["size=1", "shift=0", "name=a=b"]).parameters
    assert given == {"shift": 0.0, "size": 1, "name": "a=b"}
    bare = _experiment.Experiment("bare", lambda seed: {"a": 1.0}, {}, "exact", 1, None)
    with pytest.raises(InputError, match=r"with a key of none, for it has no parameters\. Received: 'a=1'"):
        run.run(bare, settings=["a=1"])


def test_seeds_are_asked_of_whom_they_are_shared_by(monkeypatch):
    asked = []

    def shared(kind):
        def mapped(*arguments):
            asked.append((kind, *arguments))
            return run.nullcontext(map)

        return mapped

    monkeypatch.setattr(run._processes, "mapped", shared("here"))
    monkeypatch.setattr(run._processes, "mapped_on_ray", shared("ray"))
    e = made("training", 6)
    monkeypatch.setattr(_experiment, "find", lambda name: e)
    run.run(e)
    run.run(e, seeds=7, ray="cluster")
    run.run(made("dynamics", 12), seeds=10)
    assert asked == [("here", 6), ("ray", "cluster", 7)]


def test_an_entry_has_all_that_the_ledger_needs(monkeypatch, registered):
    e = registered("dynamics", 12)
    (entry,) = run.entries(run.run(e))
    assert list(entry) == [
        *("id", "source", "statement_zh", "statement_en", "verdict", "open", "figures", "experiment", "design", "date"),
        "versions",
    ]
    assert (entry["id"], entry["verdict"], entry["open"]) == ("linear-collapse", "CONFIRMED", [])
    assert (entry["experiment"], entry["design"]) == ("made-up", {"seeds": 12})
    # Curves are no figures.
    assert list(entry["figures"]) == ["gain"]
    assert len(entry["date"]) == len("2026-01-01")
    (few,) = run.entries(run.run(e, seeds=3))
    assert (few["verdict"], few["open"], few["design"]) == (
        *("INCONCLUSIVE", ["everything, from so few seeds"], {"seeds": 3}),
    )


def test_what_is_saved(registered, tmp_path):
    result = run.run(registered("dynamics", 10), settings=["size=2"])
    result.samples["curve"][1] = [np.inf, -np.inf]
    run.save(result, tmp_path)
    text = (tmp_path / "results.json").read_text("utf-8")
    raw = json.loads(text)
    assert text.endswith("}\n")
    assert list(raw) == ["experiment", "parameters", "verdicts", "samples"]
    assert raw["experiment"] == "made-up"
    assert raw["verdicts"] == {"linear-collapse": {"verdict": "CONFIRMED", "open": []}}
    assert raw["samples"]["curve"][:3] == [[0.0, 0.0], ["inf", "-inf"], [2.0, 2.0]]
    assert raw["samples"]["gain"] == result.samples["gain"].tolist()


def test_a_figure_of_several_seeds():
    values = np.array([1.0, 2, 3, 4, 11])
    found = _experiment.figures({"a": values}, level=0.5)["a"]
    assert list(found) == ["value", "low", "high", "p05", "p95", "n"]
    half = 0.740697 * values.std(ddof=1) / 5**0.5
    assert (found["low"], found["high"]) == pytest.approx((4.2 - half, 4.2 + half), rel=1e-5)
    assert (found["value"], found["p05"], found["p95"], found["n"]) == (4.2, 1.2, 9.6, 5)
    assert [_experiment.rounded(v) for v in (1 / 3, 1234567.0, np.inf, -np.inf, np.nan)] == [
        *(0.333333, 1234570.0, "inf", "-inf", "nan"),
    ]
    once = _experiment.figures({"a": np.array([2 / 3]), "curve": np.ones((1, 3))})
    assert once == {"a": {"value": 0.666667}}


def test_what_an_unknown_name_is_told():
    with pytest.raises(InputError) as error:
        _experiment.find("he-halve")
    said = str(error.value)
    assert said.startswith("experiment: `name` must be an experiment or a claim that one settles, such as he-halves")
    assert said.endswith("; `tfnotes experiment list` has all. Received: 'he-halve'.")
