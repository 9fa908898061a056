"""What people write on top of recurrent layers: under one global seed, ours gives what Keras's gives.

Each recipe is written once and made on either package; layers are small, and all of them read the same batch.
"""

import copy
import pickle

import keras
import numpy as np
import pytest
from keras import ops

from tests.layers.recurrent import KINDS, ON_TENSORFLOW
from tfnotes import layers

X = np.random.default_rng(0).normal(size=(3, 5, 4)).astype("float32")
MASK = np.array([[1, 1, 1, 0, 0], [0, 1, 0, 1, 1], [0, 0, 0, 0, 0]], bool)
SEQUENCES = {"return_sequences": True}


def registered(cls):
    return keras.saving.register_keras_serializable(f"theirs {cls.__mro__[1].__module__}")(cls)


def scaled(base):
    """A layer with an argument of its own, that passes all others on and overrides `call`."""

    @registered
    class Scaled(base):
        def __init__(self, *args, scale=2.0, **kwargs):
            super().__init__(*args, **kwargs)
            self.scale = scale

        def call(self, sequences, initial_state=None, mask=None, training=False):
            return self.scale * super().call(sequences, initial_state=initial_state, mask=mask, training=training)

        def get_config(self):
            return {**super().get_config(), "scale": self.scale}

    return Scaled


def plain(base):
    """A layer that changes nothing, with the one argument that it names."""

    @registered
    class Plain(base):
        def __init__(self, units, **kwargs):
            super().__init__(units, **kwargs)

    return Plain


def residual(base):
    """A cell that adds to what its base's step gives."""

    @registered
    class Residual(base):
        def call(self, inputs, states, training=False):
            output, states = super().call(inputs, states, training=training)
            return output + ops.mean(inputs, axis=-1, keepdims=True), states

    return Residual


def with_method(name, method):
    """A recipe for a subclass whose method `name` is what `method(super's)` gives."""

    def make(base):
        def overridden(self, *args, **kwargs):
            return method(getattr(super(made, self), name), *args, **kwargs)

        made = registered(type(f"With_{name}", (base,), {name: overridden}))
        return made

    return make


def twice_the_loop(loop, *args, **kwargs):
    last, outputs, states = loop(*args, **kwargs)
    return 2 * last, 2 * outputs, states


def from_ones(initial_state, *args, **kwargs):
    return [state + 1 for state in initial_state(*args, **kwargs)]


def three_ones(draw, step_input):
    return 3 * ops.ones_like(step_input)


def deep(namespace, *cells):
    return namespace.RNN(namespace.StackedRNNCells(list(cells)), **SEQUENCES)


RECIPES = {
    "a layer's call": lambda n, layer, cell: scaled(layer)(3, scale=5.0, **SEQUENCES),
    "a layer's arguments": lambda n, layer, cell: plain(layer)(
        3, activation="relu", dropout=0.5, kernel_regularizer="l2", **SEQUENCES
    ),
    "a layer's loop": lambda n, layer, cell: with_method("inner_loop", twice_the_loop)(layer)(3, **SEQUENCES),
    "a layer's states": lambda n, layer, cell: with_method("get_initial_state", from_ones)(layer)(3),
    "a cell's call": lambda n, layer, cell: n.RNN(residual(cell)(3), **SEQUENCES),
    "a cell's call in a stack": lambda n, layer, cell: deep(n, residual(cell)(3), cell(2)),
    "a cell's call in a list": lambda n, layer, cell: n.RNN([cell(2), residual(cell)(3, dropout=0.2)]),
    "a cell's call in Keras's": lambda n, layer, cell: keras.layers.RNN([residual(cell)(3, dropout=0.3), cell(2)]),
    "a cell's states": lambda n, layer, cell: n.RNN(with_method("get_initial_state", from_ones)(cell)(3)),
    "a cell's masks": lambda n, layer, cell: n.RNN(with_method("get_dropout_mask", three_ones)(cell)(3, dropout=0.5)),
    "a cell in Keras's": lambda n, layer, cell: keras.layers.RNN(cell(3, dropout=0.4), **SEQUENCES),
    "a stack's call": lambda n, layer, cell: n.RNN(residual(n.StackedRNNCells)([cell(3), cell(2)])),
    "an RNN's call": lambda n, layer, cell: scaled(n.RNN)(cell(3), scale=4.0, **SEQUENCES),
    "both directions' call": lambda n, layer, cell: scaled(n.Bidirectional)(layer(3, **SEQUENCES), scale=0.5),
    "both directions of a layer": lambda n, layer, cell: n.Bidirectional(scaled(layer)(3), merge_mode="sum"),
    "both directions of a cell": lambda n, layer, cell: n.Bidirectional(n.RNN(residual(cell)(3))),
}


