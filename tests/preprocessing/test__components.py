"""Components by covariance and by sketch against the SVD; what doesn't fit is refused before it is tried."""

import tracemalloc

import numpy as np
import pytest

from tests.preprocessing.layers import adapted
from tfnotes.errors import InputError
from tfnotes.preprocessing import PCA, PCAWhitening, ZCAWhitening
from tfnotes.preprocessing import _components as parts


def by_svd(x, k):
    mean = x.mean(axis=0)
    _, s, directions = np.linalg.svd(x - mean, full_matrices=False)
    return mean, parts.signed(directions[:k]), s[:k] ** 2 / len(x)


def blocks(x, rows):
    return [x[k : k + rows].copy() for k in range(0, len(x), rows)]


def decaying(n, d, rate, seed=0):
    rng = np.random.default_rng(seed)
    return rng.normal(size=(n, d)) * rate ** np.arange(d) @ np.linalg.qr(rng.normal(size=(d, d)))[0] + rng.normal(
        size=d
    )


@pytest.mark.parametrize("rows", [12, 20, 500])
def test_a_sketch_is_exact_where_the_rank_fits_in_it(rows):
    rng = np.random.default_rng(0)
    x = rng.normal(size=(200, 10)) @ rng.normal(size=(10, 60)) + 5 * rng.normal(size=60)
    n, mean, components, variance, error = parts.sketched(blocks(x, rows), rows, 4)
    expected = by_svd(x, 4)
    assert n == 200
    assert error < 1e-20 * len(x) + 1e-25 or error < 1e-12 * variance[0]
    np.testing.assert_allclose(mean, expected[0], rtol=1e-12)
    np.testing.assert_allclose(components, expected[1], atol=1e-10)
    np.testing.assert_allclose(variance, expected[2], rtol=1e-10)


@pytest.mark.parametrize("rate", [0.7, 0.95, 0.99, 1.0])
def test_a_sketch_is_as_exact_as_it_says(rate):
    x = decaying(400, 80, rate)
    _, mean, components, variance, error = parts.sketched(blocks(x, 20), 20, 5)
    true = by_svd(x, 5)[2]
    np.testing.assert_allclose(mean, x.mean(axis=0), rtol=1e-9, atol=1e-12)
    assert np.all(variance <= true * (1 + 1e-9))
    assert np.all(true <= variance + error * (1 + 1e-9))
    np.testing.assert_allclose(components @ components.T, np.eye(5), atol=1e-12)
    # What the components explain in truth lies within the bound as well.
    explained = np.diag(components @ np.cov(x.T, bias=True) @ components.T)
    assert np.all(explained >= variance * (1 - 1e-9))
    if rate <= 0.7:
        assert error < 1e-3 * variance[-1]


def test_what_each_block_cuts_off_is_added_up():
    def block(b):
        return np.array([[3.0, 0], [-3, 0], [0, b], [0, -b]])

    n, _, components, variance, error = parts.sketched([block(2), block(1)], 1, 1)
    np.testing.assert_allclose(components, [[1, 0]], atol=1e-12)
    # Of the 8 examples, 4 are at distance 3 along the first axis; 2 * 2**2 and 2 * 1**2 are cut off.
    np.testing.assert_allclose((n, variance[0], error), (8, 36 / 8, 10 / 8), rtol=1e-12)


def test_the_last_block_may_be_shorter_than_the_sketch():
    x = decaying(43, 30, 0.5)
    _, _, components, variance, _ = parts.sketched(blocks(x, 20), 20, 3)
    np.testing.assert_allclose(variance, by_svd(x, 3)[2], rtol=1e-6)
    np.testing.assert_allclose(components, by_svd(x, 3)[1], atol=1e-5)


@pytest.mark.parametrize("make", [PCA, PCAWhitening])
def test_wide_inputs_stream_through_the_sketch(make):
    rng = np.random.default_rng(3)
    basis = np.linalg.qr(rng.normal(size=(5000, 6)))[0].T
    x = rng.normal(size=(90, 6)) * [32, 16, 8, 4, 2, 1] @ basis + 1
    layer = adapted(make, [x[:1], x[1:50], x[50:]], n_components=3)
    _, components, variance = by_svd(x, 3)
    np.testing.assert_allclose(layer.components, components, atol=1e-9)
    np.testing.assert_allclose(layer.variance, variance, rtol=1e-9)
    assert float(layer.variance_error) < 1e-12
    whole = adapted(make, x, n_components=3)
    for a, b in zip(layer.get_weights(), whole.get_weights(), strict=True):
        np.testing.assert_array_equal(a, b)


def test_signs_make_the_largest_number_positive():
    np.testing.assert_array_equal(
        parts.signed(np.array([[0.1, -0.9], [0.2, 0.3], [-0.5, 0.0]])), [[-0.1, 0.9], [0.2, 0.3], [0.5, 0]]
    )


