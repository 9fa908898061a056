"""PCA by hand and against the SVD of the centered data."""

import numpy as np
import pytest

from tests.preprocessing.layers import adapted
from tfnotes.preprocessing import PCA

RNG = np.random.default_rng(0)
DATA = RNG.normal(size=(300, 6)) @ RNG.normal(size=(6, 6)) + RNG.normal(size=6)


def test_by_hand():
    # Two points on the diagonal and two closer ones across it.
    x = np.add([[2.0, 2], [-2, -2], [1, -1], [-1, 1]], [5, 7])
    layer = adapted(PCA, x)
    np.testing.assert_allclose(layer.mean, [5, 7], rtol=1e-12)
    np.testing.assert_allclose(layer.variance, [4, 1], rtol=1e-12)
    np.testing.assert_allclose(np.abs(layer.components), np.full((2, 2), np.sqrt(0.5)), rtol=1e-12)
    np.testing.assert_allclose(np.abs(layer(x)), [[8**0.5, 0], [8**0.5, 0], [0, 2**0.5], [0, 2**0.5]], atol=1e-12)


@pytest.mark.parametrize("k", [None, 1, 4, 6])
def test_equals_the_svd(k):
    layer = adapted(PCA, DATA, n_components=k)
    _, s, directions = np.linalg.svd(DATA - DATA.mean(axis=0), full_matrices=False)
    signs = np.sign((directions * np.asarray(adapted(PCA, DATA).components)).sum(axis=1))
    k = k or 6
    np.testing.assert_allclose(layer.variance, s[:k] ** 2 / 300, rtol=1e-9)
    np.testing.assert_allclose(layer.components, (directions * signs[:, None])[:k], atol=1e-9)
    assert float(layer.variance_error) == 0
    assert layer(DATA).shape == layer.compute_output_shape(DATA.shape) == (300, k)


def test_outputs_are_uncorrelated_with_falling_variance():
    layer = adapted(PCA, DATA)
    covariance = np.cov(np.asarray(layer(DATA)).T, bias=True)
    np.testing.assert_allclose(covariance, np.diag(np.asarray(layer.variance)), atol=1e-9)
    assert np.all(np.diff(layer.variance) < 0)


def test_each_components_largest_number_is_positive():
    components = np.asarray(adapted(PCA, DATA).components)
    assert np.all(components[np.arange(6), np.abs(components).argmax(axis=1)] > 0)
    np.testing.assert_allclose(adapted(PCA, -DATA).components, components, atol=1e-9)


def test_the_inverse_is_exact_with_all_components_and_nearest_with_fewer():
    images = DATA.reshape(300, 3, 2)
    layer = adapted(PCA, images)
    np.testing.assert_allclose(layer.inverse(layer(images)), images, rtol=1e-9, atol=1e-9)
    few = adapted(PCA, images, n_components=4)
    back = np.asarray(few.inverse(few(images)))
    assert back.shape == images.shape
    # What is lost is the variance of the components left out, and no other projection loses less.
    lost = ((back - images) ** 2).sum() / 300
    np.testing.assert_allclose(lost, np.asarray(layer.variance)[4:].sum(), rtol=1e-9)


def test_fewer_examples_than_features_leave_variances_of_0():
    layer = adapted(PCA, DATA[:3])
    assert np.all(np.asarray(layer.variance)[:2] > 0)
    np.testing.assert_array_equal(np.asarray(layer.variance)[2:], 0)
    np.testing.assert_allclose(layer.inverse(layer(DATA)), DATA, rtol=1e-9, atol=1e-9)
