"""`tfnotes compare TASK MODEL`: a table, a report, or a sentence; for concepts see tests/cli/test_concepts.py."""

import dataclasses
import json
import signal

import matplotlib.figure
import numpy as np
import pytest
from click.testing import CliRunner

from tfnotes import compare as module
from tfnotes import registry
from tfnotes.cli import _gates, _training, main
from tfnotes.compare import Ratio
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
        ("dense --set units=3", 2, "--set needs a MODEL."),
        ("dense --data-dir there", 2, "--data-dir needs a MODEL."),
        ("dense --no-figures", 2, "--no-figures needs a MODEL."),
    ],
)
def test_bad_input(compare, tmp_path, arguments, status, sentence):
    (tmp_path / "taken").mkdir()
    (tmp_path / "taken" / "mine").touch()
    result = compare(*arguments.split())
    assert (result.exit_code, result.stdout) == (status, "")
    assert sentence in result.stderr
    assert not (tmp_path / "runs").exists()


def rows(output):
    """The rows of all tables."""
    lines = [line for line in output.splitlines() if line.startswith(("│", "┃"))]
    return [[cell.strip() for cell in line.replace("┃", "│").strip("│").split("│")] for line in lines]


def test_what_is_printed_of_a_concept(compare, monkeypatch):
    concept = dataclasses.replace(registry.find("elu"), slower="it is exact.")
    ratio = Ratio(1.234, 1.106, 1.456, 0.12345, 0.1)
    monkeypatch.setattr(registry, "find", lambda name: concept)
    monkeypatch.setattr(module, "differences", lambda *given: {"values": 1.234e-13, "input gradient": 0.0})
    monkeypatch.setattr(module, "speed", lambda *given: {"forward": ratio})
    result = compare("elu")
    assert rows(result.stdout) == [
        ["largest relative difference", "float64"],
        ["values", "1.2e-13"],
        ["input gradient", "0.0e+00"],
        ["time, ours / theirs", "median", "middle half", "ours", "theirs"],
        ["forward", "1.23", "1.11 to 1.46", "0.123 ms", "0.100 ms"],
    ]
    assert "activations.elu and keras.activations.elu" in result.stdout
    assert result.stdout.endswith("Slower because it is exact.\n")
    assert json.loads(compare("elu", "--cases", "7", "--json").stdout) == {
        "name": "elu",
        "kind": "activations",
        "twin": "keras.activations.elu",
        "cases": 7 * len(concept.samples),
        "differences": {"values": 1.234e-13, "input gradient": 0.0},
        "ratios": {"forward": dataclasses.asdict(ratio)},
    }


def test_gates_are_drawn_and_told(compare, monkeypatch, tmp_path):
    ours = {"input": np.linspace(0, 0.5, 15).reshape(5, 3), "candidate": np.full((5, 3), -0.25)}
    theirs = {"input": 2 * ours["input"], "candidate": ours["candidate"]}
    asked, drawn = [], []
    monkeypatch.setattr(module, "gate_activations", lambda *given: asked.append(given) or (ours, theirs))
    monkeypatch.setattr(module, "differences", lambda *given: {})
    monkeypatch.setattr(module, "speed", lambda *given: {})

    def savefig(figure, path, format, dpi):
        drawn.append((figure, format))
        path.write_text("a picture")

    monkeypatch.setattr(matplotlib.figure.Figure, "savefig", savefig)
    result = compare("lstm", "--gates", "g.jpg", "--seed", "3")
    assert asked == [(registry.find("lstm"), 3)]
    assert rows(result.stdout)[2:] == [
        ["gate or state", "mean, ours", "mean, theirs", "largest difference"],
        ["input", "0.2500", "0.5000", "5.0e-01"],
        ["candidate", "-0.2500", "-0.2500", "0.0e+00"],
    ]
    assert result.stdout.splitlines()[-1] == "g.jpg shows them step by step."
    assert (tmp_path / "g.jpg").read_text() == "a picture"
    ((figure, kind),) = drawn
    assert (kind, figure.get_suptitle()) == ("png", "LSTM on one random sequence")
    places = {axes.get_title(): axes for axes in figure.axes if axes.get_title()}
    assert list(places) == ["tfnotes: input", "Keras: input", "tfnotes: candidate", "Keras: candidate"]
    for title, axes in places.items():
        layer, _, name = title.partition(": ")
        (image,) = axes.get_images()
        np.testing.assert_array_equal(image.get_array(), (ours if layer == "tfnotes" else theirs)[name].T)
        assert image.get_clim() == ((0, 1) if name == "input" else (-1, 1))
        assert (axes.get_ylabel(), axes.get_xlabel()) == ("unit", "step" if name == "candidate" else "")
    assert rows(compare("lstm").stdout)[2:] == []
    assert _gates.table(ours, ours).row_count == 2


REPORT = {
    "runs": {kind: {"test": {"loss": loss, "examples": 1234}} for kind, loss in (("tfnotes", 0.5), ("keras", 0.25))},
    "step": {"median": 1.234, "low": 1.106, "high": 1.456, "ours_ms": 12.34, "theirs_ms": 10.0},
    "draws": ["first", "second"],
}


def test_what_is_printed_of_a_network(compare, monkeypatch):
    asked = []

    def noted(task, model, path, splits, *, callbacks, **options):
        asked.append((str(path), splits, [type(c).__name__ for c in callbacks()], options))
        return REPORT

    monkeypatch.setattr(_training, "read", lambda setup: "splits")
    monkeypatch.setattr(side_by_side, "side_by_side", noted)
    result = compare("drawn", "mlp")
    assert (result.exit_code, result.stderr) == (0, "")
    folder = "runs/compare-drawn-mlp-1"
    table = [["layers", "loss", "examples"], ["tfnotes", "0.5000", "1,234"], ["keras", "0.2500", "1,234"]]
    assert rows(result.stdout) == table
    assert result.stdout.splitlines()[-3:] == [
        "training step, ours / theirs: 1.23 (1.11 to 1.46), 12.3 ms and 10.0 ms",
        "What first, second drop or draw is another in each run, so the figures differ by more than rounding.",
        f"{folder} holds both runs and curves.png; overlaid: tfnotes tensorboard {folder}",
    ]
    nothing = {"data": None, "data_dir": None, "epochs": None, "settings": (), "seed": 0}
    assert asked == [(folder, "splits", ["Progress"], {**nothing, "pairs": 30, "figures": True})]
    assert json.loads(compare("drawn", "mlp", "--json").stdout) == REPORT
    assert asked[1][2] == []
    monkeypatch.setitem(REPORT, "draws", [])
    said = compare("drawn", "mlp", "--no-figures").stdout.splitlines()[-2:]
    assert said[0].startswith("training step")
    assert said[1].startswith(f"{folder} holds both runs; overlaid")


def test_gates_are_of_a_concept(compare):
    result = compare("drawn", "mlp", "--gates", "g.png")
    assert result.exit_code == 2
    assert "--gates goes with a concept, not with a MODEL." in result.stderr
