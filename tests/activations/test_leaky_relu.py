"""Leaky ReLU by hand: the notes' slope, Keras's default, the derivative at 0."""

import keras
import numpy as np
import pytest

from tfnotes import activations
from tfnotes._gradients import vjp
from tfnotes.activations.leaky_relu import leaky_relu_by_definition


def test_the_notes_slope_and_keras_default():
    x = keras.ops.array([-100.0, -1.0, 0.0, 2.0])
    np.testing.assert_allclose(activations.leaky_relu(x, 0.01), [-1, -0.01, 0, 2], rtol=1e-6)
    np.testing.assert_allclose(activations.leaky_relu(x), [-20, -0.2, 0, 2], rtol=1e-6)


def test_slope_1_is_linear_and_slope_0_is_relu():
    x = keras.ops.array(np.random.default_rng(0).normal(size=(5, 7)))
    np.testing.assert_array_equal(activations.leaky_relu(x, 1.0), x)
    np.testing.assert_array_equal(activations.leaky_relu(x, 0.0), activations.relu(x))


def test_derivative_at_0_is_the_slope_so_nothing_dies():
    for function in (activations.leaky_relu, leaky_relu_by_definition):
        _, _, (slope,) = vjp(lambda x, f=function: (f(x, 0.25), ()), [np.array([-1.0, 0.0, 1.0])], np.ones)
        np.testing.assert_array_equal(slope, [0.25, 0.25, 1])


@pytest.mark.parametrize("slope", [0.01, 1.5])
def test_the_kernel_for_float32_equals_the_definition(slope):
    x = keras.ops.array(np.random.default_rng(0).normal(size=(5, 7)), "float32")
    y, expected = (f(x, slope) for f in (activations.leaky_relu, leaky_relu_by_definition))
    np.testing.assert_allclose(y, expected, rtol=1e-6)


def test_float64_keeps_the_digits_of_the_slope():
    assert float(activations.leaky_relu(keras.ops.array(-1.0, "float64"), 0.01)) == -0.01


def test_numbers_and_lists_are_taken_as_by_keras():
    assert float(activations.leaky_relu(-2.0, 0.5)) == -1
    np.testing.assert_array_equal(activations.leaky_relu([-2.0, 1.0], 0.5), [-1, 1])
