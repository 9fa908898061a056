"""ZCA whitening: identity covariance by a symmetric matrix, the nearest whitening to the data."""

import numpy as np
import pytest

from tests.preprocessing.layers import adapted
from tfnotes.preprocessing import PCAWhitening, ZCAWhitening

RNG = np.random.default_rng(2)
DATA = RNG.normal(size=(400, 5)) @ RNG.normal(size=(5, 5)) + RNG.normal(size=5)


def covariance(y):
    return np.cov(np.asarray(y).T, bias=True)


def test_the_covariance_becomes_the_identity():
    y = np.asarray(adapted(ZCAWhitening, DATA, epsilon=0)(DATA))
    np.testing.assert_allclose(y.mean(axis=0), 0, atol=1e-9)
    np.testing.assert_allclose(covariance(y), np.eye(5), atol=1e-9)


def test_the_matrix_is_symmetric_and_the_inverse_root_of_the_covariance():
    layer = adapted(ZCAWhitening, DATA, epsilon=0.1)
    w = np.asarray(layer.whitening)
    np.testing.assert_array_equal(w, w.T)
    assert np.all(np.linalg.eigvalsh(w) > 0)
    np.testing.assert_allclose(w @ w @ (covariance(DATA) + 0.1 * np.eye(5)), np.eye(5), atol=1e-9)


def test_is_pca_whitening_turned_back():
    zca, pca = adapted(ZCAWhitening, DATA, epsilon=0.1), adapted(PCAWhitening, DATA, epsilon=0.1)
    np.testing.assert_allclose(zca(DATA), np.asarray(pca(DATA)) @ np.asarray(pca.components), atol=1e-9)


def test_no_other_whitening_moves_the_data_less():
    x = DATA - DATA.mean(axis=0)
    y = np.asarray(adapted(ZCAWhitening, DATA, epsilon=0)(DATA))
    for seed in range(20):
        turn = np.linalg.qr(np.random.default_rng(seed).normal(size=(5, 5)))[0]
        assert ((y - x) ** 2).sum() < ((y @ turn - x) ** 2).sum()


@pytest.mark.parametrize("epsilon", [0, 1e-6, 0.5])
def test_the_inverse_is_exact(epsilon):
    images = DATA.reshape(400, 5, 1)
    layer = adapted(ZCAWhitening, images, epsilon=epsilon)
    assert layer(images).shape == images.shape
    np.testing.assert_allclose(layer.inverse(layer(images)), images, rtol=1e-9, atol=1e-9)


def test_a_constant_feature_stays_at_0_and_comes_back():
    x = np.concatenate([DATA, np.full((400, 1), 7.0)], axis=1)
    layer = adapted(ZCAWhitening, x, epsilon=0)
    np.testing.assert_allclose(np.asarray(layer(x))[:, 5], 0, atol=1e-9)
    np.testing.assert_allclose(layer.inverse(layer(x)), x, atol=1e-9)


def test_a_feature_that_was_constant_is_left_as_it_is():
    x = np.concatenate([np.random.default_rng(0).normal(size=(300, 2)), np.full((300, 1), 7.0)], axis=1)
    for epsilon in (0.0, 1e-6):
        layer = adapted(ZCAWhitening, x, epsilon=epsilon)
        y = np.asarray(layer(np.array([[0.0, 0.0, 207.0]])))
        np.testing.assert_allclose(y[0, 2], 200, rtol=1e-9)
        np.testing.assert_allclose(layer.inverse(y), [[0, 0, 207]], atol=1e-9)