def made(recipe, namespace, kind):
    keras.utils.set_random_seed(11)
    return RECIPES[recipe](namespace, getattr(namespace, kind), getattr(namespace, f"{kind}Cell"))


def numbers(layer, x=X, **options):
    return [ops.convert_to_numpy(a) for a in keras.tree.flatten(layer(x, **options))]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("recipe", RECIPES)
def test_an_override_gives_what_it_gives_on_keras(recipe, kind):
    ours, theirs = (made(recipe, namespace, kind) for namespace in (layers, keras.layers))
    found = []
    for layer in (ours, theirs):
        # PyTorch draws masks from one generator for all.
        keras.utils.set_random_seed(12)
        outputs = numbers(layer, mask=MASK) + numbers(layer, training=True)
        found.append([*outputs, *(ops.convert_to_numpy(a) for a in (*layer.losses, *layer.weights))])
    for a, b in zip(*found, strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-4, atol=1e-5)
    same = set(theirs.get_config()) - {"layer", "backward_layer", "cell"}
    assert same <= set(ours.get_config())


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("recipe", ["a layer's call", "a cell's call in a stack", "both directions' call"])
def test_a_subclass_is_saved_cloned_and_copied(recipe, kind, tmp_path):
    layer = made(recipe, layers, kind)
    model = keras.Sequential([keras.Input((5, 4)), layer])
    model.save(tmp_path / "model.keras")
    copies = [keras.saving.load_model(tmp_path / "model.keras"), keras.models.clone_model(model)]
    copies += [pickle.loads(pickle.dumps(model)), copy.deepcopy(model)]
    copies[1].set_weights(model.get_weights())
    for other in copies:
        assert type(other.layers[-1]) is type(layer)
        assert getattr(other.layers[-1], "scale", None) == getattr(layer, "scale", None)
        np.testing.assert_array_equal(*numbers(model), *numbers(other))


@pytest.mark.skipif(not ON_TENSORFLOW, reason="SavedModels are TensorFlow's")
@pytest.mark.parametrize("kind", KINDS)
def test_an_override_goes_into_an_export(kind, tmp_path):
    import tensorflow as tf

    model = keras.Sequential([keras.Input((5, 4)), made("a cell's call", layers, kind)])
    model.export(tmp_path / "model", verbose=False)
    loaded = tf.saved_model.load(tmp_path / "model")
    np.testing.assert_allclose(loaded.serve(X), *numbers(model), rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_replaced_on_an_object_is_called(kind):
    layer = getattr(layers, kind)(3)
    plain, step = numbers(layer)[0], layer.cell.call

    def call(inputs, states, training=False):
        output, states = step(inputs, states, training=training)
        return output + 1, states

    layer.cell.call = call
    np.testing.assert_allclose(numbers(layer)[0], plain + 1, rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("kind", KINDS)
def test_attributes_are_where_keras_has_them(kind):
    options = {"dropout": 0.2, "recurrent_dropout": 0.1, "name": "same"}
    ours, theirs = (getattr(namespace, kind)(3, **options) for namespace in (layers, keras.layers))
    for layer in (ours, theirs):
        layer.build((2, 4, 5))
    for a, b in ((ours, theirs), (ours.cell, theirs.cell)):
        # Of a layer that was never called.
        public = {name for name in dir(b) if not name.startswith("_")} - {"input", "output"}
        assert public <= set(dir(a))
        values = {name: getattr(b, name) for name in public - {"path"}}
        for name, value in values.items():
            if isinstance(value, (bool, int, float, str)) or name in ("state_size", "states"):
                assert getattr(a, name) == value, name
    with pytest.raises(AttributeError):
        ours.units = 4
