"""Explicit zeros around a convolution: first the zeros, then the convolution (note 000:74-82)."""

import json

import keras
import numpy as np
import pytest

from tests.helpers import products
from tfnotes import layers
from tfnotes._gradients import vjp
from tfnotes.layers.conv2d import conv2d

PADDINGS = [0, 2, (1, 3), ((1, 0), (2, 3)), [[0, 2], 1]]


def sides(padding):
    return layers.ZeroPadding2D(padding).padding


@pytest.mark.parametrize("padding", PADDINGS)
@pytest.mark.parametrize("window", [{"strides": (2, 1)}, {"dilation_rate": (1, 2)}])
@pytest.mark.parametrize("data_format", ["channels_last", "channels_first"])
def test_equals_the_twin_behind_zero_padding(padding, window, data_format):
    rng = np.random.default_rng(0)
    shape = (2, 6, 7, 3) if data_format == "channels_last" else (2, 3, 6, 7)
    layer = layers.Conv2D(4, (3, 2), padding=padding, data_format=data_format, dtype="float64", **window)
    assert layer.compute_output_shape(shape) == layer(np.zeros(shape)).shape
    layer.set_weights([rng.normal(size=w.shape) for w in layer.get_weights()])
    x = rng.normal(size=shape)
    # The twin's kernel for processors only knows channels last.
    last = x if data_format == "channels_last" else np.moveaxis(x, 1, -1)
    twin = keras.layers.Conv2D(4, (3, 2), dtype="float64", **window)
    padded = keras.layers.ZeroPadding2D(sides(padding), dtype="float64")(last)
    twin.build(padded.shape)
    twin.set_weights(layer.get_weights())
    expected = np.asarray(twin(padded))
    y = np.asarray(layer(x))
    np.testing.assert_allclose(
        y if data_format == "channels_last" else np.moveaxis(y, 1, -1), expected, rtol=1e-9
    )


@pytest.mark.parametrize("padding", PADDINGS)
def test_values_and_gradients_equal_the_definition(padding):
    rng = np.random.default_rng(1)
    x, kernel, cotangent = (
        rng.normal(size=(2, 5, 6, 2)),
        rng.normal(size=(3, 2, 2, 4)),
        rng.normal(size=10_000),
    )
    layer = layers.Conv2D(4, (3, 2), padding=padding, use_bias=False, dtype="float64")
    layer.build(x.shape)

    def seed(shape):
        return np.resize(cotangent, shape)

    ours = vjp(lambda x, k: layer.stateless_call([k], [], x), [x, kernel], seed)
    spelled_out = vjp(lambda x, k: (conv2d(x, k, padding=sides(padding)), ()), [x, kernel], seed)
    np.testing.assert_allclose(ours[0], spelled_out[0], rtol=products(1e-9), atol=products(0))
    for a, b in zip(ours[2], spelled_out[2], strict=True):
        np.testing.assert_allclose(a, b, rtol=products(1e-9), atol=products(1e-12))


@pytest.mark.parametrize(("window", "zeros"), [(3, 1), (5, 2), ((3, 5), (1, 2))])
def test_the_notes_sizes_keep_the_image_and_equal_same(window, zeros):
    x = np.random.default_rng(0).normal(size=(1, 8, 9, 2)).astype("float32")
    explicit, same = layers.Conv2D(3, window, padding=zeros), layers.Conv2D(3, window, padding="same")
    explicit.build(x.shape)
    same.build(x.shape)
    same.set_weights(explicit.get_weights())
    assert tuple(explicit(x).shape) == (1, 8, 9, 3)
    np.testing.assert_allclose(explicit(x), same(x), rtol=1e-5, atol=1e-6)


def test_config_and_unknown_sizes():
    layer = layers.Conv2D(3, 3, padding=(1, (0, 2)))
    assert layer.padding == ((1, 1), (0, 2))
    copy = layers.Conv2D.from_config(json.loads(json.dumps(layer.get_config())))
    assert copy.padding == ((1, 1), (0, 2))
    assert layer.compute_output_shape((None, None, 4, 2)) == (None, None, 4, 3)


def test_zeros_make_room_for_a_window_larger_than_the_image():
    assert layers.Conv2D(1, 5, padding=1)(np.ones((1, 3, 4, 1), "float32")).shape == (1, 1, 2, 1)
    with pytest.raises(ValueError, match="Conv2D: `input_shape` must be at least as large as the window"):
        layers.Conv2D(1, 5)(np.ones((1, 3, 4, 1), "float32"))


@pytest.mark.parametrize("cls", [layers.MaxPooling2D, layers.AveragePooling2D, layers.MinPooling2D])
def test_pooling_takes_no_number_of_zeros(cls):
    with pytest.raises(ValueError, match=rf"{cls.__name__}: `padding` must be one of 'valid', 'same'"):
        cls(padding=1)
