"""Zeros, and why a kernel shouldn't be."""

import keras
import numpy as np

from tfnotes import initializers, layers


def test_is_zero_in_the_dtype_asked_for():
    for dtype in ("float16", "float64", "int32"):
        w = initializers.Zeros()((2, 3), dtype=dtype)
        assert keras.backend.standardize_dtype(w.dtype) == dtype
        np.testing.assert_array_equal(w, np.zeros((2, 3)))
    assert keras.backend.standardize_dtype(initializers.Zeros()((2,)).dtype) == keras.config.floatx()


def test_units_that_start_at_zero_stay_equal():
    # Note 002:91.
    hidden = layers.Dense(4, activation="sigmoid", kernel_initializer="zeros")
    model = keras.Sequential([keras.Input((3,)), hidden, layers.Dense(1, kernel_initializer="zeros")])
    model.compile(keras.optimizers.SGD(0.5), "mse")
    rng = np.random.default_rng(0)
    for _ in range(5):
        model.train_on_batch(rng.normal(size=(8, 3)), rng.normal(size=(8, 1)))
    kernel = keras.ops.convert_to_numpy(hidden.kernel)
    assert np.abs(kernel).max() > 0
    np.testing.assert_array_equal(kernel, np.repeat(kernel[:, :1], 4, axis=1))
