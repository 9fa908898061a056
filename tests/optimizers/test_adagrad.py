"""AdaGrad: steps worked by hand."""

import keras
import numpy as np
import pytest

from tfnotes import optimizers
from tfnotes.optimizers.adagrad import adagrad_step


def array(*numbers):
    return keras.ops.array(numbers, "float64")


def test_adagrad_by_hand():
    # a = 7 + 9 = 16, step 0.5 * 3 / sqrt(16 + 9) = 0.3.
    change, a = adagrad_step(array(3.0), array(7.0), 0.5, 9.0)
    np.testing.assert_allclose([change[0], a[0]], [-0.3, 16], rtol=1e-12)


def test_the_sum_starts_where_it_is_told():
    optimizer, weight = optimizers.Adagrad(1.0, initial_accumulator_value=3.0), keras.Variable(np.zeros(1))
    optimizer.build([weight])
    optimizer.apply([keras.ops.ones(1)])
    assert float(weight[0]) == pytest.approx(-0.5)


def test_adagrad_slows_down_as_one_over_the_root_of_the_steps():
    optimizer, weight = optimizers.Adagrad(1.0, initial_accumulator_value=0.0), keras.Variable(np.zeros(1))
    optimizer.build([weight])
    for _ in range(9):
        optimizer.apply([keras.ops.ones(1)])
    assert float(weight[0]) == pytest.approx(-sum(k**-0.5 for k in range(1, 10)), rel=1e-5)
