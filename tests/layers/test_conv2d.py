"""Conv2D on paper, by plain loops, in both data formats and in groups, at sizes known late."""

import keras
import numpy as np
import pytest

from tests.contracts.test_parity import DEFINITION, assert_equal, made
from tfnotes import layers, parity, registry
from tfnotes.errors import InputError
from tfnotes.registry import Sample

# The filter of note 003:146.
X = np.array([[1, 0, 1], [0, 1, 0], [1, 0, 1]])
IMAGE = np.array(
    [
        [18, 54, 51, 239, 244],
        [55, 121, 75, 78, 95],
        [35, 24, 204, 113, 109],
        [3, 154, 104, 235, 25],
    ]
)
# The table inside the zeros of note 003:168-173.
TABLE = np.array([[35, 19, 25, 6], [13, 22, 16, 53], [4, 3, 7, 10], [9, 8, 1, 3]])


def filtered(image, kernel, **arguments):
    """What a layer of one filter makes of one image of one channel."""
    layer = layers.Conv2D(1, kernel.shape, use_bias=False, **arguments)
    layer.build((1, *image.shape, 1))
    layer.set_weights([kernel[..., None, None]])
    return keras.ops.convert_to_numpy(layer(image[None, ..., None].astype("float32")))[0, ..., 0]


def by_loops(x, kernel, bias, strides, dilation, groups):
    """The equation, one multiplication at a time, without padding."""
    rows, columns, inputs, filters = kernel.shape
    height = (x.shape[1] - (rows - 1) * dilation[0] - 1) // strides[0] + 1
    width = (x.shape[2] - (columns - 1) * dilation[1] - 1) // strides[1] + 1
    z = np.zeros((len(x), height, width, filters)) + bias
    for n, i, j, o in np.ndindex(z.shape):
        first = o // (filters // groups) * inputs
        for a, b, c in np.ndindex(rows, columns, inputs):
            row, column = i * strides[0] + a * dilation[0], j * strides[1] + b * dilation[1]
            z[n, i, j, o] += x[n, row, column, first + c] * kernel[a, b, c, o]
    return z


def test_by_hand():
    # Note 004:101: 18 + 51 + 121 + 35 + 204 = 429.
    np.testing.assert_array_equal(filtered(IMAGE, X), [[429, 505, 686], [261, 792, 412]])


def test_padding_by_hand():
    np.testing.assert_array_equal(filtered(TABLE, X), [[93, 54], [42, 93]])
    same = [[57, 48, 100, 22], [35, 93, 54, 85], [34, 42, 93, 27], [12, 19, 14, 10]]
    np.testing.assert_array_equal(filtered(TABLE, X, padding="same"), same)
    np.testing.assert_array_equal(filtered(TABLE, X, padding="same", strides=2), [[93, 85], [19, 10]])
    np.testing.assert_array_equal(filtered(TABLE, X, strides=2), [[93]])


def test_an_impulse_shows_the_kernel_turned_round():
    # So it is a cross-correlation: a convolution would show the kernel as it is.
    kernel = np.arange(1, 7).reshape(3, 2)
    impulse = np.zeros((5, 3))
    impulse[2, 1] = 1
    np.testing.assert_array_equal(filtered(impulse, kernel), kernel[::-1, ::-1])


@pytest.mark.parametrize(
    "arguments",
    [
        {"kernel_size": (3, 2)},
        {"kernel_size": (1, 4), "strides": (2, 3)},
        {"kernel_size": (2, 3), "dilation_rate": (3, 2)},
        {"kernel_size": (2, 3), "strides": (1, 2), "groups": 2},
        {"kernel_size": 1, "groups": 4},
    ],
)
def test_equals_the_equation_in_loops(arguments):
    layer = made(layers.Conv2D, Sample({"filters": 8, **arguments}, (2, 7, 8, 4)), "float64")
    x = np.random.default_rng(0).normal(size=(2, 7, 8, 4))
    expected = by_loops(x, *layer.get_weights(), layer.strides, layer.dilation_rate, layer.groups)
    np.testing.assert_allclose(layer(x), expected, rtol=1e-9)


@pytest.mark.parametrize(
    "arguments",
    [
        {"kernel_size": (3, 2), "strides": (2, 1), "padding": "same", "activation": "tanh"},
        {"kernel_size": 2, "dilation_rate": (2, 1)},
    ],
)
def test_channels_first_is_the_twins_channels_last_transposed(arguments):
    # The twin's own channels_first doesn't run on processors under TensorFlow.
    first = made(
        layers.Conv2D,
        Sample({"filters": 4, "data_format": "channels_first", **arguments}, (2, 3, 7, 6)),
        "float64",
    )
    last = made(keras.layers.Conv2D, Sample({"filters": 4, **arguments}, (2, 7, 6, 3)), "float64")
    last.set_weights(first.get_weights())
    x = np.random.default_rng(0).normal(size=(2, 3, 7, 6))
    expected = np.moveaxis(keras.ops.convert_to_numpy(last(np.moveaxis(x, 1, -1))), -1, 1)
    np.testing.assert_allclose(first(x), expected, rtol=1e-9)
    assert first.compute_output_shape((None, 3, 7, 6)) == (None, *expected.shape[1:])


