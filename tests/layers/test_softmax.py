"""The softmax layer's masks, against the twin and by hand."""

import keras
import numpy as np
import pytest

from tfnotes import layers
from tfnotes._gradients import vjp
from tfnotes.layers.softmax import masked_softmax

ROWS = np.array([[0.0, np.log(3.0), 9.0], [1.0, 2.0, 3.0]])


def test_masked_by_hand():
    mask = np.array([[True, True, False], [False, False, False]])
    y = layers.Softmax(dtype="float64")(ROWS, mask=keras.ops.array(mask))
    np.testing.assert_allclose(y, [[0.25, 0.75, 0], [0, 0, 0]], rtol=1e-12)


def test_a_mask_of_numbers_keeps_what_is_above_a_half():
    y = layers.Softmax(dtype="float64")(ROWS, mask=keras.ops.array([[0.6, 1.0, 0.4], [0.5, 0.0, 0.7]]))
    np.testing.assert_allclose(y, [[0.25, 0.75, 0], [0, 0, 1]], rtol=1e-12)


@pytest.mark.parametrize("dtype", ["float16", "bfloat16", "float32", "float64"])
def test_a_row_masked_whole_has_zeros_and_no_nan_gradient(dtype):
    x, mask = np.array([[2.0, 1.0]]), np.zeros((1, 2), bool)
    y, _, (gradient,) = vjp(lambda x: (masked_softmax(keras.ops.cast(x, dtype), mask), ()), [x], np.ones)
    np.testing.assert_array_equal(y.astype("float32"), 0)
    np.testing.assert_array_equal(gradient, 0)


@pytest.mark.parametrize(
    ("axis", "mask_shape"), [(-1, (2, 3, 4)), (1, (2, 3, 1)), ([1, 2], (3, 4)), (-1, (4,)), ([2], (1, 1, 4))]
)
@pytest.mark.parametrize("kind", ["bool", "int32", "float32"])
def test_equals_the_twin_under_masks(axis, mask_shape, kind):
    rng = np.random.default_rng(0)
    x, mask = rng.normal(size=(2, 3, 4)), (rng.uniform(size=mask_shape) > 0.4).astype(kind)
    y, expected = (
        cls(axis=axis, dtype="float64")(x, mask=keras.ops.array(mask))
        for cls in (layers.Softmax, keras.layers.Softmax)
    )
    np.testing.assert_allclose(y, expected, rtol=1e-9, atol=1e-12)


def test_very_low_logits_still_count_more_than_masked_ones():
    y = layers.Softmax()(np.array([[-2e9, 5.0]], "float32"), mask=keras.ops.array([[True, False]]))
    np.testing.assert_array_equal(y, [[1, 0]])


@pytest.mark.parametrize("mask_shape", [(3, 1), (2, 2), (1, 2, 3)])
def test_a_mask_that_does_not_broadcast_is_refused(mask_shape):
    with pytest.raises(ValueError, match="Softmax: `mask` must be of a shape that broadcasts"):
        layers.Softmax()(np.ones((2, 3), "float32"), mask=keras.ops.ones(mask_shape, "bool"))
