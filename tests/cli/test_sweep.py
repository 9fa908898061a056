"""`tfnotes sweep`: a search that trains, or one sentence and no folder."""

import json
import os
import sys

import pytest
from click.testing import CliRunner

from tests.toy import toy_task
from tfnotes.cli import main
from tfnotes.errors import InputError
from tfnotes.sweep.space import Choices
from tfnotes.sweep.sweep import Sweep
from tfnotes.training.run import Run

FOLDER = os.path.dirname(toy_task.__file__)


@pytest.fixture
def sweep(toy, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    # The trainings find the task as this process does.
    monkeypatch.setenv("PYTHONPATH", FOLDER)
    return lambda *arguments: CliRunner().invoke(main, ["sweep", *arguments])


def test_a_search_trains_and_tests_the_best(sweep, tmp_path):
    result = sweep("toy", "--model", "linear", "--set", "learning_rate=1e-6,0.002", "--epochs", "1", "--seed", "4")
    assert (result.exit_code, result.stderr) == (0, "")
    assert "2 trials; runs/sweep-toy-linear-1" in result.stdout
    results = json.loads((tmp_path / "runs/sweep-toy-linear-1/results.json").read_text())
    assert json.loads((tmp_path / "runs/sweep-toy-linear-1/sweep.json").read_text())["prune"] is True
    first, second = results["trials"]
    assert (first["trial"], second["trial"]) == (1, 0)
    assert first["val_loss"] < second["val_loss"]
    best = Run.open(first["run"])
    assert (best.config["learning_rate"], best.config["seed"], best.config["model"]) == (0.002, 4, "linear")
    assert best.metrics()[-1]["val_loss"] == first["val_loss"]
    assert best.test() == results["best"]["test"]
    assert not Run.open(second["run"]).complete
    assert f"best: trial 1, on the test split  loss {best.test()['loss']:.4g}" in result.stdout
    again = sweep("--resume", "runs/sweep-toy-linear-1", "--json")
    assert json.loads(again.stdout) == results


@pytest.mark.parametrize(
    ("arguments", "status", "sentence"),
    [
        ("", 2, "Missing argument 'TASK'."),
        ("toy", 2, "Missing option '--set' or '--space'"),
        ("tay --set filters=1", 1, "`task` must be one of"),
        ("toy --set filters", 1, "`set` must be KEY=A,B,C"),
        ("toy --set filters=1,two", 1, "filters a value of type int"),
        ("toy --set filtres=1", 1, "`set` must be KEY=VALUE with a key of tiny"),
        ("toy --set learning_rate=0.1,-1", 1, "`learning_rate` must be a finite number above 0"),
        ("toy --set learning_rate=fast", 1, "`learning_rate` must be a number. Received: learning_rate='fast'."),
        ("toy --set epochs=1.5", 1, "`epochs` must be an integer. Received: epochs='1.5'."),
        ("toy --set filters=1 --model big", 1, "`model` must be one of"),
        ("toy --set filters=1 --folder taken", 1, "`folder` must be new"),
        ("toy --space none.toml", 1, "`space` must be a TOML file"),
        ("--resume taken", 1, "`resume` must be a sweep's folder"),
        ("toy --resume taken", 2, "--resume takes everything but --jobs, --engine and --json"),
        ("--resume taken --seed 1", 2, "--resume takes everything but --jobs, --engine and --json"),
        ("--resume taken --seed 0", 2, "from the sweep; leave out --seed."),
    ],
)
def test_bad_input(sweep, tmp_path, arguments, status, sentence):
    (tmp_path / "taken").mkdir()
    result = sweep(*arguments.split())
    assert (result.exit_code, result.stdout) == (status, ""), result.output
    assert sentence in result.stderr
    assert not (tmp_path / "runs").exists()


def test_every_option_reaches_the_search(sweep, tmp_path, monkeypatch):
    asked = {}

    def noted(sweep, jobs, *_):
        asked.update(sweep.request, jobs=jobs, folder=sweep.path.name, space=sweep.space)
        raise InputError("asked")

    monkeypatch.setattr(Sweep, "run", noted)
    options = {"model": "linear", "epochs": "3", "batch_size": "16", "learning_rate": "0.02", "patience": "2"}
    options |= {"learning_rate_decay": "0.5", "data": "patterns", "data_dir": str(tmp_path), "seed": "4"}
    given = [f"--{name.replace('_', '-')}={value}" for name, value in options.items()]
    given += ["--set", "momentum=0.1,0.2,0.3", "--trials", "2", "--jobs", "3", "--no-prune", "--folder", "there"]
    assert "asked" in sweep("toy", *given).stderr
    assert {key: asked["options"][key] for key in options} == options
    rest = {key: asked[key] for key in ("trials", "jobs", "prune", "folder", "seed", "space")}
    space = {"momentum": Choices(("0.1", "0.2", "0.3"))}
    assert rest == {"trials": 2, "jobs": 3, "prune": False, "folder": "there", "seed": 4, "space": space}


def test_without_optuna_the_extra_is_named(sweep, tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "optuna", None)
    result = sweep("toy", "--set", "filters=1,2")
    assert result.exit_code == 1
    assert "pip install 'tfnotes[sweep]'" in result.stderr
    assert not (tmp_path / "runs").exists()
