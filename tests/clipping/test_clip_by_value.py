"""Clipping by value: hand-worked numbers, TensorFlow's function, and an optimizer's `clipvalue`."""

import keras
import numpy as np
import pytest

from tests.clipping.steps import taken
from tfnotes.clipping import clip_by_value

tf = pytest.importorskip("tensorflow")


def test_hand_worked_numbers():
    g = clip_by_value(keras.ops.array([-3.0, -0.5, 0.0, 2.0]), -1, 0.25)
    np.testing.assert_array_equal(g, [-1.0, -0.5, 0.0, 0.25])


def test_equals_tensorflows():
    g = np.random.default_rng(0).normal(size=(5, 4))
    np.testing.assert_array_equal(clip_by_value(g, -0.3, 0.6), tf.clip_by_value(g, -0.3, 0.6))


@pytest.mark.parametrize("module", ["tfnotes.optimizers", "keras.optimizers"])
def test_is_what_an_optimizer_does(module):
    gradients = list(np.random.default_rng(1).normal(size=(2, 3, 4)))
    clipped = [clip_by_value(g, -0.4, 0.4) for g in gradients]
    np.testing.assert_allclose(taken(module, gradients, clipvalue=0.4), clipped, rtol=1e-6)


def test_both_bounds_may_be_the_same():
    np.testing.assert_array_equal(clip_by_value(np.array([-1.0, 0.5, 2]), 0.5, 0.5), [0.5] * 3)


def test_bounds_the_wrong_way_round_are_refused():
    with pytest.raises(ValueError, match="clip_by_value: `clip_value_max` must be a finite number"):
        clip_by_value(np.ones(2), 1, 0)
    with pytest.raises(ValueError, match="clip_by_value: `clip_value_min` must be a finite number"):
        clip_by_value(np.ones(2), "0", 1)
