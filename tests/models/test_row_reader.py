"""A recurrent network that reads images: in the order of their rows, or of their pixels."""

import keras
import numpy as np
import pytest
from keras import ops

from tfnotes import layers, models
from tfnotes.errors import InputError
from tfnotes.models.recurrent_classifier import CELLS
from tfnotes_tasks.mnist import TASK

SHAPE = (4, 3, 1)


def built(cell="lstm", **options):
    keras.utils.set_random_seed(0)
    return models.row_reader(cell, SHAPE, 5, units=4, **options)


@pytest.mark.parametrize(("features", "steps"), [(0, 4), (1, 12), (6, 2)])
def test_a_step_reads_a_row_or_as_many_pixels_as_it_is_told(features, steps):
    model, x = built(features=features), np.random.default_rng(0).normal(size=(2, *SHAPE)).astype("float32")
    cell, dense = model.get_layer("lstm_1").cell, model.get_layer("logits")
    states = cell.get_initial_state(2)
    for row in np.moveaxis(x.reshape(2, steps, -1), 1, 0):
        h, states = cell(row, states)
    np.testing.assert_allclose(model(x), dense(h), rtol=1e-5, atol=1e-6)


def test_a_row_of_a_picture_in_colours_is_read_at_once():
    model = models.row_reader("rnn", (4, 3, 2), 5, units=4)
    assert model.layers[1].output.shape == (None, 4, 6)


@pytest.mark.parametrize("cell", ["rnn", "gru", "lstm"])
def test_layers_are_of_the_namespace_and_give_the_same_numbers(cell):
    ours, theirs = built(cell, depth=2), built(cell, depth=2, layers=keras.layers)
    theirs.set_weights(ours.get_weights())
    x = np.random.default_rng(0).normal(size=(2, *SHAPE)).astype("float32")
    np.testing.assert_allclose(ours(x), theirs(x), rtol=1e-4, atol=1e-5)
    for model, namespace in ((ours, layers), (theirs, keras.layers)):
        read = [layer for layer in model.layers if layer.name.startswith(cell)]
        assert [type(layer) for layer in read] == [getattr(namespace, CELLS[cell])] * 2


@pytest.mark.parametrize(("name", "steps"), [("rnn", 28), ("lstm", 28), ("gru", 28), ("pixel-lstm", 784)])
def test_the_digits_task_has_it(name, steps):
    recipe = TASK.recipe(name)
    model = recipe.build(units=3)
    assert model.output_shape == (None, 10)
    assert model.layers[1].output.shape == (None, steps, 784 // steps)
    assert type(recipe.optimizer(0.1)).__name__ == "Adam"


def test_learns_which_row_is_bright():
    rng = np.random.default_rng(0)
    y = rng.integers(4, size=200)
    x = rng.uniform(0, 0.3, (200, *SHAPE)).astype("float32")
    x[np.arange(200), y] += 0.7
    model = built("gru", dropout=0.0)
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(keras.optimizers.Adam(0.05), loss, metrics=["accuracy"])
    history = model.fit(x, y, epochs=25, batch_size=50, verbose=0).history
    assert history["accuracy"][-1] > 0.95
    assert ops.shape(model(x)) == (200, 5)


def test_an_irnn_hands_its_state_on():
    model = built("rnn", identity=True, features=1)
    cell = model.get_layer("rnn_1").cell
    np.testing.assert_array_equal(cell.recurrent_kernel, np.eye(4))
    assert np.abs(cell.kernel).max() < 0.01
    # Nothing is forgotten: with steps of inputs of one sign, the state is their sum, rectified.
    x = np.random.default_rng(0).random((3, *SHAPE)).astype("float32")
    wanted = np.maximum(x.reshape(3, -1).sum(1, keepdims=True) * cell.kernel, 0)
    dense = model.get_layer("logits")
    np.testing.assert_allclose(model(x), wanted @ dense.kernel + dense.bias, rtol=1e-4, atol=1e-7)


def test_what_has_gates_is_no_irnn():
    with pytest.raises(InputError, match="row_reader: `identity` must be false for all cells but rnn"):
        built("lstm", identity=True)
