"""Mean centering by hand, over every choice of axes, and back."""

import numpy as np
import pytest

from tests.preprocessing.layers import adapted
from tfnotes.errors import InputError
from tfnotes.preprocessing import MeanCentering

IMAGES = np.random.default_rng(0).integers(0, 256, size=(30, 4, 5, 3), dtype="uint8")


def test_by_hand():
    layer = adapted(MeanCentering, np.array([[1.0, 10], [3, 20], [5, 60]]))
    np.testing.assert_array_equal(layer.mean, [3, 30])
    np.testing.assert_array_equal(layer(np.array([[0.0, 0], [3, 30]])), [[-3, -30], [0, 0]])
    assert int(layer.count) == 3


@pytest.mark.parametrize(
    ("axis", "over"),
    [(-1, (0, 1, 2)), (None, None), ((1, 2, 3), 0), ((1, 3), (0, 2)), (2, (0, 1, 3)), ((-1, 1), (0, 2))],
)
def test_centers_over_all_other_axes(axis, over):
    layer = adapted(MeanCentering, IMAGES, axis=axis)
    y = np.asarray(layer(IMAGES))
    np.testing.assert_allclose(y.mean(axis=over), 0, atol=1e-9)
    np.testing.assert_allclose(y, IMAGES - IMAGES.mean(axis=over, keepdims=True), atol=1e-9)


def test_the_inverse_gives_the_inputs_back():
    layer = adapted(MeanCentering, IMAGES)
    np.testing.assert_allclose(layer.inverse(layer(IMAGES)), IMAGES, rtol=1e-12)
    back = adapted(MeanCentering, IMAGES, invert=True)
    np.testing.assert_allclose(back(layer(IMAGES)), IMAGES, rtol=1e-12)
    np.testing.assert_allclose(back.inverse(IMAGES.astype("float64")), layer(IMAGES), rtol=1e-12)


@pytest.mark.parametrize("axis", [0, (0, 1), 4, -5, (1, -3), (1, 1)])
def test_axes_that_dont_fit_are_refused(axis):
    with pytest.raises(InputError, match="MeanCentering: `axis` must be None, or different axes after the first"):
        MeanCentering(axis).build((None, 4, 5, 3))


def test_what_is_said_of_axes_and_sizes():
    for axis, shape, argument, expected, received in (
        (3, (None, 4, 5), "axis", "None, or different axes after the first of inputs with 3 axes", "(3,)"),
        ((1, 2), (None, 4, None), "input_shape", "a shape with a fixed size on each axis of (1, 2)", "(None, 4, None)"),
        (-1, (None, 0, 3), "input_shape", "a shape with at least one feature", "(None, 0, 3)"),
    ):
        with pytest.raises(InputError) as caught:
            MeanCentering(axis).build(shape)
        assert str(caught.value) == f"MeanCentering: `{argument}` must be {expected}. Received: {argument}={received}."
    # Only the sizes on its axes need be known.
    layer = MeanCentering((1, -1))
    layer.build((None, 4, None, 3))
    assert (tuple(layer.mean.shape), layer.compute_output_shape((7, 4, 2, 3))) == ((4, 3), (7, 4, 2, 3))
    assert MeanCentering().supports_masking


def test_no_inverse_before_it_is_adapted():
    layer = MeanCentering(invert=True)
    layer.build((None, 3))
    with pytest.raises(InputError, match="`adapt` must be called before the layer is"):
        layer.inverse(np.ones((1, 3)))
