"""The equations behind the cross-entropies: by hand where a careless form would overflow or lose the answer."""

import numpy as np
import pytest

from tfnotes import losses
from tfnotes._gradients import vjp
from tfnotes.losses._crossentropy import log_probabilities, smoothed
from tfnotes.losses.binary_crossentropy import binary_crossentropy_by_definition
from tfnotes.losses.categorical_crossentropy import categorical_crossentropy_by_definition
from tfnotes.losses.sparse_categorical_crossentropy import (
    sparse_categorical_crossentropy,
    sparse_categorical_crossentropy_by_definition,
)


def test_large_logits_keep_their_logarithms_and_their_gradient():
    z = np.array([[1e4, 0.0, -1e4]])
    log_p, _, (gradient,) = vjp(lambda z: (log_probabilities(z, True, -1), ()), [z], lambda _: [[0.0, 0, 1]])
    np.testing.assert_allclose(log_p, [[0, -1e4, -2e4]])
    np.testing.assert_allclose(gradient, [[-1, 0, 1]], atol=1e-12)
    slope = vjp(lambda z: (binary_crossentropy_by_definition([[1.0]], z, from_logits=True), ()), [z[:, 2:]], np.ones)
    np.testing.assert_allclose([slope[0], slope[2][0][0]], [[1e4], [-1]])


def test_probabilities_are_made_to_sum_to_1_and_kept_off_0():
    log_p = np.asarray(log_probabilities(np.array([[1.0, 3.0], [0.0, 2.0]]), False, -1))
    np.testing.assert_allclose(log_p, np.log([[0.25, 0.75], [1e-7, 1 - 1e-7]]), rtol=1e-6)


@pytest.mark.parametrize("axis", [-1, 1])
def test_binary_by_hand_along_an_axis(axis):
    y, p = np.array([[[0.0, 1.0], [1.0, 1.0]]]), np.array([[[0.25, 0.5], [0.5, 0.125]]])
    each = -np.log([[[0.75, 0.5], [0.5, 0.125]]])
    np.testing.assert_allclose(binary_crossentropy_by_definition(y, p, axis=axis), each.mean(axis), rtol=1e-6)


def test_smoothing_by_hand():
    np.testing.assert_allclose(smoothed(np.array([0.0, 1, 0, 0]), 0.2, 4), [0.05, 0.85, 0.05, 0.05])


def test_the_equations_are_what_the_kernel_computes_for_targets_that_sum_to_one():
    rng = np.random.default_rng(0)
    y, z = rng.dirichlet(np.ones(4), size=5), rng.normal(size=(5, 4))
    for arguments in ({"from_logits": True}, {"from_logits": True, "label_smoothing": 0.3}):
        expected = categorical_crossentropy_by_definition(y, z, **arguments)
        np.testing.assert_allclose(losses.categorical_crossentropy(y, z, **arguments), expected, rtol=1e-9)


@pytest.mark.parametrize("axis", [1, 2, -1])
def test_an_index_picks_along_any_axis_of_images(axis):
    rng = np.random.default_rng(0)
    z, index = rng.normal(size=(2, 4, 5, 3)), rng.integers(3, size=(2, 4, 5))
    expected = sparse_categorical_crossentropy(index, z, from_logits=True)
    moved = np.moveaxis(z, -1, axis)
    for function in (sparse_categorical_crossentropy, sparse_categorical_crossentropy_by_definition):
        np.testing.assert_allclose(function(index, moved, from_logits=True, axis=axis), expected, rtol=1e-6)
