"""Mean squared error by hand."""

import numpy as np
import pytest

from tfnotes import losses
from tfnotes._gradients import vjp


def gradient(function, x):
    return vjp(lambda x: (function(x), ()), [np.asarray(x, "float64")], np.ones)[2][0]


def test_mean_squared_error_by_hand():
    # (1 + 4 + 9) / 3, and its gradient 2 (a - y) / 3.
    assert float(losses.MeanSquaredError()([[0.0, 0.0, 0.0]], [[1.0, -2.0, 3.0]])) == pytest.approx(14 / 3)
    slope = gradient(lambda x: losses.mean_squared_error([[0.0, 0.0, 0.0]], x), [[1.0, -2.0, 3.0]])
    np.testing.assert_allclose(slope, [[2 / 3, -4 / 3, 2]], rtol=1e-12)
