"""A run repeats bit for bit, and whatever was changed in it since is found."""

import json
import shutil
import signal
from types import SimpleNamespace

import numpy as np
import pytest
from click.testing import CliRunner

from tests.training.test_stored import CONFIG
from tfnotes.cli import main
from tfnotes.cli import rerun as command
from tfnotes.errors import InputError
from tfnotes.training import loop
from tfnotes.training import rerun as reruns
from tfnotes.training.config import configure, describe_data
from tfnotes.training.rerun import rerun
from tfnotes.training.run import Run
from tfnotes.training.signals import Interrupted


@pytest.fixture
def run(toy, tmp_path):
    splits = toy.source("patterns")(None)
    made = Run.create(tmp_path / "run", configure(toy, epochs=2, inspect="off") | describe_data(splits))
    loop.train(made, toy, splits)
    return made


def test_the_same_and_what_is_not(run, tmp_path):
    files = {path: path.read_bytes() for path in run.path.rglob("*") if path.is_file()}
    found = rerun(run)
    assert found["same"]
    assert (found["weights"]["other"], found["weights"]["largest"], found["first_other_epoch"]) == (0, 0.0, None)
    assert found["test"] == found["test_again"] == run.test()
    assert {path: path.read_bytes() for path in run.path.rglob("*") if path.is_file()} == files
    assert [path.name for path in tmp_path.iterdir()] == ["run"]

    model, rows = run.model(), run.metrics()
    weights = model.get_weights()
    weights[0].flat[0] += 0.25
    model.set_weights(weights)
    run.write_model(model)
    run.write_metrics([rows[0], {**rows[1], "loss": 0.0}])
    run.write_test({**run.test(), "accuracy": 0.125})
    result = CliRunner().invoke(main, ["rerun", str(run.path)])
    assert result.exit_code == 1
    said = result.output.splitlines()[-1]
    assert f"1 of {found['weights']['numbers']:,} numbers of the model, by up to 0.25; the metrics from epoch 2" in said
    assert "accuracy on the test split, 0.125 and now" in said


def test_other_metrics_alone_are_a_difference(run):
    rows = run.metrics()
    run.write_metrics([rows[0], {**rows[1], "loss": 0.0}])
    result = CliRunner().invoke(main, ["rerun", str(run.path), "--json"])
    found = json.loads(result.stdout)
    assert (result.exit_code, found["same"], found["weights"]["other"], found["first_other_epoch"]) == (1, False, 0, 2)


def test_the_command(run):
    result = CliRunner().invoke(main, ["rerun", str(run.path), "--json"])
    assert result.exit_code == 0
    assert json.loads(result.stdout)["same"]


def test_a_run_that_is_not_complete(run):
    (run.path / "test.json").unlink()
    with pytest.raises(InputError, match=r"^rerun: `run` must be complete"):
        rerun(run)


TEST = {"loss": 0.5, "accuracy": 0.25}
ROWS = [{"epoch": k, "loss": 1 / k} for k in (1, 2, 3)]
WEIGHTS = [np.array([[1.0, -2.0], [0.0, 4.0]], "float32"), np.array([0.5])]


@pytest.fixture
def repeated(tmp_path, monkeypatch):
    """A run that is said to have been trained; gives the comparison with what another training left."""
    run = Run.create(tmp_path / "run", {**CONFIG, "inspect": "full"})
    run.write_metrics(ROWS)
    run.write_test(TEST)
    monkeypatch.setattr(Run, "setup", lambda self: SimpleNamespace(read=lambda: "splits", task="task"))

    def repeated(rows=ROWS, test=TEST, weights=WEIGHTS):
        def train(again, *given, **options):
            assert given == ("task", "splits")
            assert options == {"callbacks": ["a callback"], "report": print}
            assert again.config == {**run.config, "inspect": "off"}
            assert again.path.parent.parent == tmp_path
            again.write_metrics(rows)
            again.write_test(test)

        monkeypatch.setattr(loop, "train", train)
        monkeypatch.setattr(Run, "model", lambda of: SimpleNamespace(weights=WEIGHTS if of is run else weights))
        found = rerun(run, ["a callback"], print)
        assert [path.name for path in tmp_path.iterdir()] == ["run"]
        return found

    return repeated


