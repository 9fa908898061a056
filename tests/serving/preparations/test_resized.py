"""Images of another size are TensorFlow's, to rounding."""

import numpy as np
import pytest
import tensorflow as tf

from tfnotes.serving import resizing
from tfnotes.serving.preparations.resized import pixels, resize, to_bytes

SIZES = [((28, 28), (28, 28)), ((1, 1), (5, 3)), ((90, 7), (20, 20)), ((3, 80), (64, 1)), ((17, 31), (29, 11))]


@pytest.mark.parametrize(("old", "new"), SIZES)
@pytest.mark.parametrize("channels", [1, 3])
def test_as_tensorflow(old, new, channels):
    image = np.random.default_rng(0).uniform(0, 255, (*old, channels)).astype("float32")
    found = resize(image, new)
    np.testing.assert_allclose(found, tf.image.resize(image, new, antialias=True), atol=255e-5)
    # What stands in an exported model counts as exactly as this.
    np.testing.assert_allclose(found, resizing.resize(image, new), atol=255e-12)


def test_by_hand():
    image = np.array([[0.0, 4.0, 8.0, 12.0]])[:, :, None]
    # Twice as wide triangles over 4 pixels, cut at the border: weights 3 3 1 and 1 3 3 of 7.
    np.testing.assert_allclose(resize(image, (1, 2))[0, :, 0], [20 / 7, 64 / 7], rtol=1e-6)
    # Centres a quarter beside the old ones.
    np.testing.assert_allclose(resize(image[:, :2], (1, 4))[0, :, 0], [0, 1, 3, 4], rtol=1e-6)


def test_halves_are_halves_whatever_their_last_digit():
    halves = np.array([0.5, 1.5, 2.5, 254.5, 255.5]) + np.array([[-1e-9], [1e-9]])
    expected = [[0, 2, 2, 254, 255]] * 2
    np.testing.assert_array_equal(to_bytes(halves), expected)
    np.testing.assert_array_equal(resizing.to_bytes(halves), expected)


def test_each_colour_weighs_what_it_is_seen_as():
    colours = np.eye(3)[None] * 255
    found = [int(pixels(colours[:, k : k + 1], [1, 1])[0, 0]) for k in range(3)]
    assert found == [76, 150, 29]
