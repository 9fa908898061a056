"""`tfnotes sweep`: a search that trains, or one sentence and no folder."""

import contextlib
import json
import os
import sys

import pytest
from click.testing import CliRunner

from tests.sweep.test_sweep import Training
from tests.toy import toy_task
from tfnotes import ray_cluster
from tfnotes.cli import main
from tfnotes.cli import sweep as command
from tfnotes.errors import InputError
from tfnotes.sweep import on_ray, trials
from tfnotes.sweep import sweep as sweeps
from tfnotes.sweep.space import Choices
from tfnotes.sweep.sweep import Sweep
from tfnotes.training import config
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
        ("toy --set filters=1 --seed -1", 1, "`seed` must be an integer of at least 0"),
        ("toy --set filters=1 --patience 0", 1, "`patience` must be a positive integer"),
        ("toy --set filters=1 --set momentum=x", 1, "momentum a value of type float"),
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


@pytest.fixture
def quick(sweep, monkeypatch):
    """A sweep whose trainings are those of tests/sweep: the loss is the distance of `momentum` from 3 and a rest."""

    class OfMomentum(Training):
        def __init__(self, arguments, held=()):
            super().__init__(arguments, held)
            self.options = {"x": self.options["momentum"]}

    monkeypatch.setattr(trials, "Process", OfMomentum)
    monkeypatch.setattr(sweeps, "_PAUSE", 0)
    return lambda *more: sweep("toy", "--model", "linear", "--set", "momentum=0.25,0.75", *more)


def test_what_is_said_of_each_trial_and_of_the_best(quick, sweep, tmp_path):
    result = quick()
    assert (result.exit_code, result.stderr) == (0, "")
    folder = "runs/sweep-toy-linear-1"
    said, table = result.stdout.splitlines()[:3], result.stdout.splitlines()[3:-2]
    assert said == [
        f"2 trials; {folder}",
        "trial 0  momentum=0.25  val_loss 3.0000 after epoch 4",
        "trial 1  momentum=0.75  val_loss 2.5000 after epoch 4",
    ]
    rows = [[cell.strip() for cell in line.strip("│┃").split("│" if "│" in line else "┃")] for line in table]
    assert [row for row in rows if len(row) == 5] == [
        ["trial", "momentum", "val_loss", "epochs", "state"],
        ["1", "0.75", "2.5000", "4", "complete"],
        ["0", "0.25", "3.0000", "4", "complete"],
    ]
    assert result.stdout.splitlines()[-2:] == [
        "best: trial 1, on the test split  loss 0.5",
        f"{folder}/trials/1 holds its run; beside the others: tfnotes tensorboard {folder}",
    ]
    found = json.loads((tmp_path / folder / "results.json").read_text())
    asked = json.loads((tmp_path / folder / "sweep.json").read_text())
    assert asked["options"] == {"model": "linear", "seed": "0"}
    again = sweep("--resume", folder, "--json")
    assert (again.exit_code, json.loads(again.stdout)) == (0, found)


def test_interrupted_it_says_how_to_go_on(quick, monkeypatch):
    def interrupted(self):
        raise KeyboardInterrupt

    monkeypatch.setattr(Training, "status", interrupted)
    result = quick("--folder", "mine")
    assert result.exit_code == 130
    assert result.stderr == "Stopped; to go on: tfnotes sweep --resume mine\n"


@pytest.mark.parametrize(
    ("changes", "line"),
    [
        ({}, "trial 3  x=0.1235 y=a z=True  val_loss 0.5000 after epoch 2"),
        ({"state": "pruned"}, "trial 3  x=0.1235 y=a z=True  val_loss 0.5000 after epoch 2  (ended early)"),
        ({"state": "fail", "error": "it fails.", "val_loss": None}, "trial 3  x=0.1235 y=a z=True  it fails."),
    ],
)
def test_a_line_of_a_trial(changes, line):
    row = {"trial": 3, "settings": {"x": 0.123456, "y": "a", "z": True}, "error": None, "val_loss": 0.5}
    assert command._line({**row, "epochs": 2, "state": "complete", **changes}) == line


def test_on_ray_there_is_room_for_all_jobs(quick, monkeypatch):
    asked, found = [], object()

    @contextlib.contextmanager
    def joined(*given):
        asked.append(given)
        yield found

    def run(self, jobs, report, start):
        asked.append((jobs, start(["toy"])))
        raise InputError("asked")

    monkeypatch.setattr(ray_cluster, "needed", lambda *given: asked.append(given))
    monkeypatch.setattr(ray_cluster, "joined", joined)
    monkeypatch.setattr(config, "threads", lambda: 2)
    monkeypatch.setattr(on_ray, "Remote", lambda *given: given)
    monkeypatch.setattr(Sweep, "run", run)
    assert quick("--engine", "ray", "--jobs", "3").stderr == "Error: asked\n"
    assert asked == [("sweep", "ray"), ("sweep", 2, 6), (3, (found, ["toy"]))]


def test_a_file_and_texts_are_searched_together_and_texts_go_before(sweep, tmp_path, monkeypatch):
    def noted(self, *_):
        raise InputError(repr(self.space))

    monkeypatch.setattr(Sweep, "run", noted)
    (tmp_path / "space.toml").write_text("momentum = [0.1, 0.2]\nlearning_rate = [0.5]\n")
    result = sweep("toy", "--space", "space.toml", "--set", "momentum=0.3")
    space = {"momentum": Choices(("0.3",)), "learning_rate": Choices(("0.5",))}
    assert result.stderr == f"Error: {space!r}\n"
    # It is named after the model that is trained, the task's own here.
    assert [path.name for path in (tmp_path / "runs").iterdir()] == ["sweep-toy-tiny-1"]
