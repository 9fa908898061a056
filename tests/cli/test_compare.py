"""`tfnotes compare TASK MODEL`: a table, a report, or a sentence; for concepts see tests/cli/test_concepts.py."""

import json
import signal

import pytest
from click.testing import CliRunner

from tfnotes import compare as module
from tfnotes.cli import main
from tfnotes.errors import InputError
from tfnotes.training import side_by_side
from tfnotes.training.signals import Interrupted


@pytest.fixture
def compare(drawn, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return lambda *arguments: CliRunner().invoke(main, ["compare", *arguments])


def test_a_network_of_either_kind(compare, tmp_path):
    options = ["--epochs", "1", "--pairs", "4", "--set", "units=8", "--seed", "2"]
    result = compare("drawn", "mlp", *options)
    assert (result.exit_code, result.stderr) == (0, "")
    folder = tmp_path / "runs" / "compare-drawn-mlp-1"
    report = json.loads((folder / "comparison.json").read_text())
    assert f"{report['runs']['keras']['test']['loss']:.4f}" in result.stdout
    assert "training step, ours / theirs: " in result.stdout
    assert "tfnotes tensorboard runs/compare-drawn-mlp-1" in result.stdout
    for kind in ("tfnotes", "keras"):
        config = json.loads((folder / kind / "config.json").read_text())
        assert (config["layers"], config["seed"], config["epochs"]) == (kind, 2, 1)
        assert config["settings"]["units"] == 8
    again = compare("drawn", "mlp", *options, "--json")
    assert set(json.loads(again.stdout)) == {"task", "model", "step", "draws", "runs"}
    assert (tmp_path / "runs" / "compare-drawn-mlp-2").is_dir()


def test_every_option_reaches_the_trainings(compare, tmp_path, monkeypatch):
    asked = {}

    def noted(task, model, path, splits, *, callbacks, **options):
        asked.update(options, task=task.name, model=model, path=str(path))
        raise InputError("asked")

    monkeypatch.setattr(side_by_side, "side_by_side", noted)
    given = "--data drawn --epochs 2 --set units=8 --seed 3 --pairs 7 --run there --no-figures"
    assert "asked" in compare("drawn", "mlp", *given.split(), "--data-dir", str(tmp_path)).stderr
    expected = {"task": "drawn", "model": "mlp", "path": "there", "data": "drawn", "data_dir": tmp_path, "epochs": 2}
    assert asked == {**expected, "settings": ("units=8",), "seed": 3, "pairs": 7, "figures": False}


@pytest.mark.parametrize(("begun", "left"), [(False, ""), (True, "; there holds what was trained")])
def test_stopped_by_a_signal_it_says_what_is_left(compare, tmp_path, monkeypatch, begun, left):
    def stopped(task, model, path, splits, **options):
        if begun:
            path.mkdir()
        raise Interrupted(signal.SIGTERM)

    monkeypatch.setattr(side_by_side, "side_by_side", stopped)
    result = compare("drawn", "mlp", "--no-figures", "--run", "there")
    assert (result.exit_code, result.stderr) == (143, f"Stopped, with nothing compared{left}.\n")


def test_every_option_reaches_the_comparison_of_a_concept(compare, monkeypatch):
    asked = {}
    for name in ("differences", "speed"):
        monkeypatch.setattr(module, name, lambda concept, *options, name=name: asked.update({name: options}) or {})
    assert compare("elu", "--cases", "2", "--pairs", "5", "--seed", "3").exit_code == 0
    assert asked == {"differences": (2, 3), "speed": (5, 3)}


@pytest.mark.parametrize(
    ("arguments", "status", "sentence"),
    [
        ("drown mlp", 1, "`task` must be one of"),
        ("drawn big", 1, "`model` must be one of"),
        ("drawn maxout", 1, "`layers` must be tfnotes for maxout, which has no twin."),
        ("drawn mlp --epochs 0", 1, "`epochs` must be a positive integer."),
        ("drawn mlp --set units=no", 1, "units a value of type int"),
        ("drawn mlp --data full", 1, "`data` must be one of drawn."),
        ("drawn mlp --run taken", 1, "`run` must be a new folder"),
        ("dense --epochs 2", 2, "--epochs needs a MODEL."),
        ("dense --run there", 2, "--run needs a MODEL."),
    ],
)
def test_bad_input(compare, tmp_path, arguments, status, sentence):
    (tmp_path / "taken").mkdir()
    (tmp_path / "taken" / "mine").touch()
    result = compare(*arguments.split())
    assert (result.exit_code, result.stdout) == (status, "")
    assert sentence in result.stderr
    assert not (tmp_path / "runs").exists()
