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
    np.testing.assert_array_equal(slope(function, [-1.0, 0.0, 1.0, 2.0], max_value=2.0), [0, 0, 1, 0])
    np.testing.assert_array_equal(slope(function, [-1.0, 0.0, 1.0], negative_slope=0.25), [0.25, 0.25, 1])
    np.testing.assert_array_equal(slope(function, [0.0, 1.0, 2.0], threshold=1.0), [0, 0, 1])


@FUNCTIONS
@pytest.mark.parametrize("arguments", [{}, {"max_value": 6.0}, {"negative_slope": 0.5}])
def test_nan_passes_and_infinity_is_only_a_large_number(function, arguments):
    nan, high, low = function(keras.ops.array([np.nan, np.inf, -np.inf]), **arguments)
    assert np.isnan(nan)
    assert high == arguments.get("max_value", np.inf)
    assert low == (-np.inf if "negative_slope" in arguments else 0)
