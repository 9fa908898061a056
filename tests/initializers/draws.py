"""A million draws of an initializer against the distribution it names, inside 5 standard errors."""

import math

import keras
import numpy as np

from tests.helpers import ON_TORCH

# A million weights each, with fans that differ: (fan_in, fan_out) = (800, 1250) and (2500, 10000).
DENSE, CONVOLUTION = (800, 1250), (5, 5, 100, 400)


def draw(initializer, shape):
    """The weight, as float64."""
    weight = keras.ops.convert_to_numpy(initializer(shape, dtype="float32"))
    assert weight.shape == shape
    assert weight.dtype == "float32"
    return weight.astype("float64")


def assert_mean_and_variance(w, variance):
    """Mean 0 and this variance."""
    squares = w**2
    assert abs(w.mean()) < 5 * math.sqrt(variance / w.size)
    assert abs(squares.mean() - variance) < 5 * squares.std() / math.sqrt(w.size)


def assert_uniform(w, variance):
    """Up to the limit on both sides, and a quarter of the draws in each quarter."""
    limit = math.sqrt(3 * variance)
    assert_mean_and_variance(w, variance)
    assert 0.9999 * limit < w.max() <= 1.000001 * limit
    assert 0.9999 * limit < -w.min() <= 1.000001 * limit
    assert_share(np.abs(w) < limit / 2, 0.5)


def assert_truncated_normal(w, variance):
    """Normal inside two of the standard deviations that it had before it was cut off."""
    before = math.sqrt(variance / (1 - 4 * math.exp(-2) / math.sqrt(2 * math.pi) / math.erf(math.sqrt(2))))
    assert_mean_and_variance(w, variance)
    assert_cut_off(w / before)
    assert_share(np.abs(w) < before, math.erf(math.sqrt(0.5)) / math.erf(math.sqrt(2)))


def assert_cut_off(w):
    """Up to 2 on both sides; Keras's draw on PyTorch gives up after four that are beyond."""
    if ON_TORCH:
        assert np.mean(np.abs(w) > 2) < 4 * (1 - math.erf(math.sqrt(2))) ** 4
        w = w[np.abs(w) <= 2]
    assert 1.999 < w.max() <= 2.000001
    assert 1.999 < -w.min() <= 2.000001


def assert_share(hits, share):
    """So many of the draws."""
    assert abs(hits.mean() - share) < 5 * math.sqrt(share * (1 - share) / hits.size)
