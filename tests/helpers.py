"""What several tests of the maths share."""

import keras
import numpy as np
import pytest

# What float64 shows; on other backends Keras computes some functions of float64 in float32.
EXACT = 1e-12 if keras.backend.backend() == "tensorflow" else 1e-6
ON_JAX = keras.backend.backend() == "jax"
ON_TORCH = keras.backend.backend() == "torch"
in_double = pytest.mark.skipif(ON_TORCH, reason="Keras multiplies float64 matrices in float32 on PyTorch")


def products(tolerance):
    """A tolerance for what comes from products of float64 matrices, which Keras forms in float32 on PyTorch."""
    return max(tolerance, 1e-5) if ON_TORCH else tolerance


def central_differences(function, x, step=1e-6):
    """The gradient of a function that gives one number, by (f(x + h) - f(x - h)) / 2h in each entry of x."""
    gradient = np.zeros_like(x)
    for index in np.ndindex(x.shape):
        h = np.zeros_like(x)
        h[index] = step
        gradient[index] = (function(x + h) - function(x - h)) / (2 * step)
    return gradient
