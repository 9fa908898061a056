"""Orthogonal: right angles and lengths, tall and wide, and a rotation that prefers no direction."""

import math

import keras
import numpy as np
import pytest

from tfnotes.initializers import Orthogonal
from tfnotes.initializers.orthogonal import orthonormal_columns


def matrix(shape, dtype="float64", **arguments):
    w = keras.ops.convert_to_numpy(Orthogonal(**arguments)(shape, dtype))
    assert w.shape == shape
    return w.reshape(-1, shape[-1])


@pytest.mark.parametrize("shape", [(9, 4), (5, 5), (3, 3, 2, 6), (5, 7, 2)])
def test_columns_of_a_tall_matrix_are_orthonormal(shape):
    w = matrix(shape, gain=1.5, seed=1)
    np.testing.assert_allclose(w.T @ w, 2.25 * np.eye(shape[-1]), atol=1e-12)


@pytest.mark.parametrize("shape", [(4, 9), (2, 2, 1, 8), (1, 5)])
def test_rows_of_a_wide_matrix_are_orthonormal(shape):
    w = matrix(shape, gain=0.5, seed=1)
    np.testing.assert_allclose(w @ w.T, 0.25 * np.eye(len(w)), atol=1e-12)


def test_lengths_are_kept_through_a_hundred_steps():
    w, x = matrix((16, 16), seed=2), np.random.default_rng(0).normal(size=16)
    h = x
    for _ in range(100):
        h = h @ w
    assert np.linalg.norm(h) == pytest.approx(np.linalg.norm(x), rel=1e-10)


def test_the_sign_makes_the_decomposition_unique():
    # With a positive diagonal in r there is one decomposition: that of an orthogonal q times such an r is q.
    rng = np.random.default_rng(1)
    q, _ = np.linalg.qr(rng.normal(size=(6, 4)))
    r = np.triu(rng.normal(size=(4, 4)), 1) + np.diag([0.5, 2.0, 1.0, 3.0])
    np.testing.assert_allclose(orthonormal_columns(keras.ops.convert_to_tensor(q @ r)), q, atol=1e-12)


def test_no_direction_is_preferred():
    # Each element of a uniform rotation in three dimensions is uniform on [-1, 1] (Archimedes).
    w = np.stack([matrix((3, 3), "float32", seed=seed) for seed in range(1500)])
    assert np.abs(w.mean(0)).max() < 5 * math.sqrt(1 / 3 / len(w))
    for quarter in (-0.5, 0.0, 0.5):
        share = (quarter + 1) / 2
        assert np.abs((w < quarter).mean(0) - share).max() < 5 * math.sqrt(share * (1 - share) / len(w))


@pytest.mark.parametrize("shape", [(), (3,)])
def test_a_vector_has_no_angles(shape):
    with pytest.raises(ValueError, match="Orthogonal: `shape` must be of two axes or more"):
        Orthogonal()(shape)