def test_nothing_differs(repeated):
    assert repeated() == {
        "same": True,
        "weights": {"numbers": 5, "other": 0, "largest": 0.0},
        "epochs": 3,
        "first_other_epoch": None,
        "test": TEST,
        "test_again": TEST,
    }


@pytest.mark.parametrize(
    ("rows", "first"),
    [
        (ROWS[:2], 3),
        ([*ROWS, {"epoch": 4}], 4),
        ([{**ROWS[0], "loss": 9.0}, ROWS[1], {"epoch": 3}], 1),
        ([*ROWS[:2], {"epoch": 3, "loss": 0.0}], 3),
    ],
)
def test_the_first_epoch_that_differs(repeated, rows, first):
    found = repeated(rows=rows)
    assert (found["same"], found["first_other_epoch"], found["epochs"]) == (False, first, 3)


def test_figures_alone_that_differ(repeated):
    found = repeated(test={**TEST, "loss": 0.75})
    assert (found["same"], found["test"]["loss"], found["test_again"]["loss"]) == (False, 0.5, 0.75)


@pytest.mark.parametrize(
    ("place", "value", "other", "largest"),
    [((0, 1), -2.5, 1, 0.5), ((0, slice(None)), 8, 2, 10.0), ((1, 0), -0.0, 1, 0)],
)
def test_numbers_of_other_bits(repeated, place, value, other, largest):
    weights = [w.copy() for w in WEIGHTS]
    weights[0][place] = value
    found = repeated(weights=weights)
    assert (found["same"], found["weights"]) == (False, {"numbers": 5, "other": other, "largest": largest})


@pytest.mark.parametrize("off", [(2.0, 0.25), (0.25, 2.0)])
def test_the_largest_difference_is_that_of_all_weights(repeated, off):
    weights = [w + by for w, by in zip(WEIGHTS, np.array(off, "float32"), strict=True)]
    assert repeated(weights=weights)["weights"] == {"numbers": 5, "other": 5, "largest": 2.0}


def test_weights_of_other_shapes(repeated):
    with pytest.raises(InputError, match=r"^rerun: `model\.keras` must hold the model of config\.json\. .* shapes"):
        repeated(weights=[WEIGHTS[0].T.copy()[:1], WEIGHTS[1]])


FOUND = {
    "same": False,
    "weights": {"numbers": 12345, "other": 1234, "largest": 0.0123},
    "epochs": 3,
    "first_other_epoch": 2,
    "test": TEST,
    "test_again": {"loss": 0.75, "accuracy": 0.25},
}


@pytest.mark.parametrize(
    ("changes", "lang", "said"),
    [
        (
            {},
            "en",
            (
                "run does not repeat. What differs: 1,234 of 12,345 numbers of the model, by up to 0.012; "
                "the metrics from epoch 2 on; loss on the test split, 0.5 and now 0.75."
            ),
        ),
        (
            {"weights": {"numbers": 5, "other": 0, "largest": 0.0}, "test_again": TEST},
            "en",
            "run does not repeat. What differs: the metrics from epoch 2 on.",
        ),
        (
            {"first_other_epoch": None},
            "zh",
            (
                "run 没有重现。不同之处：模型的 12,345 个数中有 1,234 个，最多相差 0.012；"
                "测试集上的 loss，原为 0.5，现为 0.75。"
            ),
        ),
        (
            {"same": True},
            "en",
            "run repeats bit for bit: 12,345 numbers of the model, 3 epochs' metrics, the test split's figures.",
        ),
    ],
)
def test_what_is_said(changes, lang, said):
    assert command._told("run", {**FOUND, **changes}, lang) == said


def test_interrupted_the_run_is_as_it_was(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    Run.create("run", CONFIG)

    def interrupted(*given):
        raise Interrupted(signal.SIGTERM)

    monkeypatch.setattr(reruns, "rerun", interrupted)
    result = CliRunner().invoke(main, ["rerun", "run"])
    assert (result.exit_code, result.stdout, result.stderr) == (143, "", "Stopped; run is as it was.\n")
    monkeypatch.setattr(reruns, "rerun", lambda run, *_: {**FOUND, "same": run.path.name != "run"})
    result = CliRunner().invoke(main, ["rerun", "run", "--json"])
    assert (result.exit_code, json.loads(result.stdout)) == (1, {"path": "run", **FOUND})
    shutil.copytree("run", "other")
    assert CliRunner().invoke(main, ["rerun", "other"]).exit_code == 0
