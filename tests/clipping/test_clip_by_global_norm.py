"""Clipping by global norm: hand-worked numbers, TensorFlow's function, an optimizer's `global_clipnorm`."""

import keras
import numpy as np
import pytest

from tests.clipping.steps import taken
from tfnotes.clipping import clip_by_global_norm

tf = pytest.importorskip("tensorflow")


def test_hand_worked_numbers():
    clipped, norm = clip_by_global_norm([keras.ops.array([2.0, 3.0]), None, keras.ops.array([[6.0]])], 3.5)
    assert float(norm) == 7
    np.testing.assert_allclose(clipped[0], [1.0, 1.5], rtol=1e-6)
    assert clipped[1] is None
    np.testing.assert_allclose(clipped[2], [[3.0]], rtol=1e-6)


@pytest.mark.parametrize("limit", [0.5, 3.0, 1e3])
def test_equals_tensorflows(limit):
    gradients = list(np.random.default_rng(0).normal(size=(3, 4, 2)))
    ours, norm = clip_by_global_norm(gradients, limit)
    theirs, their_norm = tf.clip_by_global_norm(gradients, limit)
    np.testing.assert_allclose(ours, theirs, rtol=1e-6)
    assert float(norm) == pytest.approx(float(their_norm))


@pytest.mark.parametrize("module", ["tfnotes.optimizers", "keras.optimizers"])
def test_is_what_an_optimizer_does_to_all_weights_at_once(module):
    gradients = list(np.random.default_rng(1).normal(size=(2, 3, 4)) * [[[0.1]], [[10]]])
    clipped, _ = clip_by_global_norm(gradients, 1.0)
    np.testing.assert_allclose(taken(module, gradients, global_clipnorm=1.0), clipped, rtol=1e-5)


def test_what_is_not_finite_does_not_pass_for_clipped():
    for bad in (np.inf, np.nan):
        clipped, _ = clip_by_global_norm([np.array([bad, 1.0]), np.ones(2)], 1.0)
        assert np.isnan(np.stack(clipped)).all()


@pytest.mark.parametrize("limit", [0, -1, "1", None, np.nan, np.inf])
def test_a_limit_that_is_none_is_refused(limit):
    with pytest.raises(ValueError, match="clip_by_global_norm: `clip_norm` must be a finite number above 0"):
        clip_by_global_norm([np.ones(2)], limit)


def test_nothing_to_clip():
    clipped, norm = clip_by_global_norm([None], 1.0)
    assert clipped == [None]
    assert float(norm) == 0
    np.testing.assert_array_equal(clip_by_global_norm([np.zeros(2)], 1.0)[0], [np.zeros(2)])
