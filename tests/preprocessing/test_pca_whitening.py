"""PCA whitening: the covariance of the outputs is the identity; constant directions stay 0."""

import numpy as np
import pytest

from tests.preprocessing.layers import adapted
from tfnotes.preprocessing import PCA, PCAWhitening

RNG = np.random.default_rng(1)
DATA = RNG.normal(size=(400, 5)) @ RNG.normal(size=(5, 5)) + RNG.normal(size=5)


def covariance(y):
    return np.cov(np.asarray(y).T, bias=True)


@pytest.mark.parametrize("k", [None, 3])
def test_the_covariance_becomes_the_identity(k):
    layer = adapted(PCAWhitening, DATA, n_components=k, epsilon=0)
    y = np.asarray(layer(DATA))
    np.testing.assert_allclose(y.mean(axis=0), 0, atol=1e-9)
    np.testing.assert_allclose(covariance(y), np.eye(k or 5), atol=1e-9)


def test_epsilon_is_added_to_the_variances():
    layer, variance = adapted(PCAWhitening, DATA, epsilon=0.5), np.asarray(adapted(PCA, DATA).variance)
    np.testing.assert_allclose(covariance(layer(DATA)), np.diag(variance / (variance + 0.5)), atol=1e-9)
    np.testing.assert_allclose(
        layer(DATA), np.asarray(adapted(PCA, DATA)(DATA)) / np.sqrt(variance + 0.5), rtol=1e-9, atol=1e-9
    )


@pytest.mark.parametrize("epsilon", [0, 1e-6, 0.5])
def test_the_inverse_is_exact(epsilon):
    layer = adapted(PCAWhitening, DATA.reshape(400, 5, 1), epsilon=epsilon)
    back = layer.inverse(layer(DATA.reshape(400, 5, 1)))
    np.testing.assert_allclose(back, DATA.reshape(400, 5, 1), rtol=1e-9, atol=1e-9)


def test_constant_and_repeated_features_come_back_and_blow_nothing_up():
    x = np.concatenate([DATA, np.full((400, 1), 7.0), DATA[:, :1]], axis=1)
    layer = adapted(PCAWhitening, x, epsilon=0)
    y = np.asarray(layer(x))
    np.testing.assert_allclose(y[:, 5:], 0, atol=1e-12)
    # What was constant may change later, and what was the same differ: by as much as in the inputs.
    changed = x[:1] + np.array([0, 0, 0, 0, 0, 3, 2])
    assert np.abs(np.asarray(layer(changed))[:, 5:]).max() < 4
    np.testing.assert_allclose(layer.inverse(layer(changed)), changed, atol=1e-9)
    np.testing.assert_allclose(covariance(y[:, :5]), np.eye(5), atol=1e-9)
    np.testing.assert_allclose(layer.inverse(y), x, atol=1e-9)
    # In single precision, too, where rounding would pass for variance.
    single = PCAWhitening(epsilon=0)
    single.adapt(x.astype("float32"))
    assert np.abs(np.asarray(single(changed))[:, 5:]).max() < 4
    assert np.abs(single(x)).max() < 10
