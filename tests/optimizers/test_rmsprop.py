"""RMSprop: steps worked by hand."""

import keras
import numpy as np

from tfnotes.optimizers.rmsprop import rmsprop_step


def array(*numbers):
    return keras.ops.array(numbers, "float64")


def test_rmsprop_by_hand():
    # v = 0.75 * 4 + 0.25 * 36 = 12, a = 0.75 * 2 + 0.25 * 6 = 3, root of 12 - 9 + 1 = 2: 0.5 * 6 / 2 = 1.5.
    change, v, m, a = rmsprop_step(array(6.0), array(4.0), None, array(2.0), 0.5, 0.75, 0.0, 1.0)
    np.testing.assert_allclose([change[0], v[0], a[0]], [-1.5, 12, 3], rtol=1e-12)
    assert m is None
    # Uncentered, root of 12 + 4 = 4: step 0.75; with momentum 0.5 of a velocity of 1: 1.25.
    change, _, m, _ = rmsprop_step(array(6.0), array(4.0), array(1.0), None, 0.5, 0.75, 0.5, 4.0)
    np.testing.assert_allclose([change[0], m[0]], [-1.25, 1.25], rtol=1e-12)
