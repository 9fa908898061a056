"""Sparse categorical cross-entropy by hand, against the one-hot one, and the class that doesn't count."""

import re

import keras
import numpy as np
import pytest

from tests.helpers import central_differences
from tfnotes import losses
from tfnotes._gradients import vjp
from tfnotes.errors import InputError
from tfnotes.losses.sparse_categorical_crossentropy import (
    sparse_categorical_crossentropy,
    sparse_categorical_crossentropy_by_definition,
)

REDUCTIONS = ("sum_over_batch_size", "sum", "mean", "mean_with_sample_weight", "none")


def test_by_hand():
    loss = losses.SparseCategoricalCrossentropy(reduction="none", dtype="float64")
    np.testing.assert_allclose(loss([1, 0], [[0.5, 0.5], [0.25, 0.75]]), [np.log(2), np.log(4)], rtol=1e-12)
    # softmax of the logarithms of 1, 2, 5 is 1/8, 2/8, 5/8.
    loss = losses.SparseCategoricalCrossentropy(from_logits=True, reduction="none", dtype="float64")
    np.testing.assert_allclose(loss([0, 1, 2], [np.log([1, 2, 5])] * 3), np.log([8, 4, 1.6]), rtol=1e-12)


@pytest.mark.parametrize("from_logits", [False, True])
def test_equals_the_one_hot_loss(from_logits):
    rng = np.random.default_rng(0)
    index, p = rng.integers(0, 3, size=(4, 5)), rng.dirichlet(np.ones(3), size=(4, 5))
    for reduction in REDUCTIONS:
        options = {"from_logits": from_logits, "reduction": reduction, "dtype": "float64"}
        sparse = losses.SparseCategoricalCrossentropy(**options)(index, p)
        np.testing.assert_allclose(sparse, losses.CategoricalCrossentropy(**options)(np.eye(3)[index], p), rtol=1e-9)


def test_the_axis_of_classes_may_be_any():
    rng = np.random.default_rng(0)
    index, z = rng.integers(0, 3, size=(2, 4)), rng.normal(size=(2, 4, 3))
    expected = losses.SparseCategoricalCrossentropy(True)(index, z)
    for axis in (1, -2):
        loss = losses.SparseCategoricalCrossentropy(True, axis=axis)
        np.testing.assert_allclose(loss(index, np.moveaxis(z, -1, 1)), expected, rtol=1e-6)
        np.testing.assert_allclose(loss(index[:, None], np.moveaxis(z, -1, 1)), expected, rtol=1e-6)


def test_targets_may_keep_an_axis_of_size_1():
    index, z = np.array([0, 2, 1]), np.random.default_rng(0).normal(size=(3, 3))
    loss = losses.SparseCategoricalCrossentropy(from_logits=True)
    np.testing.assert_array_equal(loss(index[:, None], z), loss(index, z))


@pytest.mark.parametrize("ignore_class", [None, 1])
def test_the_gradient_equals_central_differences(ignore_class):
    y, z = np.array([0, 1, 2, 1]), np.random.default_rng(1).normal(size=(4, 3))
    loss = losses.SparseCategoricalCrossentropy(from_logits=True, ignore_class=ignore_class, dtype="float64")
    _, _, (gradient,) = vjp(lambda z: (loss(y, z), ()), [z], np.ones)
    np.testing.assert_allclose(gradient, central_differences(lambda z: float(loss(y, z)), z), rtol=1e-6, atol=1e-8)


def test_large_logits_neither_overflow_nor_lose_their_gradient():
    z = np.array([[1e4, 0, -1e4], [1e4, 0, -1e4]], "float32")
    loss = losses.SparseCategoricalCrossentropy(from_logits=True, reduction="none")
    value, _, (gradient,) = vjp(lambda z: (loss([0, 2], z), ()), [z], np.ones)
    np.testing.assert_allclose(value, [0, 2e4])
    np.testing.assert_allclose(gradient, [[0, 0, 0], [1, 0, -1]], atol=1e-6)


def test_an_ignored_class_is_left_out_by_hand():
    # Of three examples, log 2, log 4 and log 8, the one of class 1 doesn't count.
    p = np.array([[0.5, 0.25, 0.25], [0.25, 0.25, 0.5], [0.5, 0.375, 0.125]])
    for reduction, expected in (
        ("sum_over_batch_size", (np.log(2) + np.log(8)) / 2),
        ("mean", (np.log(2) + np.log(8)) / 2),
        ("sum", np.log(2) + np.log(8)),
        ("none", [np.log(2), 0, np.log(8)]),
    ):
        loss = losses.SparseCategoricalCrossentropy(ignore_class=1, reduction=reduction, dtype="float64")
        np.testing.assert_allclose(loss([0, 1, 2], p), expected, rtol=1e-9)


def test_the_function_says_what_each_example_costs():
    p = np.array([[0.5, 0.5], [0.25, 0.75], [np.nan, np.nan]])
    found = sparse_categorical_crossentropy(np.array([0, 0, 1]), p, ignore_class=1)
    np.testing.assert_allclose(found, [np.log(2), np.log(4), 0], rtol=1e-6)


