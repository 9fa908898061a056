"""GlorotNormal: a million draws."""

import pytest

from tests.initializers import draws
from tfnotes.initializers import GlorotNormal


@pytest.mark.parametrize(("shape", "variance"), [(draws.DENSE, 2 / 2050), (draws.CONVOLUTION, 2 / 12500)])
def test_draws_have_the_distribution(shape, variance):
    draws.assert_truncated_normal(draws.draw(GlorotNormal(seed=1), shape), variance)
