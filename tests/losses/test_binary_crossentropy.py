"""Binary cross-entropy: by hand, its axis, and extreme logits."""

import numpy as np
import pytest

from tfnotes import losses
from tfnotes._gradients import vjp


def gradient(function, x):
    return vjp(lambda x: (function(x), ()), [np.asarray(x, "float64")], np.ones)[2][0]


def test_binary_crossentropy_by_hand():
    # -log 0.8 for the hit, -log(1 - 0.4) for the other.
    loss = losses.binary_crossentropy([[1.0, 0.0]], [[0.8, 0.4]])
    np.testing.assert_allclose(loss, [-(np.log(0.8) + np.log(0.6)) / 2], rtol=1e-6)
    smoothed = losses.binary_crossentropy([[1.0]], [[0.8]], label_smoothing=0.5)
    np.testing.assert_allclose(smoothed, [-(0.75 * np.log(0.8) + 0.25 * np.log(0.2))], rtol=1e-6)


@pytest.mark.parametrize("from_logits", [True, False])
def test_the_mean_is_taken_over_the_axis_asked_for(from_logits):
    y, p = np.array([[0.0, 1.0, 1.0], [1.0, 0.0, 1.0]]), np.array([[0.25, 0.5, 0.75], [0.5, 0.125, 0.75]])
    each = -(y * np.log(p) + (1 - y) * np.log(1 - p))
    given = np.log(p / (1 - p)) if from_logits else p
    for axis in (0, 1):
        loss = losses.binary_crossentropy(y, given, from_logits=from_logits, axis=axis)
        np.testing.assert_allclose(loss, each.mean(axis), rtol=1e-6)


def test_extreme_logits_neither_overflow_nor_lose_their_gradient():
    z = np.array([[-1e4, 1e4, 0.0, -1e4, 1e4]])
    y = np.array([[1.0, 0.0, 1.0, 0.0, 1.0]])
    each = [losses.binary_crossentropy(y[:, [k]], z[:, [k]], from_logits=True) for k in range(5)]
    np.testing.assert_allclose(np.ravel(each), [1e4, 1e4, np.log(2), 0, 0], rtol=1e-6)
    slope = gradient(lambda z: 5 * losses.binary_crossentropy(y, z, from_logits=True), z)
    np.testing.assert_allclose(slope, [[-1, 1, -0.5, 0, 0]], atol=1e-12)


def test_an_axis_that_is_not_there_is_refused():
    with pytest.raises(ValueError, match="BinaryCrossentropy: `y_pred` must be of a shape with an axis 2"):
        losses.BinaryCrossentropy(axis=2)(np.zeros((2, 3)), np.zeros((2, 3)))