@pytest.mark.parametrize("arguments", [{}, {"strides": (2, 1), "padding": "same", "activation": "sigmoid"}])
def test_groups_equal_the_twin_and_the_definition_with_gradients(arguments):
    concept = registry.find("conv2d")
    sample = Sample({"filters": 6, "kernel_size": (3, 2), "groups": 3, **arguments}, (2, 5, 6, 6))
    ours, theirs = parity.results(concept, sample, seed=1)
    assert_equal(ours, theirs)
    spelled_out = parity.layer(concept.target, sample, 1, "float64", function=concept.definition)
    assert_equal(ours, spelled_out, DEFINITION)


def test_activation_is_of_the_sum_with_the_bias():
    layer = layers.Conv2D(1, 1, activation="relu")
    layer.build((1, 1, 3, 1))
    layer.set_weights([np.full((1, 1, 1, 1), 2), np.array([-5])])
    y = layer(np.array([1.0, 2.0, 4.0]).reshape(1, 1, 3, 1))
    np.testing.assert_array_equal(np.ravel(y), [0, 0, 3])


def test_one_layer_takes_images_of_any_size():
    inputs = keras.Input((None, None, 3))
    layer = layers.Conv2D(4, (3, 2), padding="valid", strides=(2, 1))
    model = keras.Model(inputs, layer(inputs))
    assert model.output_shape == (None, None, None, 4)
    for height, width in ((5, 4), (8, 2)):
        y = model(np.ones((2, height, width, 3)))
        assert tuple(y.shape) == layer.compute_output_shape((2, height, width, 3))
    with pytest.raises(InputError, match="Conv2D: `input_shape` must be at least as large as the window"):
        model(np.ones((2, 2, 4, 3)))


@pytest.mark.parametrize(
    ("arguments", "shape"),
    [
        ({"kernel_size": 4}, (2, 3, 9, 1)),
        ({"kernel_size": (1, 4)}, (2, 9, 3, 1)),
        ({"kernel_size": 3, "dilation_rate": 3}, (2, 6, 9, 1)),
        ({"kernel_size": 4, "data_format": "channels_first"}, (2, 9, 3, 9)),
    ],
)
def test_a_window_larger_than_the_image_is_refused_in_one_sentence(arguments, shape):
    for inputs in (np.ones(shape), keras.Input(shape[1:])):
        with pytest.raises(InputError) as caught:
            layers.Conv2D(2, **arguments)(inputs)
        assert str(caught.value).startswith("Conv2D: `input_shape` must be at least as large as the window")
        assert "\n" not in str(caught.value)
    assert layers.Conv2D(2, 4, padding="same")(np.ones((2, 3, 9, 1))).shape == (2, 3, 9, 2)


def test_a_pair_may_be_any_sequence():
    inputs = np.random.default_rng(0).normal(size=(1, 7, 6, 1))
    given = [{"kernel_size": kind([3, 2]), "strides": kind([1, 2])} for kind in (tuple, list, np.array)]
    found = [layers.Conv2D(2, kernel_initializer="ones", **sizes)(inputs) for sizes in given]
    assert layers.Conv2D(2, **given[2]).get_config()["kernel_size"] == (3, 2)
    np.testing.assert_array_equal(found[1], found[0])
    np.testing.assert_array_equal(found[2], found[0])
    for wrong in (np.array(3.0), np.array([3, 2, 1]), np.array([2.5, 1]), "33"):
        with pytest.raises(InputError, match=r"^Conv2D: `kernel_size` must be one positive integer or a pair"):
            layers.Conv2D(2, wrong)


def test_channels_that_do_not_divide_are_refused():
    with pytest.raises(
        InputError, match=r"^Conv2D: `groups` must be a divisor of filters=4. Received: groups=3.$"
    ):
        layers.Conv2D(4, 3, groups=3)
    with pytest.raises(
        InputError, match=r"^Conv2D: `input_shape` must be of channels that divide into groups=2"
    ):
        layers.Conv2D(4, 3, groups=2)(np.ones((2, 5, 5, 3)))
    with pytest.raises(InputError, match=r"^Conv2D: `dilation_rate` must be 1 with strides=\(2, 2\)"):
        layers.Conv2D(4, 3, strides=2, dilation_rate=2)
    for strides, dilation_rate in (((2, 1), (2, 1)), ((1, 2), (3, 1))):
        with pytest.raises(InputError, match=r"^Conv2D: `dilation_rate` must be 1 with strides="):
            layers.Conv2D(4, 3, strides=strides, dilation_rate=dilation_rate)
