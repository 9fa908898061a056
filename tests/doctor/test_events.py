"""The doctor at a folder of event files: those of Keras's own callback, and of ours outside of a run."""

import json

import keras
import numpy as np
import pytest
import tensorflow as tf
from click.testing import CliRunner

from tests.doctor.fits import NOISE, X, fitted
from tfnotes.callbacks import DeadUnits
from tfnotes.cli import main
from tfnotes.doctor.events import shifts, with_accuracy
from tfnotes.training.health import examine, read


def boards(folder, **options):
    return keras.callbacks.TensorBoard(str(folder), write_graph=False, **options)


def doctor(*arguments):
    return CliRunner(env={"COLUMNS": "200"}).invoke(main, ["doctor", *map(str, arguments)])


def written(folder, **figures):
    with tf.summary.create_file_writer(str(folder)).as_default():
        for tag, values in figures.items():
            for step, value in enumerate(values):
                tf.summary.scalar(tag, value, step=step)


def test_figures_of_keras_by_epoch_from_one_on(tmp_path):
    written(tmp_path / "train", epoch_loss=(2.0, 1.0), epoch_sparse_accuracy=(0.2, 0.4), epoch_learning_rate=(0.3, 0.1))
    written(tmp_path / "validation", epoch_loss=(3.0, 4.0), evaluation_loss_vs_iterations=(9.0, 9.0))
    history = read(tmp_path)
    figures = {name: {k: pytest.approx(v) for k, v in curve.items()} for name, curve in history.figures.items()}
    assert history.figures == figures
    assert figures["loss"] == {1: 2.0, 2: 1.0}
    assert figures["accuracy"] == figures["sparse_accuracy"] == {1: 0.2, 2: 0.4}
    assert figures["val_loss"] == {1: 3.0, 2: 4.0}
    assert (history.epochs, history.rate) == (2, pytest.approx(0.3))
    assert set(figures) == {"loss", "accuracy", "sparse_accuracy", "learning_rate", "val_loss"}


@pytest.mark.parametrize("part", ["train", "validation"])
def test_damaged_events_of_either_part_are_told_of(tmp_path, part):
    for name in ("train", "validation"):
        written(tmp_path / name, epoch_loss=(2.0, 1.0))
    assert read(tmp_path).unread == ()
    (path,) = (tmp_path / part).glob("*tfevents*")
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)
    (said,) = read(tmp_path).unread
    assert path.name in said
    assert doctor(tmp_path).exit_code != 0


def test_the_accuracy_of_the_validation_keeps_its_name():
    figures = {"loss": 1, "binary_accuracy": 2, "val_loss": 3, "val_binary_accuracy": 4}
    assert with_accuracy(figures) == figures | {"accuracy": 2, "val_accuracy": 4}


def test_how_far_the_outermost_weights_moved():
    def histogram(low, high):
        return np.array([[low, (low + high) / 2, 1], [(low + high) / 2, high, 1]])

    kernel = {1: histogram(-1.0, 1.0), 2: histogram(-1.0, 1.5), 3: histogram(-1.25, 1.5)}
    bias = {1: histogram(0.0, 0.0), 2: histogram(0.0, 0.1)}
    found = shifts({"kernel/histogram": kernel, "bias": bias, "moving_mean": kernel, "gradients/kernel": kernel})
    assert found == {"weight_shift/kernel": {2: 1.0, 3: 0.5}, "weight_shift/bias": {2: pytest.approx(0.2)}}
    assert shifts({"bias": {1: histogram(0.0, 0.0)}}) == {}


def test_keras_wrote_them(tmp_path):
    fitted(boards(tmp_path / "low", histogram_freq=1), rate=1e-8)
    report = examine(tmp_path / "low")
    assert [f.illness for f in report.findings] == ["learning rate too low", "nothing learned"]
    assert (report.epochs, report.level) == (3, None)
    assert report.findings[0].since == 1
    fitted(boards(tmp_path / "high"), rate=1e3, activation="sigmoid", y=NOISE)
    result = doctor(tmp_path / "high", "--lang", "zh")
    assert result.exit_code == 3
    assert "学习率过高" in result.stdout
    assert "这次训练没有写下这些" in result.stdout
    fitted(boards(tmp_path / "good"))
    result = doctor(tmp_path / "good")
    assert (result.exit_code, result.stderr) == (0, "")
    assert "is healthy: nothing is wrong as far as can be seen after 3 epochs." in result.stdout
    assert "the training wrote nothing of them. tfnotes.callbacks.Doctor(x, y) does." in result.stdout


def test_a_callback_of_ours_alone(tmp_path):
    fitted(DeadUnits(tmp_path, X))
    report = json.loads(doctor(tmp_path, "--json").stdout)
    assert (report["epochs"], report["findings"]) == (3, [])
    assert "dead units" in report["unseen"]


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (lambda folder: None, "must be a run folder, with a config.json, or hold event files"),
        (lambda folder: (written(folder / "a", epoch_loss=(1.0,)), written(folder / "b", epoch_loss=(1.0,))), "of one"),
        (lambda folder: written(folder, **{"batch_loss/x": ()}), "must hold event files that tell of an epoch"),
        (lambda folder: (folder / "events.tfevents.1").write_bytes(b"of another kind " * 9), "144 of 144 bytes"),
    ],
)
def test_nothing_to_examine(tmp_path, make, says):
    make(tmp_path)
    result = doctor(tmp_path)
    assert result.exit_code == 1
    assert says in result.stderr
    assert result.stderr.count("\n") == 1
