"""Images of another size are TensorFlow's, to rounding."""

import io

import numpy as np
import pytest
import tensorflow as tf
from PIL import Image

from tfnotes.errors import InputError
from tfnotes.serving import resizing
from tfnotes.serving.preparations import resized
from tfnotes.serving.preparations.opened import opened
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


class Export:
    """Takes examples of some shape, and gives back what it is asked."""

    path = "there"

    def __init__(self, *shape):
        self.shape = ["batch", *shape]

    def endpoint(self, name):
        return {"inputs": {"examples": {"shape": self.shape}}}

    def ask(self, name, pixels):
        return name, pixels


def file_of(array, mode=None):
    stream = io.BytesIO()
    Image.fromarray(array, mode).save(stream, "PNG")
    return stream.getvalue()


@pytest.mark.parametrize("shape", [(2, 3), (2, 3, 1), (2, 3, 3)])
def test_files_become_examples_of_the_shape_that_is_taken(shape):
    gray = np.array([[0, 10, 20], [30, 40, 255]], "uint8")
    files = [file_of(gray), file_of(np.repeat(gray[..., None], 3, -1)), file_of(255 - gray)]
    name, found = resized.answer(Export(*shape), "examples", {}, files)
    wanted = np.stack([gray, gray, 255 - gray])
    wanted = wanted if len(shape) == 2 else np.repeat(wanted[..., None], shape[2], -1)
    assert (name, found.dtype) == ("examples", np.uint8)
    np.testing.assert_array_equal(found, wanted)
    assert resized.answer(Export(*shape), "examples", {}, [])[1].shape == (0, *shape)


@pytest.mark.parametrize("shape", [(2,), (2, 3, 2), (2, 3, 1, 1), ("height", 3), (2, "width", 3)])
def test_an_endpoint_that_takes_no_images(shape):
    reason = r"there is damaged \(the endpoint examples takes no images in metadata.json\)"
    with pytest.raises(InputError, match=reason):
        resized.answer(Export(*shape), "examples", {}, [])


def test_what_is_no_image_file():
    for content in (b"", b"text", file_of(np.zeros((9, 9), "uint8"))[:40]):
        with pytest.raises(InputError, match=r"^encoded: `images` must be image files\. Received: [^\n]+\.$"):
            opened(content, ("L", "RGB"))
    colours = np.array([[[255, 0, 0], [0, 0, 9]]], "uint8")
    np.testing.assert_array_equal(opened(file_of(colours), ("L", "RGB")), colours)
    np.testing.assert_array_equal(opened(file_of(colours), ("RGB", "L")), colours)
    # Of another mode it becomes the last one.
    assert opened(file_of(colours), ("LA", "L"))[..., 0].tolist() == [[76, 1]]
    assert opened(file_of(colours[..., 0]), ("RGB",)).tolist() == [[[255] * 3, [0] * 3]]
