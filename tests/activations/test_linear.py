"""The identity: the very tensor, of whatever dtype."""

import keras
import numpy as np

from tests.helpers import products
from tfnotes import activations, layers


def test_gives_back_the_tensor_itself():
    for x in (keras.ops.ones((2, 3)), keras.ops.array([1, 2])):
        assert activations.linear(x) is x


def test_layers_without_activation_are_one_affine_map():
    rng = np.random.default_rng(0)
    deep = keras.Sequential([layers.Dense(n, activation="linear", dtype="float64") for n in (4, 6, 2)])
    deep.build((None, 5))
    deep.set_weights([rng.normal(size=w.shape) for w in deep.get_weights()])
    x = rng.normal(size=(7, 5))
    bias = deep(np.zeros((1, 5)))
    kernel = deep(np.eye(5)) - bias
    np.testing.assert_allclose(deep(x), x @ np.asarray(kernel) + np.asarray(bias), rtol=products(1e-12))
