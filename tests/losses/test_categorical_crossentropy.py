"""Categorical cross-entropy by hand, its gradient, weights and masks as the twin's, and large logits."""

import keras
import numpy as np
import pytest

from tests.helpers import central_differences
from tfnotes import losses
from tfnotes._gradients import vjp
from tfnotes.errors import InputError

REDUCTIONS = ("sum_over_batch_size", "sum", "mean", "mean_with_sample_weight", "none")


def softmax(z):
    return np.exp(z) / np.exp(z).sum(axis=-1, keepdims=True)


def loss_and_gradient(loss, y, z):
    value, _, (gradient,) = vjp(lambda z: (loss(y, z), ()), [z], np.ones)
    return value, gradient


def test_by_hand():
    y, p = np.array([[0.0, 1.0], [1.0, 0.0]]), np.array([[0.5, 0.5], [0.25, 0.75]])
    loss = losses.CategoricalCrossentropy(reduction="none", dtype="float64")
    np.testing.assert_allclose(loss(y, p), [np.log(2), np.log(4)], rtol=1e-12)
    # Nothing known of n classes costs log n, whatever the constant.
    for constant in (0.0, 7.0):
        loss = losses.CategoricalCrossentropy(from_logits=True, dtype="float64")
        np.testing.assert_allclose(loss(np.eye(10), np.full((10, 10), constant)), np.log(10), rtol=1e-12)


def test_label_smoothing_by_hand():
    # 0.8 * [0, 0, 0, 1] + 0.2 / 4; log-softmax of [0, 0, 0, log 5] is -log 8 and log 5 - log 8.
    loss = losses.CategoricalCrossentropy(from_logits=True, label_smoothing=0.2, dtype="float64")
    expected = 3 * 0.05 * np.log(8) + 0.85 * (np.log(8) - np.log(5))
    np.testing.assert_allclose(loss(np.eye(4)[3:], np.log([[1.0, 1, 1, 5]])), expected, rtol=1e-12)


def test_smoothing_counts_the_classes_of_its_own_axis():
    # The twin counts the last axis, whatever `axis` says.
    y, z = np.eye(3)[[[0, 1], [2, 2]]], np.random.default_rng(0).normal(size=(2, 2, 3))
    last = losses.CategoricalCrossentropy(from_logits=True, label_smoothing=0.3)(y, z)
    moved = losses.CategoricalCrossentropy(from_logits=True, label_smoothing=0.3, axis=1)(
        np.moveaxis(y, -1, 1), np.moveaxis(z, -1, 1)
    )
    np.testing.assert_allclose(moved, last, rtol=1e-6)


