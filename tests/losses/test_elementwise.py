"""Mean squared error and binary cross-entropy: hand-worked numbers, extreme logits, shapes and weights."""

import keras
import numpy as np
import pytest

from tfnotes import losses
from tfnotes._gradients import vjp

PAIRS = [
    (losses.MeanSquaredError, keras.losses.MeanSquaredError),
    (losses.BinaryCrossentropy, keras.losses.BinaryCrossentropy),
]


def gradient(function, x):
    return vjp(lambda x: (function(x), ()), [np.asarray(x, "float64")], np.ones)[2][0]


def test_mean_squared_error_by_hand():
    # (1 + 4 + 9) / 3, and its gradient 2 (a - y) / 3.
    assert float(losses.MeanSquaredError()([[0.0, 0.0, 0.0]], [[1.0, -2.0, 3.0]])) == pytest.approx(14 / 3)
    slope = gradient(lambda x: losses.mean_squared_error([[0.0, 0.0, 0.0]], x), [[1.0, -2.0, 3.0]])
    np.testing.assert_allclose(slope, [[2 / 3, -4 / 3, 2]], rtol=1e-12)


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


@pytest.mark.parametrize("pair", PAIRS, ids=lambda p: p[0].__name__)
@pytest.mark.parametrize(
    ("target", "prediction"),
    [((4,), (4, 1)), ((4, 1), (4,)), ((4, 3, 1), (4, 3)), ((4, 3), (4, 3, 1)), ((4,), (4,))],
)
def test_a_missing_last_axis_is_put_in_or_taken_out_as_the_twin_does(pair, target, prediction):
    rng = np.random.default_rng(0)
    y_true, y_pred = rng.integers(2, size=target), rng.uniform(0.1, 0.9, size=prediction)
    for reduction in ("none", "sum_over_batch_size", "sum"):
        ours, theirs = (cls(reduction=reduction)(y_true, y_pred) for cls in pair)
        np.testing.assert_allclose(ours, theirs, rtol=1e-6)


@pytest.mark.parametrize("pair", PAIRS, ids=lambda p: p[0].__name__)
def test_sample_weights_count_as_with_the_twin(pair):
    rng = np.random.default_rng(0)
    y_true, y_pred = rng.integers(2, size=(6, 2)), rng.uniform(0.1, 0.9, (6, 2))
    weights = rng.uniform(size=6)
    for reduction in ("sum_over_batch_size", "mean_with_sample_weight", "sum"):
        ours, theirs = (cls(reduction=reduction)(y_true, y_pred, sample_weight=weights) for cls in pair)
        assert float(ours) == pytest.approx(float(theirs), rel=1e-6)


@pytest.mark.parametrize("cls", [pair[0] for pair in PAIRS])
@pytest.mark.parametrize("target", [(4, 1), (3,), (4,), (3, 3)])
def test_targets_that_would_broadcast_are_refused(cls, target):
    with pytest.raises(ValueError, match=f"{cls.__name__}: `y_true` must be of the shape of `y_pred`"):
        cls()(np.zeros(target), np.full((4, 3), 0.5))


def test_an_axis_that_is_not_there_is_refused():
    with pytest.raises(ValueError, match="BinaryCrossentropy: `y_pred` must be of a shape with an axis 2"):
        losses.BinaryCrossentropy(axis=2)(np.zeros((2, 3)), np.zeros((2, 3)))
