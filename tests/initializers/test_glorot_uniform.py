"""GlorotUniform: a million draws."""

import numpy as np
import pytest

from tests.initializers import draws
from tfnotes.initializers import GlorotUniform


@pytest.mark.parametrize(("shape", "variance"), [(draws.DENSE, 2 / 2050), (draws.CONVOLUTION, 2 / 12500)])
def test_draws_have_the_distribution(shape, variance):
    draws.assert_uniform(draws.draw(GlorotUniform(seed=1), shape), variance)


def test_signals_keep_their_variance_through_a_square_layer():
    # What it is for: with as many inputs as outputs, x @ w has the variance of x.
    rng = np.random.default_rng(0)
    x = rng.normal(size=(1000, 500))
    w = draws.draw(GlorotUniform(seed=2), (500, 500))
    assert (x @ w).var() == pytest.approx(x.var(), rel=0.02)