def test_the_gradient_is_p_less_y():
    rng = np.random.default_rng(0)
    y, z = rng.dirichlet(np.ones(5), size=6), rng.normal(size=(6, 5))
    _, gradient = loss_and_gradient(losses.CategoricalCrossentropy(True, reduction="sum", dtype="float64"), y, z)
    np.testing.assert_allclose(gradient, softmax(z) - y, rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize(
    "arguments", [{"from_logits": True}, {"label_smoothing": 0.2}, {"from_logits": True, "axis": 1}]
)
def test_the_gradient_equals_central_differences(arguments):
    rng = np.random.default_rng(1)
    y, z = rng.dirichlet(np.ones(4), size=(2, 3)), rng.uniform(0.1, 1, size=(2, 3, 4))
    y, z = (np.moveaxis(a, -1, arguments.get("axis", -1)) for a in (y, z))
    loss = losses.CategoricalCrossentropy(**arguments, dtype="float64")
    _, gradient = loss_and_gradient(loss, y, z)
    np.testing.assert_allclose(gradient, central_differences(lambda z: float(loss(y, z)), z), rtol=1e-6, atol=1e-8)


def test_large_logits_neither_overflow_nor_lose_their_gradient():
    y, z = np.eye(3, dtype="float32")[[0, 2]], np.array([[1e4, 0, -1e4], [1e4, 0, -1e4]], "float32")
    loss = losses.CategoricalCrossentropy(from_logits=True, reduction="none")
    value, gradient = loss_and_gradient(loss, y, z)
    np.testing.assert_allclose(value, [0, 2e4])
    np.testing.assert_allclose(gradient, [[0, 0, 0], [1, 0, -1]], atol=1e-6)


def test_a_probability_of_0_costs_a_finite_amount():
    loss = losses.CategoricalCrossentropy(reduction="none")
    value, gradient = loss_and_gradient(loss, np.eye(2, dtype="float32"), np.array([[0, 1], [0, 1]], "float32"))
    np.testing.assert_allclose(value, [-np.log(1e-7), 0], rtol=1e-3, atol=1e-6)
    assert np.isfinite(gradient).all()


def test_probabilities_are_made_to_sum_to_1():
    y, p = np.eye(2), np.array([[1.0, 3.0], [2.0, 2.0]])
    loss = losses.CategoricalCrossentropy(reduction="none", dtype="float64")
    np.testing.assert_allclose(loss(y, p), [np.log(4), np.log(2)], rtol=1e-9)


def test_nan_passes():
    loss = losses.CategoricalCrossentropy(from_logits=True, reduction="none")
    value = np.asarray(loss(np.eye(2), np.array([[np.nan, 0], [0, 0]])))
    np.testing.assert_array_equal(np.isnan(value), [True, False])


@pytest.mark.parametrize("reduction", REDUCTIONS)
@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize("masked", [False, True])
def test_weights_masks_and_reductions_are_the_twins(reduction, weighted, masked):
    rng = np.random.default_rng(0)
    y = rng.dirichlet(np.ones(3), size=(4, 5))
    weight = rng.random((4, 5)) if weighted else None
    words = rng.integers(0, 4, size=(4, 5))
    z = keras.layers.Embedding(4, 3, mask_zero=masked)(words)
    values = [
        namespace.CategoricalCrossentropy(from_logits=True, reduction=reduction)(y, z, sample_weight=weight)
        for namespace in (losses, keras.losses)
    ]
    np.testing.assert_allclose(*values, rtol=1e-5)


def test_takes_lists():
    loss = losses.CategoricalCrossentropy(from_logits=True, dtype="float64")
    np.testing.assert_allclose(loss([[0.0, 1.0], [1.0, 0.0]], [[0.0, 0.0], [0.0, 0.0]]), np.log(2), rtol=1e-12)


@pytest.mark.parametrize(
    ("target", "prediction"),
    [((6,), (6, 3)), ((1, 3), (6, 3)), ((6, 1), (6, 3)), ((6, 2), (6, 3)), ((2, 6, 3), (6, 3))],
)
def test_targets_of_another_shape_are_refused(target, prediction):
    with pytest.raises(
        InputError, match=r"^CategoricalCrossentropy: `y_true` must be of the shape of `y_pred`, \(6, 3\)"
    ):
        losses.CategoricalCrossentropy()(np.ones(target), np.ones(prediction))


def test_targets_of_another_number_of_classes_are_refused_before_the_batch_is_known():
    with pytest.raises(InputError, match=r"^CategoricalCrossentropy: `y_true` must be of the shape of `y_pred`"):
        losses.CategoricalCrossentropy()(keras.Input((3,)), keras.Input((4,)))


@pytest.mark.parametrize("cls", [losses.CategoricalCrossentropy, losses.SparseCategoricalCrossentropy])
def test_an_axis_of_classes_is_needed(cls):
    with pytest.raises(InputError, match=f"^{cls.__name__}: `y_pred` must be of a shape whose axis 2 is the number"):
        cls(axis=2)(np.ones((6, 3)), np.ones((6, 3)))
    with pytest.raises(InputError, match=f"^{cls.__name__}: `y_pred` must be of a shape whose axis -1 is the number"):
        cls()(keras.Input((3,)), keras.Input((None,)))


# Targets that sum to 2, to 0 and to 0.3: several labels at once, none, a weighted one.
UNEVEN = np.array([[1.0, 1, 0, 0], [0, 0, 0, 0], [0, 0, 0.3, 0]])


@pytest.mark.parametrize("axis", [-1, 1])
@pytest.mark.parametrize("arguments", [{}, {"label_smoothing": 0.25}, {"from_logits": True}])
def test_targets_of_any_sum_have_the_twins_values_and_gradients(arguments, axis):
    z = np.random.default_rng(0).uniform(0.1, 1, size=UNEVEN.shape)
    y = UNEVEN if axis == -1 else UNEVEN[:, :, None].repeat(4, axis=2)
    z = z if axis == -1 else z[:, :, None] * np.arange(1, 5)
    found = [
        loss_and_gradient(namespace.CategoricalCrossentropy(**arguments, axis=axis, dtype="float64"), y, z)
        for namespace in (losses, keras.losses)
    ]
    for ours, theirs in zip(*found, strict=True):
        np.testing.assert_allclose(ours, theirs, rtol=1e-9, atol=1e-12)


@pytest.mark.skipif(keras.backend.backend() != "tensorflow", reason="the other backends give sum(y) * p - y")
def test_the_gradient_of_targets_of_any_sum_is_p_less_y():
    z = np.random.default_rng(0).normal(size=UNEVEN.shape)
    arguments = {"from_logits": True, "reduction": "sum", "dtype": "float64"}
    _, ours = loss_and_gradient(losses.CategoricalCrossentropy(**arguments), UNEVEN, z)
    _, theirs = loss_and_gradient(keras.losses.CategoricalCrossentropy(**arguments), UNEVEN, z)
    np.testing.assert_allclose(ours, theirs, rtol=1e-9, atol=1e-12)
    # Where another test turned on deterministic ops, TensorFlow has another kernel, with the gradient of the sum.
    factor = 1 if np.isclose(np.sum(theirs + UNEVEN), len(z)) else np.sum(UNEVEN, axis=-1, keepdims=True)
    np.testing.assert_allclose(ours, factor * softmax(z) - UNEVEN, rtol=1e-9, atol=1e-12)
