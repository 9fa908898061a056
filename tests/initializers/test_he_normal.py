"""HeNormal: a million draws."""

import numpy as np
import pytest

from tests.initializers import draws
from tfnotes.initializers import HeNormal


@pytest.mark.parametrize(("shape", "variance"), [(draws.DENSE, 2 / 800), (draws.CONVOLUTION, 2 / 2500)])
def test_draws_have_the_distribution(shape, variance):
    draws.assert_truncated_normal(draws.draw(HeNormal(seed=1), shape), variance)


def test_relu_keeps_the_second_moment_through_many_layers():
    # What it is for: half of the signal is lost in each ReLU, and twice the variance brings it back.
    x = np.random.default_rng(0).normal(size=(1000, 300))
    for k in range(10):
        x = np.maximum(x, 0) @ draws.draw(HeNormal(seed=k), (300, 300))
    assert 0.5 < (x**2).mean() < 2
