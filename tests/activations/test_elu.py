"""ELU by hand, and where a careless exp overflows."""

import keras
import numpy as np
import pytest

from tfnotes import activations
from tfnotes._gradients import vjp
from tfnotes.activations.elu import elu_by_definition

FUNCTIONS = pytest.mark.parametrize("function", [activations.elu, elu_by_definition])


@FUNCTIONS
def test_by_hand(function):
    x = keras.ops.array([-np.log(2), -np.log(4), 0.0, 2.0], "float64")
    np.testing.assert_allclose(function(x), [-0.5, -0.75, 0, 2], rtol=1e-12)
    np.testing.assert_allclose(function(x, alpha=3.0), [-1.5, -2.25, 0, 2], rtol=1e-12)


@FUNCTIONS
@pytest.mark.parametrize("alpha", [1.0, 0.5])
def test_neither_values_nor_gradients_overflow(function, alpha):
    x = np.array([-1e4, -200.0, 200.0, 1e4], "float32")
    y, _, (slope,) = vjp(lambda x: (function(x, alpha), ()), [x], np.ones)
    np.testing.assert_allclose(y, [-alpha, -alpha, 200, 1e4])
    np.testing.assert_allclose(slope, [0, 0, 1, 1])


def test_the_definition_keeps_its_digits_near_0():
    # exp(x) - 1 would keep 4 of them, as the framework's kernel does.
    x = keras.ops.array([-1e-12], "float64")
    np.testing.assert_allclose(elu_by_definition(x), [-1e-12 + 0.5e-24], rtol=1e-15)


@FUNCTIONS
def test_derivative_at_0_is_alpha(function):
    for alpha in (1.0, 0.5):
        _, _, (slope,) = vjp(lambda x, a=alpha: (function(x, a), ()), [np.array([0.0])], np.ones)
        np.testing.assert_array_equal(slope, [alpha])
