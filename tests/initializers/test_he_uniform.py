"""HeUniform: a million draws."""

import pytest

from tests.initializers import draws
from tfnotes.initializers import HeUniform


@pytest.mark.parametrize(("shape", "variance"), [(draws.DENSE, 2 / 800), (draws.CONVOLUTION, 2 / 2500)])
def test_draws_have_the_distribution(shape, variance):
    draws.assert_uniform(draws.draw(HeUniform(seed=1), shape), variance)
