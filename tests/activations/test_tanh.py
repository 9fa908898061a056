"""Hyperbolic tangent by hand, as a sigmoid, near 0 and far from it."""

import keras
import numpy as np
import pytest

from tests.helpers import EXACT
from tfnotes._gradients import vjp
from tfnotes.activations import sigmoid, tanh
from tfnotes.activations.tanh import tanh_by_definition

FUNCTIONS = pytest.mark.parametrize("function", [tanh, tanh_by_definition])


@FUNCTIONS
def test_by_hand(function):
    # With exp(x) = 3: (3 - 1/3) / (3 + 1/3) = 8/10.
    x = keras.ops.array([0.0, np.log(3), -np.log(3)], "float64")
    np.testing.assert_allclose(function(x), [0, 0.8, -0.8], rtol=EXACT)


@FUNCTIONS
def test_it_is_a_sigmoid_scaled_and_moved(function):
    x = keras.ops.array(np.linspace(-5, 5, 101), "float64")
    np.testing.assert_allclose(function(x), 2 * sigmoid(2 * x) - 1, rtol=EXACT, atol=EXACT / 1000)
    np.testing.assert_array_equal(function(-x), -keras.ops.convert_to_numpy(function(x)))


@FUNCTIONS
def test_the_derivative_is_1_minus_the_square(function):
    x = np.array([-2.0, -0.5, 0.0, 0.5, 2.0])
    y, _, (slope,) = vjp(lambda x: (function(x), ()), [x], np.ones)
    np.testing.assert_allclose(slope, 1 - y**2, rtol=EXACT)
    assert slope[2] == 1


@FUNCTIONS
def test_neither_values_nor_gradients_overflow(function):
    x = np.array([-1e4, -100.0, 100.0, 1e4], "float32")
    y, _, (slope,) = vjp(lambda x: (function(x), ()), [x], np.ones)
    np.testing.assert_array_equal(y, [-1, -1, 1, 1])
    np.testing.assert_array_equal(slope, [0, 0, 0, 0])


@FUNCTIONS
def test_keeps_its_digits_near_0(function):
    x = keras.ops.array([1e-12, -1e-12], "float64")
    np.testing.assert_allclose(function(x), [1e-12, -1e-12], rtol=EXACT / 100)


@FUNCTIONS
def test_nan_passes_and_infinity_saturates(function):
    nan, high, low = function(keras.ops.array([np.nan, np.inf, -np.inf]))
    assert np.isnan(nan)
    assert (high, low) == (1, -1)
