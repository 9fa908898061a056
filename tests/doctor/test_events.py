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
from tfnotes.doctor import events
from tfnotes.doctor.events import contents, shifts, with_accuracy
from tfnotes.errors import InputError
from tfnotes.language import Words
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


def histogram(*rows):
    return np.array(rows, float).reshape(-1, 3)


def test_of_weights_that_no_gradient_moves_and_of_empty_ones_no_shift_is_told():
    moves = {1: histogram([-1, 0, 1], [0, 1, 1]), 2: histogram([-1, 0, 1], [0, 2, 1])}
    known = {"kernel/histogram": moves}
    for other in ("seed_generator/histogram", "moving_variance", "gradients/kernel"):
        assert shifts(known | {other: moves}) == shifts(known) == {"weight_shift/kernel": {2: 2.0}}
    # Nothing is in a histogram of no values, or in buckets of none; one epoch alone has no shift.
    empty = {1: histogram([-1, 0, 1], [0, 1, 1]), 2: histogram(), 3: histogram([-1, 0, 1], [0, 1.5, 1])}
    assert shifts({"kernel": empty}) == {"weight_shift/kernel": {3: 1.0}}
    assert shifts({"kernel": {1: histogram([0, 4, 0], [4, 8, 0])}}) == {}
    assert shifts(known | {"once": {1: moves[1]}}) == shifts(known)
    assert shifts({}) == {}


def test_the_deviation_beside_which_a_shift_is_told_is_the_largest_at_first():
    # Three values about 0 and one about 4: mean 1, deviation root 3, of the middles of their buckets.
    first = histogram([-1, 1, 3], [3, 5, 1])
    moved = {5: first, 3: first, 7: histogram([-1, 1, 3], [3, 8, 1])}
    small = {3: histogram([-0.1, 0.1, 2]), 5: histogram([-0.1, 0.3, 2])}
    found = shifts({"a": moved, "b": small})
    assert found == {
        "weight_shift/a": {5: 0.0, 7: pytest.approx(3 / 3**0.5)},
        "weight_shift/b": {5: pytest.approx(0.2 / 3**0.5)},
    }


def test_what_counts_as_the_accuracy():
    assert with_accuracy({"acc": 1})["accuracy"] == 1
    assert with_accuracy({"val_sparse_categorical_accuracy": 1}) == {
        "val_sparse_categorical_accuracy": 1, "val_accuracy": 1,
    }
    assert with_accuracy({"accuracy": 1, "top_accuracy": 2}) == {"accuracy": 1, "top_accuracy": 2}
    assert with_accuracy({"first_accuracy": 1, "top_accuracy": 2})["accuracy"] == 1
    assert with_accuracy({"accuracy_of_much": 1, "loss": 2}) == {"accuracy_of_much": 1, "loss": 2}


def test_figures_of_ours_and_what_is_seen_of_the_inside(tmp_path):
    tags = ("loss", "gradient_norm", "gradient_norm/a", "update_ratio/a", "binary_accuracy")
    # More epochs than TensorBoard keeps of a curve unless it is told to.
    written(tmp_path, **dict.fromkeys(tags, np.linspace(1, 2, 12)))
    with tf.summary.create_file_writer(str(tmp_path)).as_default():
        tf.summary.text("diverged", "loss became nan in epoch 3", step=3)
    history = read(tmp_path)
    assert set(history.figures) == {"loss", "binary_accuracy", "accuracy"}
    assert set(history.curves) == {"gradient_norm", "gradient_norm/a", "update_ratio/a"}
    assert list(history.figures["loss"]) == list(range(12))
    assert history.figures["loss"][11] == 2.0
    assert (history.config, history.unread) == ({}, ())
    assert history.diverged == Words("loss became nan in epoch 3", "第 3 轮时 loss 变成了 nan")


def test_of_keras_only_what_is_of_the_inside_is_a_curve(tmp_path):
    written(tmp_path, **{"epoch_loss": (2.0,), "batch_loss": (3.0,), "update_ratio/a": (0.5,)})
    with tf.summary.create_file_writer(str(tmp_path)).as_default():
        tf.summary.text("diverged", "it broke", step=1)
    history = read(tmp_path)
    assert (set(history.figures), set(history.curves)) == ({"loss"}, {"update_ratio/a"})
    assert history.diverged == Words("it broke", "it broke")


def test_a_folder_that_is_none_holds_nothing(tmp_path):
    assert contents(tmp_path / "none") == ({}, {}, None, ())


@pytest.mark.parametrize(
    ("made", "trained", "held"),
    [
        (("",), "", None),
        (("train",), "train", None),
        (("deep/x",), "deep/x", None),
        (("train", "validation"), "train", "validation"),
        (("train", "validation", "other"), "train", "validation"),
        (("", "validation"), "", "validation"),
        (("", "other"), "", None),
        (("x", "x/validation"), "x", "x/validation"),
        (("validation",), "validation", None),
    ],
)
def test_the_folder_of_a_training_and_that_of_its_validation(tmp_path, made, trained, held):
    for name in made:
        (tmp_path / name).mkdir(parents=True, exist_ok=True)
        (tmp_path / name / "events.out.tfevents.1").touch()
    # A folder of that name is no file of events.
    (tmp_path / "else" / "tfevents").mkdir(parents=True)
    expected = tmp_path / trained, None if held is None else tmp_path / held
    assert events._folders(tmp_path) == expected


def test_what_it_can_not_examine_is_named(tmp_path):
    for number in range(6):
        written(tmp_path / f"run-{number}", epoch_loss=(1.0,))
    with pytest.raises(InputError) as error:
        read(tmp_path)
    five = ", ".join(str(tmp_path / f"run-{number}") for number in range(5))
    assert str(error.value) == f"doctor: `run` must hold the event files of one training. Received: {five}."
    (tmp_path / "none").mkdir()
    with pytest.raises(InputError) as error:
        read(tmp_path / "none")
    expected = "be a run folder, with a config.json, or hold event files"
    assert str(error.value) == f"doctor: `run` must {expected}. Received: {str(tmp_path / 'none')!r}."
    for name, tags, received in (("of-batches", {"batch_a/x": ()}, "no scalars"),):
        written(tmp_path / name, **tags)
        with pytest.raises(InputError) as error:
            read(tmp_path / name)
        expected = "hold event files that tell of an epoch, such as epoch_loss"
        assert str(error.value) == f"doctor: {str(tmp_path / name)!r} must {expected}. Received: {received}."
