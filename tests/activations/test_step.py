"""The step has no builtin twin: its values and its missing gradient are stated here."""

import warnings

import keras
import numpy as np
import pytest

from tests.helpers import central_differences
from tfnotes import activations, layers
from tfnotes._gradients import vjp


def test_is_whether_x_is_positive_and_0_at_0():
    x = np.array([-np.inf, -3.0, -1e-30, -0.0, 0.0, 1e-30, 3.0, np.inf])
    np.testing.assert_array_equal(activations.step(keras.ops.array(x)), [0, 0, 0, 0, 0, 1, 1, 1])


@pytest.mark.parametrize("dtype", ["float16", "bfloat16", "float32", "float64"])
def test_keeps_the_dtype(dtype):
    y = activations.step(keras.ops.ones((2, 3), dtype))
    assert keras.backend.standardize_dtype(y.dtype) == dtype


def test_equals_the_derivative_of_relu():
    x = np.random.default_rng(0).normal(size=(5, 7))
    _, _, (slope,) = vjp(lambda x: (activations.relu(x), ()), [x], np.ones)
    np.testing.assert_array_equal(activations.step(keras.ops.array(x)), slope)


def test_has_no_useful_gradient():
    x = np.random.default_rng(0).normal(size=(4, 5))
    _, _, (gradient,) = vjp(lambda x: (activations.step(x), ()), [x], np.ones)
    np.testing.assert_array_equal(gradient, 0)
    differences = central_differences(lambda x: float(keras.ops.sum(activations.step(keras.ops.array(x)))), x)
    np.testing.assert_array_equal(differences, 0)


def test_training_leaves_the_weights_before_it_as_they_are():
    # TensorFlow says that it finds no gradient at all; other backends find zeros.
    model = keras.Sequential([layers.Dense(2, activation="step"), layers.Dense(1)])
    model.build((None, 3))
    before = model.get_weights()
    model.compile("sgd", "mse")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        model.fit(np.ones((4, 3)), np.ones((4, 1)), verbose=0)
    after = model.get_weights()
    np.testing.assert_array_equal(after[0], before[0])
    assert np.any(after[3] != before[3])
