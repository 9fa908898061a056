"""The layer forms say what their functions say; their defaults are Keras's, and masks pass on."""

import keras
import numpy as np
import pytest

from tfnotes import activations, layers

X = np.random.default_rng(0).normal(size=(4, 5)).astype("float32")


@pytest.mark.parametrize(
    ("layer", "function"),
    [
        (
            layers.ReLU(max_value=1, negative_slope=0.5, threshold=0.25),
            lambda x: activations.relu(x, 0.5, 1, 0.25),
        ),
        (layers.LeakyReLU(0.01), lambda x: activations.leaky_relu(x, 0.01)),
        (layers.LeakyReLU(), lambda x: activations.leaky_relu(x, 0.3)),
        (layers.ELU(0.5), lambda x: activations.elu(x, 0.5)),
        (layers.Softmax(axis=0), lambda x: activations.softmax(x, 0)),
    ],
)
def test_equals_its_function(layer, function):
    np.testing.assert_array_equal(layer(X), function(keras.ops.array(X)))


@pytest.mark.parametrize(
    "cls", [layers.ReLU, layers.LeakyReLU, layers.ELU, layers.Softmax, layers.PReLU, layers.RReLU]
)
def test_a_mask_passes_on(cls):
    x = keras.ops.array(np.ones((2, 3, 3), "float32"))
    masked = keras.layers.Masking(mask_value=1.0)(x) if cls is not layers.Softmax else None
    if masked is None:
        assert layers.Softmax().supports_masking
        return
    np.testing.assert_array_equal(cls()(masked)._keras_mask, np.zeros((2, 3), bool))
