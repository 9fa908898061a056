"""What the random initializers share: the fans of a weight, and seeds as Keras treats them."""

import math
import random

import keras

from tfnotes import _checks


def fans(shape):
    """Inputs and outputs of one unit: (fan_in, fan_out).

        dense kernel (inputs, outputs):                    inputs, outputs
        convolution kernel (*window, inputs, outputs):     each times the window's size
        vector (n,):                                       n, n
    """
    if len(shape) < 2:
        n = shape[0] if shape else 1
        return n, n
    window = math.prod(shape[:-2])
    return window * shape[-2], window * shape[-1]


class RandomInitializer(keras.initializers.Initializer):
    """Holds the seed. One instance draws the same numbers at every call, as Keras's does.

    Without a seed, one is drawn when the instance is made, from Python's generator, which
    `keras.utils.set_random_seed` sets.
    """

    def __init__(self, seed=None):
        if isinstance(seed, dict):
            seed = keras.saving.deserialize_keras_object(seed)
        self._given = _checks.seed(self, "seed", seed)
        self.seed = random.randint(1, 10**9) if seed is None else seed

    def get_config(self):
        given = self._given
        return {"seed": keras.saving.serialize_keras_object(given) if given is not None else None}


def uniform(shape, variance, dtype, seed):
    """Uniform on [-limit, limit] with variance limit**2 / 3."""
    limit = math.sqrt(3 * variance)
    return keras.random.uniform(shape, -limit, limit, dtype=dtype, seed=seed)


def truncated_normal(shape, variance, dtype, seed):
    """Normal, redrawn beyond two standard deviations, scaled so that `variance` is what remains."""
    # A standard normal cut off at 2 keeps this share of its standard deviation:
    # sqrt(1 - 4 * pdf(2) / (2 * cdf(2) - 1)).
    kept = 0.87962566103423978
    return keras.random.truncated_normal(shape, 0.0, math.sqrt(variance) / kept, dtype=dtype, seed=seed)
