"""Two kinds of layers from one seed: the same weights to begin with, a run each, one report."""

import dataclasses
import json
import sys

import keras
import numpy as np
import pytest
from PIL import Image

import tfnotes.layers
from tfnotes import compare
from tfnotes.errors import InputError
from tfnotes.training import side_by_side as side_by_side_module
from tfnotes.training.run import Run
from tfnotes.training.side_by_side import picture, side_by_side


def network(*, units=6, layers=tfnotes.layers):
    dense = layers.Dense(units, activation="relu", name="hidden")
    return keras.Sequential([keras.Input((28, 28, 1)), layers.Flatten(), dense, layers.Dense(10, name="logits")])


def shifted(*, layers=tfnotes.layers):
    """Of Keras's layers it starts elsewhere."""
    model = network(layers=layers)
    if layers is keras.layers:
        model.set_weights([w + 1 for w in model.get_weights()])
    return model


@pytest.fixture
def task(toy):
    return dataclasses.replace(toy, models={"tiny": network, "shifted": shifted})


@pytest.mark.parametrize("model", ["tiny", "shifted"])
def test_both_begin_with_the_same_weights_and_agree(task, tmp_path, model):
    splits = task.source("patterns")(None)
    report = side_by_side(task, model, tmp_path / "both", splits, pairs=4, epochs=2, seed=3)
    assert json.loads((tmp_path / "both" / "comparison.json").read_text()) == report
    assert Image.open(tmp_path / "both" / "curves.png").size == (800, 480)
    lines = {line.get_label(): line.get_xydata() for line in picture(report["runs"], "title").axes[0].get_lines()}
    for kind, found in report["runs"].items():
        for name in ("loss", "val_loss"):
            expected = [(row["epoch"], row[name]) for row in found["metrics"]]
            assert len(expected) == 2
            np.testing.assert_array_equal(lines[f"{kind} {name}"], expected)
    runs = {kind: Run.open(tmp_path / "both" / kind) for kind in ("tfnotes", "keras")}
    weights = {}
    for kind, run in runs.items():
        assert run.config["layers"] == kind
        assert run.config["seed"] == 3
        assert report["runs"][kind] == {"metrics": run.metrics(), "test": run.test()}
        weights[kind] = run.model().get_weights()
        assert type(run.model().get_layer("hidden")).__module__.startswith(kind)
    for a, b in zip(weights["tfnotes"], weights["keras"], strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-3, atol=1e-5)
    ours, theirs = (report["runs"][kind]["test"]["loss"] for kind in runs)
    assert ours == pytest.approx(theirs, rel=1e-4)
    step = report["step"]
    assert 0 < step["low"] <= step["median"] <= step["high"]
    assert min(step["ours_ms"], step["theirs_ms"]) > 0
    assert report["draws"] == []


def test_what_is_timed_is_a_step_of_ours_over_one_of_keras(task, tmp_path, monkeypatch):
    trained = []

    def train_on_batch(model, *batch):
        trained.append(type(model.get_layer("hidden")).__module__.split(".")[0])
        x, y = batch
        assert (x.shape, y.shape) == ((64, 28, 28, 1), (64,))

    def alternate(ours, theirs, pairs, calls):
        assert (pairs, calls) == (7, 1)
        trained.clear()
        ours()
        theirs()
        return compare.Ratio(1.0, 1.0, 1.0, 1.0, 1.0)

    monkeypatch.setattr(keras.Sequential, "train_on_batch", train_on_batch)
    monkeypatch.setattr(compare, "alternate", alternate)
    side_by_side(task, "tiny", tmp_path / "both", task.source("patterns")(None), pairs=7, epochs=1, figures=False)
    assert trained == ["tfnotes", "keras"]


