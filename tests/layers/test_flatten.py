"""Flatten's order on paper, for either data format, and shapes at the edge."""

import keras
import numpy as np
import pytest

from tfnotes import layers


def test_by_hand():
    # Row by row, and in each place its channels.
    x = np.array([[[[1, 2], [3, 4], [5, 6]], [[7, 8], [9, 10], [11, 12]]]])
    np.testing.assert_array_equal(layers.Flatten()(x), [range(1, 13)])


def test_channels_first_gives_the_order_of_channels_last():
    x = np.random.default_rng(0).normal(size=(2, 4, 5, 3)).astype("float32")
    first = layers.Flatten(data_format="channels_first")(np.moveaxis(x, -1, 1))
    np.testing.assert_array_equal(first, layers.Flatten()(x))
    assert np.abs(first - np.moveaxis(x, -1, 1).reshape(2, -1)).max() > 0


@pytest.mark.parametrize("shape", [(3,), (3, 4), (3, 1, 2), (0, 4, 2), (2, 0, 3)])
@pytest.mark.parametrize("data_format", ["channels_last", "channels_first"])
def test_keeps_the_batch_whatever_the_rank_and_if_empty(shape, data_format):
    layer = layers.Flatten(data_format=data_format)
    y = layer(np.ones(shape))
    assert tuple(y.shape) == layer.compute_output_shape(shape) == (shape[0], int(np.prod(shape[1:])))


def test_keeps_the_type():
    assert keras.backend.standardize_dtype(layers.Flatten()(np.ones((2, 3, 4), "int32")).dtype) == "int32"


@pytest.mark.parametrize("data_format", ["channels_last", "channels_first"])
def test_a_size_may_be_unknown(data_format):
    inputs = keras.Input((None, 3))
    model = keras.Model(inputs, layers.Flatten(data_format)(inputs))
    assert model.output_shape == (None, None)
    for n in (2, 5):
        assert tuple(model(np.ones((4, n, 3))).shape) == (4, 3 * n)
