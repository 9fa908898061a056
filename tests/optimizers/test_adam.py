"""Adam: steps worked by hand."""

import keras
import numpy as np
import pytest

from tfnotes import optimizers
from tfnotes.optimizers.adam import adam_step


def array(*numbers):
    return keras.ops.array(numbers, "float64")


def test_adam_by_hand():
    # m = 0.5 * 2 + 0.5 * 4 = 3, v = 0.75 * 12 + 0.25 * 16 = 13; t = 2: (1 - 0.75**2) / (1 - 0.5**2)**2 = 7/9.
    g, m, v, t = array(4.0), array(2.0), array(12.0), array(2.0)
    change, m, v, v_hat = adam_step(g, m, v, None, t, 0.5, 0.5, 0.75, 0.25)
    np.testing.assert_allclose([m[0], v[0]], [3, 13], rtol=1e-12)
    assert float(change[0]) == pytest.approx(-0.5 * np.sqrt(7 / 9) * 3 / (np.sqrt(13) + 0.25), rel=1e-12)
    assert v_hat is None


def test_amsgrad_divides_by_the_largest_average_so_far():
    g, m, v, v_hat, t = array(4.0), array(2.0), array(12.0), array(16.0), array(2.0)
    change, _, v, v_hat = adam_step(g, m, v, v_hat, t, 0.5, 0.5, 0.75, 0.25)
    np.testing.assert_allclose([v[0], v_hat[0]], [13, 16], rtol=1e-12)
    assert float(change[0]) == pytest.approx(-0.5 * np.sqrt(7 / 9) * 3 / 4.25, rel=1e-12)


@pytest.mark.parametrize("scale", [1e-2, 1.0, 1e3])
def test_adams_first_step_is_the_rate_whatever_the_gradients_size(scale):
    optimizer, weight = optimizers.Adam(0.01), keras.Variable(np.zeros(2))
    optimizer.build([weight])
    optimizer.apply([keras.ops.array([scale, -scale])])
    np.testing.assert_allclose(weight, [-0.01, 0.01], rtol=1e-3)
