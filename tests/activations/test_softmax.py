"""Softmax by hand, its Jacobian, what it doesn't depend on, and what it refuses."""

import keras
import numpy as np
import pytest

from tests.helpers import EXACT
from tfnotes._gradients import vjp
from tfnotes.activations import softmax
from tfnotes.activations.softmax import softmax_by_definition
from tfnotes.errors import InputError

FUNCTIONS = pytest.mark.parametrize("function", [softmax, softmax_by_definition])


@FUNCTIONS
def test_by_hand(function):
    # Note 002:83; and exp of the logarithms of 1, 2, 5, which sum to 8.
    p = keras.ops.convert_to_numpy(function(keras.ops.array([1.2, 0.9, 0.75])))
    np.testing.assert_allclose(np.round(p, 2), [0.42, 0.31, 0.27], rtol=1e-6)
    y = function(keras.ops.array(np.log([1.0, 2.0, 5.0]), "float64"))
    np.testing.assert_allclose(y, [0.125, 0.25, 0.625], rtol=EXACT)


@FUNCTIONS
def test_a_shift_of_all_inputs_changes_nothing(function):
    x = np.random.default_rng(0).normal(size=(4, 5))
    np.testing.assert_allclose(function(keras.ops.array(x + 1000)), function(keras.ops.array(x)), rtol=1e-12)


@FUNCTIONS
def test_the_jacobian_is_the_diagonal_less_the_outer_product(function):
    x, dy = np.random.default_rng(1).normal(size=(2, 5))
    p, _, (dx,) = vjp(lambda x: (function(x), ()), [x], lambda shape: dy)
    np.testing.assert_allclose(dx, (np.diag(p) - np.outer(p, p)) @ dy, rtol=1e-12)


@FUNCTIONS
@pytest.mark.parametrize("axis", [0, 1, -1, (0, 1), (0, -1)])
def test_sums_to_1_along_its_axes(function, axis):
    x = keras.ops.array(np.random.default_rng(2).normal(size=(2, 3, 4)))
    np.testing.assert_allclose(np.sum(np.asarray(function(x, axis=axis)), axis=axis), 1)


@FUNCTIONS
def test_neither_values_nor_gradients_overflow(function):
    x = np.array([[1e4, 0, -1e4], [-1e4, -1e4, -1e4]], "float32")
    y, _, (dx,) = vjp(lambda x: (function(x), ()), [x], lambda shape: np.array([[1.0, 2, 3], [1, 2, 3]]))
    np.testing.assert_allclose(y, [[1, 0, 0], [1 / 3, 1 / 3, 1 / 3]], rtol=1e-6)
    np.testing.assert_allclose(dx, [[0, 0, 0], [-1 / 3, 0, 1 / 3]], atol=1e-6)


@FUNCTIONS
def test_nan_passes_in_its_row(function):
    y = function(keras.ops.array([[np.nan, 1, 2], [0, 0, 0]]))
    np.testing.assert_array_equal(np.isnan(y).any(axis=-1), [True, False])


@pytest.mark.parametrize("axis", [2, -3, (0, 2), 1.5, True, None, "last"])
def test_refuses_what_is_no_axis_of_the_inputs(axis):
    with pytest.raises(
        InputError, match=r"^softmax: `axis` must be an axis of inputs of rank 2, .* Received: axis="
    ):
        softmax(keras.ops.ones((2, 3)), axis=axis)


def test_of_one_number_is_refused_as_it_has_no_axis():
    with pytest.raises(InputError, match="inputs of rank 0"):
        softmax(keras.ops.array(1.0))


def test_several_axes_of_inputs_of_unknown_batch_size():
    inputs = keras.Input((3, 4))
    model = keras.Model(inputs, softmax(inputs, axis=(1, 2)))
    x = np.random.default_rng(3).normal(size=(2, 3, 4)).astype("float32")
    expected = softmax_by_definition(keras.ops.array(x), (1, 2))
    np.testing.assert_allclose(keras.ops.convert_to_numpy(model(x)), expected, rtol=1e-6)
