import keras
import numpy as np
import pytest
from keras import ops

from tfnotes import layers
from tfnotes.callbacks._activations import Activations, by_unit
from tfnotes.callbacks._examples import BATCH, Examples
from tfnotes.callbacks.predictions import Predictions, predicted


def every(layer):
    return True


def shown(model, x, wanted=every, **options):
    """The outputs of all batches, by layer."""
    activations = Activations(model, wanted, **options)
    batches = list(activations.batches(Examples("test", x)))
    return {name: np.concatenate([batch[name] for batch in batches]) for name in activations.layers}


def normal(*shape):
    return np.random.default_rng(0).normal(size=shape).astype("float32")


@pytest.mark.parametrize("data_format", ["channels_last", "channels_first"])
def test_a_column_for_each_map(data_format):
    maps = np.arange(24).reshape(2, 3, 2, 2)
    output = maps if data_format == "channels_first" else np.moveaxis(maps, 1, -1)
    columns = by_unit(layers.Conv2D(3, 1, data_format=data_format), output)
    np.testing.assert_array_equal(columns, np.moveaxis(maps, 1, -1).reshape(8, 3))


def test_layers_in_the_order_of_their_calls_those_of_a_model_inside_too():
    inputs = keras.Input((2,))
    twice = keras.layers.Dense(2, name="twice")
    inner = keras.Sequential([keras.layers.Dense(2, name="dense"), keras.layers.ReLU(name="relu")], name="inner")
    outputs = keras.layers.Dense(1, name="last")(inner(twice(twice(inputs))))
    model, x = keras.Model(inputs, outputs), normal(BATCH + 3, 2)
    found = shown(model, x)
    assert list(found) == ["twice", "inner/dense", "inner/relu", "last"]
    # The layer that stands twice has been asked twice of each example.
    first, second = twice(x), twice(twice(x))
    expected = np.concatenate([first[:BATCH], second[:BATCH], first[BATCH:], second[BATCH:]])
    np.testing.assert_allclose(found["twice"], expected, rtol=1e-5)
    np.testing.assert_allclose(found["last"], predicted(model, Examples("test", x)), rtol=1e-5)
    assert list(Activations(model, lambda layer: False).batches(Examples("test", x))) == []


def test_the_model_is_as_it_was():
    model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(2, name="a")])
    layer = model.layers[0]
    before = {**vars(layer)}
    shown(model, normal(3, 2))
    assert vars(layer).keys() == before.keys()
    assert layer.output is before.get("output", layer.output)


def test_a_layer_that_is_used_elsewhere_too():
    inputs = keras.Input((2,))
    layer, last = keras.layers.Dense(2, name="shared"), keras.layers.Dense(1, name="last")
    layer(keras.Input((2,)))
    model = keras.Model(inputs, last(layer(inputs)))
    assert list(shown(model, normal(3, 2))) == ["shared", "last"]


class Block(keras.layers.Layer):
    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.parts = [keras.layers.Dense(3, name="dense"), {"act": keras.layers.ReLU(name="act")}]

    def call(self, x):
        return self.parts[1]["act"](self.parts[0](x))


class Own(keras.Model):
    def __init__(self):
        super().__init__()
        self.block = Block(name="block")
        self.head = keras.layers.Dense(1, name="head")

    def call(self, x):
        return self.head(self.block(x))


def test_a_model_of_ones_own_and_a_layer_of_layers():
    model, x = Own(), normal(3, 2)
    model(x)
    relu = lambda layer: isinstance(layer, keras.layers.ReLU)  # noqa: E731
    found = shown(model, x, relu)
    np.testing.assert_allclose(found["block/act"], ops.relu(model.block.parts[0](x)), rtol=1e-5)
    assert list(shown(model, x, composite=False)) == ["block", "head"]


def test_wrappers():
    inner = keras.Sequential([keras.Input((2,)), keras.layers.Dense(3, "relu", name="dense")], name="inner")
    model = keras.Sequential(
        [
            keras.Input((4, 2)),
            keras.layers.TimeDistributed(inner, name="steps"),
            layers.Bidirectional(layers.SimpleRNN(2, activation="relu", name="rnn"), name="both"),
            keras.layers.SpectralNormalization(keras.layers.Dense(2, name="dense"), name="normal"),
        ]
    )
    x = normal(5, 4, 2)
    found = shown(model, x, lambda layer: not hasattr(layer, "layer") and not hasattr(layer, "forward_layer"))
    assert list(found) == ["steps/inner/dense", "both/forward_rnn", "both/backward_rnn", "normal/dense"]
    np.testing.assert_allclose(found["steps/inner/dense"], inner(x.reshape(20, 2)), rtol=1e-5)


class Looping(keras.layers.Layer):
    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.step = keras.layers.Dense(2, name="step")

    def call(self, x):
        return ops.fori_loop(0, 2, lambda k, h: self.step(h), x)


def test_what_is_computed_in_a_loop_is_left_out():
    layer = Looping()
    layer.step.build((None, 2))
    model = keras.Sequential([keras.Input((2,)), layer, keras.layers.Dense(1, name="last")])
    assert list(shown(model, normal(3, 2), lambda layer: isinstance(layer, keras.layers.Dense))) == ["last"]


def test_a_function_between_layers():
    inputs = keras.Input((2,))
    model = keras.Model(inputs, keras.layers.Dense(1)(keras.activations.relu(inputs)))
    x = normal(3, 2)
    (found,) = shown(model, x, lambda part: not isinstance(part, keras.Layer)).values()
    np.testing.assert_array_equal(found, np.maximum(x, 0))


class Twice(keras.Model):
    def __init__(self):
        super().__init__()
        self.layer = keras.layers.Dense(2, name="twice")

    def call(self, x):
        return self.layer(x[:, :3]), self.layer(x)


def test_a_layer_that_is_called_on_two_sizes_gives_the_first():
    model, x = Twice(), normal(5, 4, 1)
    model(x)
    np.testing.assert_allclose(shown(model, x)["twice"], model.layer(x[:, :3]), rtol=1e-5)


class Alike(keras.Model):
    def __init__(self):
        super().__init__()
        self.both = [keras.layers.Dense(1, name="same"), keras.layers.Dense(2, name="same")]

    def call(self, x):
        return self.both[1](self.both[0](x))


def test_two_layers_of_one_name_are_told_apart():
    model = Alike()
    model(normal(3, 2))
    assert {name: output.shape for name, output in shown(model, normal(3, 2)).items()} == {
        "same": (3, 1),
        "same_1": (3, 2),
    }


def test_nothing_is_dropped():
    model = keras.Sequential([keras.Input((9,)), keras.layers.Dropout(0.9, name="dropped"), keras.layers.Dense(1)])
    x = normal(4, 9)
    np.testing.assert_array_equal(shown(model, x)["dropped"], x)
    np.testing.assert_array_equal(Predictions(x).outputs(model), Predictions(x).outputs(model))
