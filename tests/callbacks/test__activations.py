import keras
import numpy as np
import pytest

from tfnotes import layers
from tfnotes.callbacks._activations import Activations, by_unit, function_of
from tfnotes.callbacks._inference import BATCH
from tfnotes.callbacks.predictions import predicted


@pytest.mark.parametrize(
    ("layer", "name"),
    [
        (keras.layers.Dense(1, activation="relu"), "relu"),
        (keras.layers.Activation("tanh"), "tanh"),
        (keras.layers.Dense(1), "linear"),
        (keras.layers.ReLU(), "relu"),
        (layers.Dense(1, activation="relu"), "relu"),
        (layers.ReLU(), "relu"),
        (keras.layers.Flatten(), "flatten"),
    ],
)
def test_the_function_that_an_output_went_through(layer, name):
    assert function_of(layer) == name


@pytest.mark.parametrize("data_format", ["channels_last", "channels_first"])
def test_a_column_for_each_map(data_format):
    maps = np.arange(24).reshape(2, 3, 2, 2)
    output = maps if data_format == "channels_first" else np.moveaxis(maps, 1, -1)
    columns = by_unit(layers.Conv2D(3, 1, data_format=data_format), output)
    np.testing.assert_array_equal(columns, np.moveaxis(maps, 1, -1).reshape(8, 3))


def test_layers_in_their_order():
    inputs = keras.Input((2,))
    twice, inner = keras.layers.Dense(2, name="twice"), keras.Sequential([keras.layers.Dense(2)], name="inner")
    outputs = keras.layers.Dense(1, name="last")(inner(twice(twice(inputs))))
    model = keras.Model(inputs, outputs)
    activations = Activations(None, model, lambda layer: True)
    assert [layer.name for layer in activations.layers] == ["twice", "inner", "last"]
    x = np.random.default_rng(0).normal(size=(BATCH + 3, 2)).astype("float32")
    batches = list(activations.batches(x))
    assert [[len(output) for output in batch] for batch in batches] == [[BATCH] * 3, [3] * 3]
    np.testing.assert_allclose(np.concatenate([last for _, _, last in batches]), predicted(model, x), rtol=1e-5)
    np.testing.assert_allclose(batches[1][0], twice(x[BATCH:]), rtol=1e-5)
    assert list(Activations(None, model, lambda layer: False).batches(x)) == []


def test_a_layer_of_another_model_is_left_out():
    inputs = keras.Input((2,))
    layer, last = keras.layers.Dense(2, name="shared"), keras.layers.Dense(1, name="last")
    layer(keras.Input((2,)))
    model = keras.Model(inputs, last(layer(inputs)))
    assert [found.name for found in Activations(None, model, lambda layer: True).layers] == ["last"]
