"""Convolutional maxout: special cases, one Conv2D per piece, central differences."""

import keras
import numpy as np
import pytest

from tests.helpers import central_differences, in_double, products
from tfnotes import layers
from tfnotes._gradients import vjp


def random_layer(rng, shape, **arguments):
    layer = layers.MaxoutConv2D(**arguments, dtype="float64")
    layer.build(shape)
    layer.set_weights([rng.normal(size=w.shape) for w in layer.get_weights()])
    return layer


@pytest.mark.parametrize("window", [{"strides": (2, 1)}, {"padding": "same"}, {"dilation_rate": 2}])
@pytest.mark.parametrize("pieces", [1, 2, 3])
def test_equals_the_largest_of_one_builtin_convolution_per_piece(window, pieces):
    rng = np.random.default_rng(0)
    x = rng.normal(size=(2, 7, 6, 3))
    layer = random_layer(rng, x.shape, filters=4, kernel_size=(3, 2), pieces=pieces, **window)
    kernel, bias = layer.get_weights()
    maps = []
    for k in range(pieces):
        conv = keras.layers.Conv2D(4, (3, 2), dtype="float64", **window)
        conv.build(x.shape)
        conv.set_weights([kernel[..., 4 * k : 4 * (k + 1)], bias[4 * k : 4 * (k + 1)]])
        maps.append(np.asarray(conv(x)))
    np.testing.assert_allclose(layer(x), np.max(maps, axis=0), rtol=products(1e-9), atol=products(0))


def test_channels_first_is_channels_last_transposed():
    rng = np.random.default_rng(0)
    x = rng.normal(size=(2, 6, 5, 3))
    last = random_layer(rng, x.shape, filters=2, kernel_size=3)
    first = random_layer(rng, (2, 3, 6, 5), filters=2, kernel_size=3, data_format="channels_first")
    first.set_weights(last.get_weights())
    np.testing.assert_allclose(
        np.moveaxis(np.asarray(first(np.moveaxis(x, -1, 1))), 1, -1), last(x), rtol=1e-12
    )


def test_a_window_of_one_pixel_is_maxout_of_the_channels():
    rng = np.random.default_rng(0)
    x = rng.normal(size=(2, 4, 5, 3))
    layer = random_layer(rng, x.shape, filters=4, kernel_size=1, pieces=3)
    dense = layers.Maxout(4, pieces=3, dtype="float64")
    dense.build(x.shape)
    kernel, bias = layer.get_weights()
    dense.set_weights([kernel[0, 0], bias])
    np.testing.assert_allclose(layer(x), dense(x), rtol=products(1e-12), atol=products(0))


def test_two_pieces_express_the_absolute_value_of_a_filter():
    rng = np.random.default_rng(0)
    x = rng.normal(size=(1, 5, 5, 1))
    layer = random_layer(rng, x.shape, filters=1, kernel_size=3, use_bias=False)
    edge = np.array([[1.0, 0, -1]] * 3)
    layer.set_weights([np.stack([edge, -edge], axis=-1)[:, :, None]])
    conv = keras.layers.Conv2D(1, 3, use_bias=False, dtype="float64")
    conv.build(x.shape)
    conv.set_weights([edge[:, :, None, None]])
    np.testing.assert_allclose(layer(x), np.abs(np.asarray(conv(x))), rtol=products(1e-12), atol=products(0))


@in_double
def test_gradient_matches_central_differences():
    rng = np.random.default_rng(1)
    x = rng.normal(size=(1, 3, 4, 2))
    layer = random_layer(rng, x.shape, filters=2, kernel_size=2, pieces=3)
    weight = rng.normal(size=layer.compute_output_shape(x.shape))
    _, _, (gradient,) = vjp(lambda x: (layer(x), ()), [x], lambda shape: weight)
    expected = central_differences(lambda x: float(np.sum(np.asarray(layer(x)) * weight)), x)
    np.testing.assert_allclose(gradient, expected, rtol=1e-6, atol=1e-8)