@pytest.mark.parametrize("ignore_class", [-1, 255, 1])
def test_what_is_predicted_for_an_ignored_example_does_not_matter(ignore_class):
    y, z = np.array([0, ignore_class, 2]), np.random.default_rng(0).normal(size=(3, 3))
    z[1] = [np.nan, np.inf, 0]
    loss = losses.SparseCategoricalCrossentropy(from_logits=True, ignore_class=ignore_class, dtype="float64")
    value, _, (gradient,) = vjp(lambda z: (loss(y, z), ()), [z], np.ones)
    plain = losses.SparseCategoricalCrossentropy(from_logits=True, dtype="float64")
    expected, _, (slope,) = vjp(lambda z: (plain(y[[0, 2]], z), ()), [z[[0, 2]]], np.ones)
    np.testing.assert_allclose(value, expected, rtol=1e-12)
    np.testing.assert_allclose(gradient, [slope[0], [0, 0, 0], slope[1]], rtol=1e-12)


def test_a_batch_that_is_ignored_whole_costs_nothing():
    for reduction in REDUCTIONS:
        loss = losses.SparseCategoricalCrossentropy(ignore_class=1, reduction=reduction)
        np.testing.assert_array_equal(loss([1, 1], [[0.5, 0.5], [0.1, 0.9]]), [0, 0] if reduction == "none" else 0)


@pytest.mark.parametrize("reduction", REDUCTIONS)
@pytest.mark.parametrize("ignore_class", [None, 1])
@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize("masked", [False, True])
def test_weights_masks_and_reductions_are_the_twins(reduction, ignore_class, weighted, masked):
    rng = np.random.default_rng(0)
    y = rng.integers(0, 3, size=(4, 5))
    weight = rng.random((4, 5)) if weighted else None
    z = keras.layers.Embedding(4, 3, mask_zero=masked)(rng.integers(0, 4, size=(4, 5)))
    options = {"from_logits": True, "ignore_class": ignore_class, "reduction": reduction}
    values = [
        namespace.SparseCategoricalCrossentropy(**options)(y, z, sample_weight=weight)
        for namespace in (losses, keras.losses)
    ]
    np.testing.assert_allclose(*values, rtol=1e-5)


def test_an_ignored_class_is_ignored_in_compiled_training():
    rng = np.random.default_rng(0)
    x, y = rng.normal(size=(8, 3)), rng.integers(0, 3, size=8)
    weights = []
    for namespace in (losses, keras.losses):
        model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(3, kernel_initializer="zeros")])
        model.compile("sgd", namespace.SparseCategoricalCrossentropy(from_logits=True, ignore_class=2))
        model.fit(x, y, batch_size=4, epochs=2, shuffle=False, verbose=0)
        weights.append(model.get_weights())
    for a, b in zip(*weights, strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-5, atol=1e-7)


@pytest.mark.skipif(keras.backend.backend() == "jax", reason="JAX raises nothing")
@pytest.mark.parametrize("axis", [-1, 1])
@pytest.mark.parametrize("bad", [-1, 2, 300])
def test_an_index_that_is_no_class_is_refused_in_one_sentence(bad, axis):
    sentence = f"^Sparse\\w+: `y_true` must be indices of classes, 0 to 1[.] Received: y_true={bad}[.]$"
    for from_logits in (True, False):
        loss = losses.SparseCategoricalCrossentropy(from_logits, axis=axis)
        with pytest.raises(InputError, match=sentence):
            loss(np.array([[1, 0], [bad, 0]]), np.full((2, 2, 2), 0.5))
    with pytest.raises(InputError, match=sentence):
        losses.SparseCategoricalCrossentropy(ignore_class=7)([7, bad], np.full((2, 2), 0.5))
    # That of the class which doesn't count may be any.
    loss = losses.SparseCategoricalCrossentropy(ignore_class=bad, axis=axis)
    assert float(loss(np.array([[1, 0], [bad, 0]]), np.full((2, 2, 2), 0.5))) == pytest.approx(np.log(2))


def test_an_index_that_is_no_class_costs_nan_by_the_definition():
    loss = sparse_categorical_crossentropy_by_definition(np.array([-1, 2, 0]), np.zeros((3, 2)), from_logits=True)
    np.testing.assert_allclose(loss, [np.nan, np.nan, np.log(2)], rtol=1e-6)


@pytest.mark.skipif(keras.backend.backend() != "tensorflow", reason="graphs and XLA are TensorFlow's here")
@pytest.mark.parametrize("run", ["eager", "graph", "XLA"])
def test_training_on_an_index_that_is_no_class_stops(run):
    model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(4)])
    loss = losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile("sgd", loss, jit_compile=run == "XLA", run_eagerly=run == "eager")
    x, y = np.ones((8, 3)), np.arange(8) % 4 + 1
    sentence = "must be indices of classes, 0 to 3"
    # The rest where another test turned on deterministic ops, for which TensorFlow has another kernel.
    of_tensorflow = r"label value of 4 .* valid range of \[0, 4\)|(is not in|does not index)|not in \[0, 4\)"
    loss, said = np.nan, None
    try:
        loss = model.fit(x, y, verbose=0).history["loss"][0]
    except Exception as error:
        said = str(error)
    # XLA has no errors.
    assert np.isnan(loss) if said is None else re.search(sentence if run == "eager" else of_tensorflow, said)
    assert said or run == "XLA"


@pytest.mark.parametrize("target", [(), (1,), (5,), (6, 3), (6, 2), (1, 1), (2, 3)])
def test_targets_of_another_shape_are_refused(target):
    with pytest.raises(InputError, match=r"^Sparse\w+: `y_true` must be .* without axis -1, \(6,\)\. Rec"):
        losses.SparseCategoricalCrossentropy()(np.zeros(target), np.ones((6, 3)))
