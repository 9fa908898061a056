"""Zero padding by hand, with note 003's picture, and the notes' sizes under a convolution."""

import numpy as np
import pytest

from tfnotes import layers

# Note 003:166-174: a 4 x 4 image, and zeros around it (its last row and column are cut off there).
IMAGE = np.array([[35, 19, 25, 6], [13, 22, 16, 53], [4, 3, 7, 10], [9, 8, 1, 3]], "float32")


def test_the_picture_of_note_003():
    y = np.asarray(layers.ZeroPadding2D(1)(IMAGE[None, :, :, None]))[0, :, :, 0]
    np.testing.assert_array_equal(y[1:5, 1:5], IMAGE)
    assert y.shape == (6, 6)
    assert y.sum() == IMAGE.sum()


@pytest.mark.parametrize(
    ("padding", "sides"),
    [
        (2, ((2, 2), (2, 2))),
        ((0, 3), ((0, 0), (3, 3))),
        (((1, 2), (0, 3)), ((1, 2), (0, 3))),
        ([[1, 2], 4], ((1, 2), (4, 4))),
    ],
)
@pytest.mark.parametrize("data_format", ["channels_last", "channels_first"])
def test_which_side_gets_how_many(padding, sides, data_format):
    x = np.random.default_rng(0).normal(size=(2, 3, 4, 5)).astype("float32")
    layer = layers.ZeroPadding2D(padding, data_format=data_format)
    around = ((0, 0), (0, 0), *sides) if data_format == "channels_first" else ((0, 0), *sides, (0, 0))
    np.testing.assert_array_equal(layer(x), np.pad(x, around))
    assert layer.padding == sides


@pytest.mark.parametrize(("window", "zeros"), [(3, 1), (5, 2)])
def test_the_notes_sizes_keep_the_image(window, zeros):
    x = np.ones((1, 28, 20, 2), "float32")
    padded = layers.ZeroPadding2D(zeros)(x)
    for layer in (layers.Conv2D(3, window), layers.MaxPooling2D(window, strides=1)):
        assert tuple(layer(padded).shape[1:3]) == (28, 20)


def test_unknown_sizes_stay_unknown():
    assert layers.ZeroPadding2D(1).compute_output_shape((None, None, 4, 3)) == (None, None, 6, 3)
