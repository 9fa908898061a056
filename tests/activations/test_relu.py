"""ReLU by hand, its derivative where it has none, and numbers that are none."""

import keras
import numpy as np
import pytest

from tfnotes._gradients import vjp
from tfnotes.activations import relu
from tfnotes.activations.relu import relu_by_definition

FUNCTIONS = pytest.mark.parametrize("function", [relu, relu_by_definition])


def slope(function, x, **arguments):
    _, _, (gradient,) = vjp(lambda x: (function(x, **arguments), ()), [np.array(x)], np.ones)
    return gradient


@FUNCTIONS
def test_by_hand(function):
    x = keras.ops.array([-2.0, 0.0, 0.5, 3.0], "float64")
    np.testing.assert_array_equal(function(x), [0, 0, 0.5, 3])
    np.testing.assert_array_equal(function(x, negative_slope=0.25), [-0.5, 0, 0.5, 3])
    np.testing.assert_array_equal(function(x, max_value=2.0), [0, 0, 0.5, 2])
    np.testing.assert_array_equal(function(x, threshold=1.0), [0, 0, 0, 3])
    np.testing.assert_array_equal(function(x, 0.5, 2.0, 1.0), [-1.5, -0.5, -0.25, 2])


@FUNCTIONS
def test_the_derivative_at_a_corner_is_that_of_the_flat_side(function):
    np.testing.assert_array_equal(slope(function, [-1.0, 0.0, 1.0]), [0, 0, 1])
    np.testing.assert_array_equal(slope(function, [-1.0, 0.0, 1.0, 6.0], max_value=6.0), [0, 0, 1, 0])
    np.testing.assert_array_equal(slope(function, [-1.0, 0.0, 1.0], negative_slope=0.25), [0.25, 0.25, 1])
    np.testing.assert_array_equal(slope(function, [0.0, 1.0, 2.0], threshold=1.0), [0, 0, 1])


@pytest.mark.parametrize("max_value", [None, 2.0, 6.0])
@pytest.mark.parametrize("negative_slope", [0.0, 0.25])
@pytest.mark.parametrize("threshold", [0.0, 1.0])
def test_values_and_derivatives_at_all_corners_are_keras(max_value, negative_slope, threshold):
    x = [-1.0, 0.0, 0.5, threshold, 1.5, 2.0, 6.0, 7.0]
    arguments = {"max_value": max_value, "negative_slope": negative_slope, "threshold": threshold}
    theirs = keras.activations.relu
    np.testing.assert_array_equal(relu(keras.ops.array(x), **arguments), theirs(keras.ops.array(x), **arguments))
    np.testing.assert_array_equal(slope(relu, x, **arguments), slope(theirs, x, **arguments))


@FUNCTIONS
@pytest.mark.parametrize(
    "arguments", [{}, {"max_value": 6.0}, {"max_value": 2.0}, {"negative_slope": 0.5}, {"threshold": 1.0}]
)
def test_nan_passes_and_infinity_is_only_a_large_number(function, arguments):
    nan, high, low = function(keras.ops.array([np.nan, np.inf, -np.inf]), **arguments)
    assert np.isnan(nan)
    assert high == arguments.get("max_value", np.inf)
    assert low == (-np.inf if "negative_slope" in arguments else 0)
