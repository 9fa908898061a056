"""Min pooling has no builtin twin: by hand, against max pooling of -x, and as a definition with loops."""

import keras
import numpy as np
import pytest

from tests.helpers import central_differences
from tfnotes import layers
from tfnotes._gradients import vjp

WINDOWS = [
    {"pool_size": 2},
    {"pool_size": (3, 2), "strides": (2, 1), "padding": "same"},
    {"pool_size": (2, 3), "strides": 1, "padding": "same"},
    {"pool_size": 3, "strides": 2},
]


def test_by_hand():
    x = np.array([[1.0, 5, 2, 4], [3, 7, 8, 6], [9, 2, 5, 5], [4, 3, 6, 5]]).reshape(1, 4, 4, 1)
    y = np.asarray(layers.MinPooling2D()(x))
    np.testing.assert_array_equal(y[0, :, :, 0], [[1, 2], [2, 5]])


def test_same_padding_is_never_the_smallest():
    x = np.full((1, 3, 3, 1), 7.0, "float32")
    np.testing.assert_array_equal(layers.MinPooling2D(2, padding="same")(x), np.full((1, 2, 2, 1), 7))
    np.testing.assert_array_equal(layers.MinPooling2D(2, padding="same")(-x), np.full((1, 2, 2, 1), -7))


@pytest.mark.parametrize("window", WINDOWS)
def test_equals_minus_the_twin_max_of_minus_x(window):
    x = np.random.default_rng(0).normal(size=(2, 7, 6, 3))
    y = layers.MinPooling2D(**window, dtype="float64")(x)
    np.testing.assert_array_equal(y, -np.asarray(keras.layers.MaxPooling2D(**window, dtype="float64")(-x)))


@pytest.mark.parametrize("window", WINDOWS)
def test_equals_loops_over_what_a_window_sees(window):
    x = np.random.default_rng(0).normal(size=(1, 7, 6, 2))
    layer = layers.MinPooling2D(**window, dtype="float64")
    y = np.asarray(layer(x))
    (rows, columns), (down, right) = layer.pool_size, layer.strides
    top, left = 0, 0
    if layer.padding == "same":
        top = max((y.shape[1] - 1) * down + rows - 7, 0) // 2
        left = max((y.shape[2] - 1) * right + columns - 6, 0) // 2
    for i in range(y.shape[1]):
        for j in range(y.shape[2]):
            a, b = i * down - top, j * right - left
            seen = x[0, max(a, 0) : a + rows, max(b, 0) : b + columns]
            np.testing.assert_array_equal(y[0, i, j], seen.min(axis=(0, 1)))


def test_gradient_matches_central_differences():
    rng = np.random.default_rng(1)
    x, layer = rng.normal(size=(1, 4, 5, 2)), layers.MinPooling2D((2, 3), 1, "same", dtype="float64")
    weight = rng.normal(size=layer.compute_output_shape(x.shape))
    _, _, (gradient,) = vjp(lambda x: (layer(x), ()), [x], lambda shape: weight)
    expected = central_differences(lambda x: float(np.sum(np.asarray(layer(x)) * weight)), x)
    np.testing.assert_allclose(gradient, expected, rtol=1e-6, atol=1e-8)
