"""Average pooling on paper, what padding counts for, and how the gradient is shared."""

import keras
import numpy as np
import pytest

from tests.helpers import ON_TORCH
from tfnotes import layers
from tfnotes._gradients import vjp

# The table of note 003:169-172.
TABLE = np.array([[35.0, 19, 25, 6], [13, 22, 16, 53], [4, 3, 7, 10], [9, 8, 1, 3]])


def pooled(image, *arguments, **options):
    y = layers.AveragePooling2D(*arguments, **options, dtype="float64")(image[None, ..., None])
    return keras.ops.convert_to_numpy(y)[0, ..., 0]


def test_by_hand():
    np.testing.assert_allclose(pooled(TABLE), [[22.25, 25], [6, 5.25]], rtol=1e-12)
    np.testing.assert_allclose(pooled(TABLE, 3, 1), [[144 / 9, 161 / 9], [83 / 9, 123 / 9]], rtol=1e-12)
    np.testing.assert_allclose(pooled(TABLE, (1, 4)), [[21.25], [26], [6], [5.25]], rtol=1e-12)


@pytest.mark.skipif(ON_TORCH, reason="Keras's kernel on PyTorch counts the padding behind, with the twin too")
def test_padding_is_not_counted():
    # One row and column are added behind: windows of 9, 6, 6 and 4 numbers.
    np.testing.assert_allclose(pooled(TABLE, 3, 2, "same"), [[16, 19.5], [32 / 6, 5.25]], rtol=1e-12)
    np.testing.assert_allclose(pooled(np.ones((5, 7)), (3, 4), 1, "same"), np.ones((5, 7)), rtol=1e-12)


def test_the_gradient_is_shared_by_the_window():
    layer = layers.AveragePooling2D(dtype="float64")
    x = TABLE[None, ..., None]
    _, _, (dx,) = vjp(lambda x: (layer(x), ()), [x], lambda shape: np.arange(1.0, 5).reshape(shape))
    np.testing.assert_allclose(dx[0, ..., 0], np.kron([[1, 2], [3, 4]], np.full((2, 2), 0.25)), rtol=1e-12)


def test_channels_first_is_channels_last_transposed():
    x = np.random.default_rng(0).normal(size=(2, 3, 7, 8))
    first = layers.AveragePooling2D((3, 2), (2, 3), "same", "channels_first", dtype="float64")
    last = layers.AveragePooling2D((3, 2), (2, 3), "same", dtype="float64")
    expected = keras.ops.transpose(last(np.moveaxis(x, 1, -1)), (0, 3, 1, 2))
    np.testing.assert_allclose(first(x), expected, rtol=1e-12)
    assert first.compute_output_shape((None, 3, None, 8)) == (None, 3, None, 3)


def test_one_layer_takes_images_of_any_size():
    inputs = keras.Input((None, None, 3))
    model = keras.Model(inputs, layers.AveragePooling2D(2)(inputs))
    assert model.output_shape == (None, None, None, 3)
    for height, width in ((5, 4), (8, 2)):
        assert tuple(model(np.ones((2, height, width, 3))).shape) == (2, height // 2, width // 2, 3)
