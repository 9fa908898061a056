"""Max pooling on paper, what it gives where all is negative, and who gets the gradient."""

import keras
import numpy as np
import pytest

from tfnotes import layers
from tfnotes._gradients import vjp
from tfnotes.errors import InputError

# The table of note 003:169-172.
TABLE = np.array([[35.0, 19, 25, 6], [13, 22, 16, 53], [4, 3, 7, 10], [9, 8, 1, 3]])


def pooled(image, *arguments, **options):
    y = layers.MaxPooling2D(*arguments, **options)(image[None, ..., None])
    return keras.ops.convert_to_numpy(y)[0, ..., 0]


def test_by_hand():
    np.testing.assert_array_equal(pooled(TABLE), [[35, 53], [9, 10]])
    np.testing.assert_array_equal(pooled(TABLE, 3, 1), [[35, 53], [22, 53]])
    np.testing.assert_array_equal(pooled(TABLE, (1, 4)), [[35], [53], [10], [9]])
    np.testing.assert_array_equal(pooled(TABLE, 3), [[35]])


def test_same_padding_by_hand():
    # One row and column are added, behind: the windows start at 0 and 2.
    np.testing.assert_array_equal(pooled(TABLE, 3, 2, "same"), [[35, 53], [9, 10]])
    # As large as the image, it reaches 1 in front of it and 2 behind.
    expected = [[35, 53, 53, 53], [35, 53, 53, 53], [22, 53, 53, 53], [9, 10, 10, 10]]
    np.testing.assert_array_equal(pooled(TABLE, 4, 1, "same"), expected)


def test_padding_is_no_number_that_could_win():
    np.testing.assert_array_equal(pooled(-TABLE, 3, 2, "same"), [[-3, -6], [-1, -1]])


def test_the_gradient_goes_to_the_largest():
    layer = layers.MaxPooling2D(dtype="float64")
    x = TABLE[None, ..., None]
    _, _, (dx,) = vjp(lambda x: (layer(x), ()), [x], lambda shape: np.arange(1.0, 5).reshape(shape))
    expected = np.zeros((4, 4))
    expected[0, 0], expected[1, 3], expected[3, 0], expected[2, 3] = 1, 2, 3, 4
    np.testing.assert_array_equal(dx[0, ..., 0], expected)


def test_channels_first_is_channels_last_transposed():
    x = np.random.default_rng(0).normal(size=(2, 3, 7, 8))
    first = layers.MaxPooling2D((3, 2), (2, 3), "same", "channels_first", dtype="float64")
    last = layers.MaxPooling2D((3, 2), (2, 3), "same", dtype="float64")
    expected = keras.ops.transpose(last(np.moveaxis(x, 1, -1)), (0, 3, 1, 2))
    np.testing.assert_array_equal(first(x), expected)
    assert first.compute_output_shape((None, 3, None, 8)) == (None, 3, None, 3)


def test_one_layer_takes_images_of_any_size():
    inputs = keras.Input((None, None, 3))
    model = keras.Model(inputs, layers.MaxPooling2D(2)(inputs))
    assert model.output_shape == (None, None, None, 3)
    for height, width in ((5, 4), (8, 2)):
        assert tuple(model(np.ones((2, height, width, 3))).shape) == (2, height // 2, width // 2, 3)


@pytest.mark.parametrize("name", ["MaxPooling2D", "AveragePooling2D"])
def test_a_window_larger_than_the_image_is_refused_in_one_sentence(name):
    cls = getattr(layers, name)
    for inputs in (np.ones((2, 2, 9, 1)), keras.Input((2, 9, 1))):
        with pytest.raises(InputError) as caught:
            cls(3)(inputs)
        assert str(caught.value).startswith(
            f"{name}: `input_shape` must be at least as large as pool_size=(3, 3)"
        )
        assert "\n" not in str(caught.value)
    with pytest.raises(InputError, match="at least as large as pool_size"):
        cls((1, 10))(np.ones((2, 2, 9, 1)))
    assert tuple(cls(3, padding="same")(np.ones((2, 2, 9, 1))).shape) == (2, 1, 3, 1)
