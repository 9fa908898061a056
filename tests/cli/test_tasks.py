"""`tfnotes tasks`: every model, every datum and every setting, and what it means."""

import json
import os
import subprocess
import sys

import pytest
from click.testing import CliRunner

from tfnotes import task as tasks
from tfnotes.cli import main
from tfnotes.task import Defaults, Recipe, Task


def invoke(*arguments):
    return CliRunner().invoke(main, arguments)


def test_the_tasks_with_their_models_and_data():
    result = invoke("tasks")
    assert result.exit_code == 0, result.output
    for name in tasks.names():
        (line,) = [line for line in result.stdout.splitlines() if line.startswith(f"│ {name} ")]
        for word in (*tasks.load(name).models, *tasks.load(name).sources):
            assert word in line


@pytest.mark.parametrize("name", tasks.names())
def test_every_setting_of_every_model_has_its_default_and_a_meaning(name):
    described = json.loads(invoke("tasks", name, "--json").stdout)
    task = tasks.load(name)
    assert list(described["models"]) == list(task.models)
    assert (described["data"], described["default_model"]) == (list(task.sources), task.defaults.model)
    for model, found in described["models"].items():
        recipe = task.recipe(model)
        assert found["learning_rate"] == recipe.defaults.learning_rate
        assert {key: setting["default"] for key, setting in found["settings"].items()} == recipe.settings()
        assert [key for key, setting in found["settings"].items() if not setting["meaning"]] == []


def test_a_meaning_is_that_setting_s_alone():
    described = json.loads(invoke("tasks", "mnist", "--json").stdout)
    settings = described["models"]["mlp"]["settings"]
    assert settings["units"]["meaning"] == "width of each hidden layer."
    assert settings["max_norm"]["meaning"] == (
        "largest norm of the weights that lead to one hidden unit, 0 for no limit."
    )
    assert settings["hold_out"]["meaning"].endswith("figures of validation tell nothing then.")


def test_a_task_for_people():
    lines = invoke("tasks", "imdb").stdout.splitlines()
    assert lines[1] == "data: sample, full" or lines[1] == "data: full, sample"
    assert any(line.startswith("│ bigram (default) ") for line in lines)
    (line,) = [line for line in lines if line.startswith("│ directions=2 ")]
    assert "bilstm, deep-bilstm" in line
    (line,) = [line for line in lines if line.startswith("│ vocabulary=30000 ")]
    assert "│ all " in line


def test_a_task_in_chinese():
    assert "│ 手写数字：判断图像是十个数字中的哪一个 │" in " ".join(invoke("tasks", "--lang", "zh").stdout.split())
    lines = invoke("tasks", "mnist", "--lang", "zh").stdout.splitlines()
    assert lines[0] == "mnist：手写数字：判断图像是十个数字中的哪一个"
    (line,) = [line for line in lines if line.startswith("│ pieces=5 ")]
    assert "│ 每个单元的仿射变换个数。" in line


def test_help_of_train_tells_of_the_task():
    result = invoke("train", "mnist", "--help")
    assert result.exit_code == 0
    assert "--batch-size" in result.stdout
    assert "│ digits=0123456789 " in result.stdout
    assert "digits=" not in invoke("train", "--help").stdout


def test_an_unknown_task():
    result = invoke("tasks", "mnits")
    assert result.exit_code == 1
    assert result.stderr.startswith("Error: tfnotes: `task` must be one of ")


def test_tasks_are_completed_without_tensorflow():
    child = subprocess.run(
        [sys.executable, "-X", "importtime", "-c", "from tfnotes.cli import main; main(prog_name='tfnotes')"],
        env={**os.environ, "_TFNOTES_COMPLETE": "bash_complete", "COMP_WORDS": "tfnotes train m", "COMP_CWORD": "2"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert child.stdout.split() == [f"plain,{name}" for name in tasks.names() if name.startswith("m")]
    assert "| tensorflow" not in child.stderr


def build(*, units=3, rate=0.5):
    """A network.

    Args:
        units: how wide
            it is.
        rate: how much is dropped.
    """


def optimizer(learning_rate, *, momentum=0.9):
    """An optimizer, of which nothing is said."""


def other(*, units=5):
    """Another network.

    Args:
        units: how wide
            it is.
    """


SMALL = Task(
    "small",
    ("a", "b"),
    {"d": print, "e": print},
    {"m": build, "n": Recipe(other, defaults={"data": "e", "epochs": 3, "batch_size": 4, "learning_rate": 0.25})},
    "Small things",
    Defaults(model="n", learning_rate_decay=0.75),
    optimizer=optimizer,
)


@pytest.fixture
def small(monkeypatch):
    monkeypatch.setattr(tasks, "names", lambda: ["small"])
    monkeypatch.setattr(tasks, "load", lambda name: SMALL)


def test_a_task_as_json(small):
    momentum = {"default": 0.9, "meaning": ""}
    described = {
        "name": "small",
        "title": "Small things",
        "labels": ["a", "b"],
        "data": ["d", "e"],
        "default_model": "n",
        "models": {
            "m": {
                "data": "d",
                "epochs": 10,
                "batch_size": 32,
                "learning_rate": 0.001,
                "learning_rate_decay": 0.75,
                "settings": {
                    "units": {"default": 3, "meaning": "how wide it is."},
                    "rate": {"default": 0.5, "meaning": "how much is dropped."},
                    "momentum": momentum,
                },
            },
            "n": {
                "data": "e",
                "epochs": 3,
                "batch_size": 4,
                "learning_rate": 0.25,
                "learning_rate_decay": 0.75,
                "settings": {"units": {"default": 5, "meaning": "how wide it is."}, "momentum": momentum},
            },
        },
    }
    assert json.loads(invoke("tasks", "small", "--json").stdout) == described
    assert json.loads(invoke("tasks", "--json").stdout) == [described]


def test_a_tasks_tables(small):
    lines = invoke("tasks", "small").stdout.splitlines()
    assert lines[:2] == ["small: Small things", "data: d, e"]
    rows = [[cell.strip() for cell in line.strip("│").split("│")] for line in lines if line.startswith("│")]
    assert rows == [
        ["m", "d", "10", "32", "0.001", "0.75"],
        ["n (default)", "e", "3", "4", "0.25", "0.75"],
        ["units=3", "how wide it is.", "m"],
        ["rate=0.5", "how much is dropped.", "m"],
        ["momentum=0.9", "", "all"],
        ["units=5", "how wide it is.", "n"],
    ]
    (row,) = [line for line in invoke("tasks").stdout.splitlines() if line.startswith("│")]
    assert [cell.strip() for cell in row.strip("│").split("│")] == ["small", "Small things", "m, n", "d, e"]