def test_directions_without_variance_have_variance_0():
    x = np.random.default_rng(0).normal(size=(50, 2))
    covariance = np.cov(np.stack([x[:, 0], x[:, 1], x[:, 0] + x[:, 1], 0 * x[:, 0]]), bias=True)
    variance, directions = parts.eigen(covariance)
    assert np.all(variance[:2] > 0.1)
    np.testing.assert_array_equal(variance[2:], 0)
    np.testing.assert_allclose(directions @ directions.T, np.eye(4), atol=1e-12)


class Wide:
    """Images of 250 x 250 x 3 that may be looked at, not touched."""

    shape, dtype = (10, 250, 250, 3), np.dtype("uint8")

    def __len__(self):
        return 10

    def __getitem__(self, key):
        return np.zeros((1, 250, 250, 3), "uint8")


@pytest.mark.parametrize(
    ("make", "arguments", "message"),
    [
        (
            PCA,
            {},
            "PCA: `n_components` must be at most 54 for inputs with 187500 features, as a covariance of",
        ),
        (PCA, {"n_components": 55}, "PCA: `n_components` must be at most 54 for inputs with 187500 features"),
        (PCAWhitening, {}, "PCAWhitening: `n_components` must be at most 54 for inputs with 187500 features"),
        (ZCAWhitening, {}, "ZCAWhitening: `input_shape` must be a shape with at most 4096 features, as"),
    ],
)
def test_wide_inputs_are_refused_before_memory_is_touched(make, arguments, message):
    layer = make(**arguments)
    tracemalloc.start()
    try:
        with pytest.raises(InputError) as caught:
            layer.adapt(Wide())
        assert tracemalloc.get_traced_memory()[1] < 2**21
    finally:
        tracemalloc.stop()
    assert str(caught.value).startswith(message)
    assert not layer.weights
    with pytest.raises(InputError):
        make(**arguments).build((None, 250, 250, 3))


def test_more_components_than_features_or_examples_are_refused():
    with pytest.raises(InputError, match="PCA: `n_components` must be None or at most 3, the number of features"):
        PCA(4).adapt(np.ones((9, 3)))
    with pytest.raises(InputError, match="PCA: `data` must be at least 3 examples"):
        PCA(3).adapt(np.ones((2, 5)))
    layer = PCA(30)
    with pytest.raises(InputError, match="PCA: `data` must be at least 30 examples"):
        layer.adapt(np.random.default_rng(0).normal(size=(20, 4097)))
    assert not layer.fitted


def test_where_the_covariance_ends_and_the_sketch_begins(monkeypatch):
    x = np.random.default_rng(0).normal(size=(90, 30)) * np.arange(1, 31)
    monkeypatch.setattr(parts, "FEATURES", 30)
    assert float(adapted(PCA, x, n_components=3).variance_error) == 0
    layer = adapted(PCA, x)
    assert layer.components.shape == (30, 30)
    monkeypatch.setattr(parts, "FEATURES", 29)
    found = adapted(PCA, x, n_components=3)
    assert float(found.variance_error) > 0, "16 rows of a sketch don't hold 30 directions"
    with pytest.raises(InputError) as caught:
        adapted(PCA, x)
    assert str(caught.value) == (
        "PCA: `n_components` must be at most 30 for inputs with 30 features, as a covariance of 30 x 30 numbers is "
        "formed for 29 features at most. Received: n_components=None."
    )


def test_how_many_components_a_sketch_may_have():
    assert (parts.FEATURES, parts.sketch_rows(3), parts.sketch_rows(50)) == (4096, 16, 110)
    assert [parts.largest_k(features) for features in (187_500, 5000, 3, 3_000_000)] == [54, 2231, 3, 0]
    PCA(54).measure((None, 250, 250, 3))
    ZCAWhitening().measure((None, 64, 64))
    with pytest.raises(InputError, match="as the covariance of 4097 has 4097 x 4097 numbers; tfnotes"):
        ZCAWhitening().measure((None, 4097))


@pytest.mark.parametrize("make", [PCA, PCAWhitening])
def test_as_many_examples_as_components(make):
    x = np.random.default_rng(0).normal(size=(3, 5))
    layer = adapted(make, x, n_components=3)
    assert (int(layer.count), layer.components.shape, layer(x).shape) == (3, (3, 5), (3, 3))
    with pytest.raises(InputError) as caught:
        adapted(make, x[:2], n_components=3)
    expected = f"{make.__name__}: `data` must be at least 3 examples, as many as components. "
    assert str(caught.value) == f"{expected}Received: data='2 examples'."
    adapted(make, x, n_components=5 - 2)
    assert adapted(make, np.ones((5, 4)) * np.arange(5)[:, None], n_components=4).components.shape == (4, 4)


def test_single_precision_rounds_variances_of_floats_alone():
    # A direction of 1e-8 of the largest variance: within the rounding of float32, and not of float64.
    x = np.random.default_rng(0).normal(size=(60, 2)) * [1, 1e-4]
    assert adapted(PCA, x).get_weights()[2][1] > 0
    assert adapted(PCA, x.astype("float32")).get_weights()[2][1] == 0
    whole = np.round(x * 1e6).astype("int32")
    assert adapted(PCA, whole).get_weights()[2][1] > 0
