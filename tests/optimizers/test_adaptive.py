"""AdaGrad, RMSprop and Adam: steps worked by hand."""

import keras
import numpy as np
import pytest

from tfnotes import optimizers
from tfnotes.optimizers.adagrad import adagrad_step
from tfnotes.optimizers.adam import adam_step
from tfnotes.optimizers.rmsprop import rmsprop_step


def array(*numbers):
    return keras.ops.array(numbers, "float64")


def test_adagrad_by_hand():
    # a = 7 + 9 = 16, step 0.5 * 3 / sqrt(16) = 0.375.
    change, a = adagrad_step(array(3.0), array(7.0), 0.5, 0.0)
    np.testing.assert_allclose([change[0], a[0]], [-0.375, 16], rtol=1e-12)


def test_adagrad_slows_down_as_one_over_the_root_of_the_steps():
    optimizer, weight = optimizers.Adagrad(1.0, initial_accumulator_value=0.0), keras.Variable(np.zeros(1))
    optimizer.build([weight])
    for _ in range(9):
        optimizer.apply([keras.ops.ones(1)])
    assert float(weight[0]) == pytest.approx(-sum(k**-0.5 for k in range(1, 10)), rel=1e-5)


def test_rmsprop_by_hand():
    # v = 0.75 * 4 + 0.25 * 36 = 12, a = 0.75 * 2 + 0.25 * 6 = 3, root of 12 - 9 + 1 = 2: 0.5 * 6 / 2 = 1.5.
    change, v, m, a = rmsprop_step(array(6.0), array(4.0), None, array(2.0), 0.5, 0.75, 0.0, 1.0)
    np.testing.assert_allclose([change[0], v[0], a[0]], [-1.5, 12, 3], rtol=1e-12)
    assert m is None
    # Uncentered, root of 12 + 4 = 4: step 0.75; with momentum 0.5 of a velocity of 1: 1.25.
    change, _, m, _ = rmsprop_step(array(6.0), array(4.0), array(1.0), None, 0.5, 0.75, 0.5, 4.0)
    np.testing.assert_allclose([change[0], m[0]], [-1.25, 1.25], rtol=1e-12)


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


def test_momentum_and_nesterov_are_found_as_descent():
    from tfnotes import registry

    for name in ("momentum", "nesterov", "gradientdescent"):
        assert registry.find(name).target is optimizers.SGD
