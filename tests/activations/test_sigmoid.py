"""Sigmoid by hand, where a careless exp overflows, and its derivative."""

import keras
import numpy as np
import pytest

from tfnotes._gradients import vjp
from tfnotes.activations import sigmoid
from tfnotes.activations.sigmoid import sigmoid_by_definition

FUNCTIONS = pytest.mark.parametrize("function", [sigmoid, sigmoid_by_definition])


@FUNCTIONS
def test_by_hand(function):
    # exp(-log 3) = 1/3, so sigmoid(log 3) = 1 / (1 + 1/3).
    x = keras.ops.array([0.0, np.log(3), -np.log(3)], "float64")
    np.testing.assert_allclose(function(x), [0.5, 0.75, 0.25], rtol=1e-12)


@FUNCTIONS
def test_the_derivative_is_s_times_1_minus_s(function):
    x = np.array([-3.0, -0.5, 0.0, 0.5, 3.0])
    y, _, (slope,) = vjp(lambda x: (function(x), ()), [x], np.ones)
    np.testing.assert_allclose(slope, y * (1 - y), rtol=1e-12)
    assert slope[2] == 0.25


@FUNCTIONS
def test_neither_values_nor_gradients_overflow(function):
    x = np.array([-1e4, -80.0, 80.0, 1e4], "float32")
    y, _, (slope,) = vjp(lambda x: (function(x), ()), [x], np.ones)
    # exp(-80) is a float32: a difference from 1 would give 0.
    np.testing.assert_allclose(y, [0, np.exp(-80.0), 1, 1], rtol=1e-4)
    np.testing.assert_allclose(slope, [0, 0, 0, 0], atol=1e-30)


@FUNCTIONS
def test_nan_passes_and_infinity_saturates(function):
    nan, high, low = function(keras.ops.array([np.nan, np.inf, -np.inf]))
    assert np.isnan(nan)
    assert (high, low) == (1, 0)
