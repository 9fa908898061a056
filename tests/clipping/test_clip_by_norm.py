"""Clipping by norm: hand-worked numbers, TensorFlow's function, and an optimizer's `clipnorm`."""

import keras
import numpy as np
import pytest

from tests.clipping.steps import taken
from tfnotes.clipping import clip_by_norm

tf = pytest.importorskip("tensorflow")


def test_hand_worked_numbers():
    np.testing.assert_allclose(clip_by_norm(keras.ops.array([3.0, 4.0]), 2.5), [1.5, 2.0], rtol=1e-6)
    np.testing.assert_array_equal(clip_by_norm(keras.ops.array([0.3, 0.4]), 2.5), np.float32([0.3, 0.4]))
    np.testing.assert_array_equal(clip_by_norm(keras.ops.zeros(3), 1.0), np.zeros(3))


@pytest.mark.parametrize("axes", [None, 0, (0, 2)])
def test_equals_tensorflows(axes):
    g = np.random.default_rng(0).normal(size=(5, 4, 3))
    for limit in (0.5, 2.0, 1e3):
        np.testing.assert_allclose(clip_by_norm(g, limit, axes), tf.clip_by_norm(g, limit, axes), rtol=1e-6)


@pytest.mark.parametrize("module", ["tfnotes.optimizers", "keras.optimizers"])
def test_is_what_an_optimizer_does_weight_by_weight(module):
    gradients = list(np.random.default_rng(1).normal(size=(2, 3, 4)) * [[[0.1]], [[10]]])
    clipped = [clip_by_norm(g, 1.0) for g in gradients]
    np.testing.assert_allclose(taken(module, gradients, clipnorm=1.0), clipped, rtol=1e-5)


@pytest.mark.parametrize("limit", [0, -1, "1", None, np.nan])
def test_a_limit_that_is_none_is_refused(limit):
    with pytest.raises(ValueError, match="clip_by_norm: `clip_norm` must be a finite number above 0"):
        clip_by_norm(np.ones(2), limit)
