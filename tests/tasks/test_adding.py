"""The adding problem: what is drawn, what reads it, and what leaves."""

import keras
import numpy as np
import pytest
import tensorflow as tf
from click.testing import CliRunner

from tfnotes import layers, models
from tfnotes.cli import main
from tfnotes.errors import InputError
from tfnotes.models.recurrent_classifier import CELLS
from tfnotes_tasks.adding import TASK, drawn


def test_two_numbers_are_marked_one_in_either_half():
    splits = drawn(50, counts=(300, 20, 30))
    assert [len(part) for part in (splits.train, splits.validation, splits.test)] == [300, 20, 30]
    x, y = splits.train.x, splits.train.y
    assert (x.shape, x.dtype, y.shape, y.dtype) == ((300, 50, 2), "float32", (300, 1), "float32")
    numbers, marks = x[..., 0], x[..., 1]
    assert ((marks == 0) | (marks == 1)).all()
    assert (marks[:, :25].sum(1) == 1).all()
    assert (marks[:, 25:].sum(1) == 1).all()
    for row in range(300):
        assert y[row, 0] == pytest.approx(sum(n for n, mark in zip(numbers[row], marks[row], strict=True) if mark))
    assert len(set(np.argmax(marks[:, :25], 1))) == 25, "anywhere in its half"
    # Uniform numbers: a sum of two has mean 1 and variance 1 / 6, within five standard errors.
    assert numbers.mean() == pytest.approx(0.5, abs=5 * (1 / 12 / numbers.size) ** 0.5)
    assert np.mean((y - 1) ** 2) == pytest.approx(1 / 6, abs=5 * (7 / 180 / 300) ** 0.5)


def test_they_are_the_same_every_time_and_no_two_alike():
    first, second = (drawn(50, counts=(20, 20, 20)) for _ in range(2))
    np.testing.assert_array_equal(first.test.x, second.test.x)
    assert not np.array_equal(first.train.x, first.validation.x)
    assert not np.array_equal(first.train.x, first.test.x)


@pytest.mark.parametrize("cell", ["rnn", "gru", "lstm"])
def test_the_number_is_made_of_the_last_state(cell):
    keras.utils.set_random_seed(0)
    ours, theirs = (models.sequence_regressor(cell, 2, units=3, layers=of) for of in (layers, keras.layers))
    theirs.set_weights(ours.get_weights())
    x = np.random.default_rng(0).normal(size=(4, 6, 2)).astype("float32")
    read = ours.get_layer(cell)
    assert type(read) is getattr(layers, CELLS[cell])
    states = read.cell.get_initial_state(4)
    for step in np.moveaxis(x, 1, 0):
        h, states = read.cell(step, states)
    number = ours.get_layer("number")
    np.testing.assert_allclose(ours(x), h @ number.kernel + number.bias, rtol=1e-5, atol=1e-6)
    np.testing.assert_allclose(ours(x), theirs(x), rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("of", [layers, keras.layers], ids=["ours", "keras"])
def test_gates_that_remember(of):
    keras.utils.set_random_seed(0)
    model = models.sequence_regressor("lstm", 2, units=500, memory=400, layers=of)
    i, f, g, o = np.split(np.asarray(model.get_layer("lstm").cell.bias), 4)
    np.testing.assert_array_equal(i, -f)
    np.testing.assert_array_equal(np.concatenate([g, o]), 0)
    # Uniform between 1 and 399: mean 200, deviation 115, of 500 within five standard errors.
    steps = np.exp(f)
    assert 1 <= steps.min() < 10
    assert 390 < steps.max() <= 399.01
    assert steps.mean() == pytest.approx(200, abs=26)
    again = keras.Model.from_config(model.get_config())
    np.testing.assert_array_equal(again.get_layer("lstm").cell.bias, model.get_layer("lstm").cell.bias)
    keras.utils.set_random_seed(1)
    other = models.sequence_regressor("lstm", 2, units=500, memory=400, layers=of)
    assert not np.array_equal(other.get_layer("lstm").cell.bias, model.get_layer("lstm").cell.bias)


@pytest.mark.parametrize(("cell", "memory"), [("gru", 100), ("lstm", 2), ("lstm", -1), ("lstm", 2.5), ("lstm", 10**46)])
def test_memory_that_is_none(cell, memory):
    says = "0 with the cell gru, as only lstm" if cell == "gru" else ""
    with pytest.raises(InputError, match=f"sequence_regressor: `memory` must be {says}"):
        models.sequence_regressor(cell, 2, memory=memory)


def test_it_is_trained_evaluated_and_exported(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setitem(TASK.sources, "50", lambda folder: drawn(50, counts=(40, 8, 8)))
    command = "train adding --data 50 --epochs 1 --set units=4 --inspect full --run run"
    trained = CliRunner().invoke(main, command.split())
    assert (trained.exit_code, trained.exception) == (0, None), trained.output
    assert "test  loss" in trained.stdout
    measured = CliRunner().invoke(main, ["evaluate", "run"])
    assert "loss" in measured.stdout
    exported = CliRunner().invoke(main, ["export", "run"])
    assert exported.exit_code == 0, exported.output
    served = tf.saved_model.load("saved_models/adding/1").signatures["serving_default"]
    for length in (50, 7):
        assert served(sequences=tf.zeros((3, length, 2)))["sum"].shape == (3,)


def test_the_length_alone_decides_what_is_drawn():
    found, random = drawn(40, "a folder", (3, 1, 1)).train, np.random.default_rng(40)
    np.testing.assert_array_equal(found.x[..., 0], random.random((3, 40), "float32"))
    first, second = random.integers(0, 20, 3), random.integers(20, 40, 3)
    assert [np.flatnonzero(row).tolist() for row in found.x[..., 1]] == np.stack([first, second], 1).tolist()
    # The longer half of an odd length is the second.
    marks = drawn(3, counts=(60, 1, 1)).train.x[..., 1]
    assert marks.sum(0)[0] == 60
    assert (marks.sum(0)[1:] > 0).all()