def test_layers_that_draw_are_told_of(task, tmp_path):
    def dropping(*, layers=tfnotes.layers):
        read = [
            keras.layers.Reshape((28, 28)),
            layers.LSTM(2, name="idle"),
            layers.Dropout(0.0, name="nothing"),
            layers.Dropout(0.5, name="half"),
        ]
        return keras.Sequential([keras.Input((28, 28, 1)), *read, layers.Dense(10, name="logits")])

    task = dataclasses.replace(task, models={"dropping": dropping})
    splits = task.source("patterns")(None)
    options = {"pairs": 4, "epochs": 1, "figures": False}
    assert side_by_side(task, "dropping", tmp_path / "both", splits, **options)["draws"] == ["half"]


def test_a_model_without_a_twin(toy, tmp_path):
    with pytest.raises(InputError, match="`layers` must be tfnotes for linear, which has no twin"):
        side_by_side(toy, "linear", tmp_path / "both", toy.source("patterns")(None))
    assert not (tmp_path / "both").exists()


def test_without_matplotlib_nothing_begins(task, tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "matplotlib.figure", None)
    splits = task.source("patterns")(None)
    with pytest.raises(InputError, match=r"curves.png needs matplotlib.*tfnotes\[figures\].*--no-figures"):
        side_by_side(task, "tiny", tmp_path / "both", splits)
    assert not (tmp_path / "both").exists()
    side_by_side(task, "tiny", tmp_path / "both", splits, pairs=4, epochs=1, figures=False)
    assert (tmp_path / "both" / "comparison.json").exists()
    assert not (tmp_path / "both" / "curves.png").exists()


def test_a_batch_that_no_memory_holds(task, tmp_path, monkeypatch):
    def refuse(owner, model, batch_size):
        raise InputError(f"{owner}: batches of {batch_size}")

    monkeypatch.setattr(side_by_side_module.memory, "check_batch", refuse)
    splits = task.source("patterns")(None)
    with pytest.raises(InputError, match="toy: batches of 320"):
        side_by_side(task, "tiny", tmp_path / "both", splits, pairs=4, batch_size=1000)
    assert not (tmp_path / "both").exists()


def test_what_fails_before_its_first_epoch_leaves_no_folder(task, tmp_path, monkeypatch):
    done = []

    def fail(run, *args, **kwargs):
        done.append(run)
        if run.path.name == fails:
            raise OSError("No space left on device")
        run.write_metrics([{"epoch": 1, "loss": 1.0, "val_loss": 1.0}])

    monkeypatch.setattr(side_by_side_module.loop, "train", fail)
    splits, left = task.source("patterns")(None), {}
    for fails in ("tfnotes", "keras"):
        with pytest.raises(OSError, match="No space"):
            side_by_side(task, "tiny", tmp_path / fails, splits, pairs=4, epochs=1)
        left[fails] = (tmp_path / fails).exists() and [path.name for path in (tmp_path / fails).iterdir()]
    assert left == {"tfnotes": False, "keras": ["tfnotes"]}


def test_curves_of_the_validation_are_thick_and_each_kind_has_its_colour():
    rows = [{"epoch": 1, "loss": 2.0, "val_loss": 3.0}, {"epoch": 2, "loss": 1.0}]
    figure = picture({"tfnotes": {"metrics": rows}, "keras": {"metrics": [{"epoch": 1, "loss": 9.0}]}}, "toy: loss")
    (axes,) = figure.axes
    found = {line.get_label(): (line.get_linewidth(), line.get_color()) for line in axes.get_lines()}
    ours, theirs = "#d9480f", "#1864ab"
    assert found == {"tfnotes loss": (1, ours), "tfnotes val_loss": (3, ours), "keras loss": (1, theirs)}
    assert [line.get_xydata().tolist() for line in axes.get_lines()] == [[[1, 2], [2, 1]], [[1, 3]], [[1, 9]]]
    assert (axes.get_title(), axes.get_xlabel()) == ("toy: loss", "epoch")
    assert [text.get_text() for text in axes.get_legend().get_texts()] == list(found)
