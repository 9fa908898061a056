"""One pass gives what two passes give, also where a sum of raw squares would keep no digit."""

from fractions import Fraction

import numpy as np
import pytest

from tfnotes.preprocessing._moments import ROWS, mean_of, merge, scatter, squares, streamed


def blocks(x, size):
    return [x[k : k + size].copy() for k in range(0, len(x), size)]


@pytest.mark.parametrize("size", [1, 3, 64, 1000])
def test_equals_numpy(size):
    x = np.random.default_rng(0).normal(size=(200, 5)) * [1, 2, 3, 1e3, 1e-3] + [0, 10, -5, 7, 1]
    n, mean, m2 = streamed(blocks(x, size))
    assert n == 200
    np.testing.assert_allclose(mean, x.mean(axis=0), rtol=1e-12)
    np.testing.assert_allclose(m2 / n, x.var(axis=0), rtol=1e-12)
    n, mean = mean_of(blocks(x, size))
    assert n == 200
    np.testing.assert_allclose(mean, x.mean(axis=0), rtol=1e-12)
    n, mean, m2 = scatter(blocks(x, size))
    assert n == 200
    np.testing.assert_allclose(mean, x.mean(axis=0), rtol=1e-12)
    np.testing.assert_allclose(m2 / n, np.cov(x.T, bias=True), rtol=1e-10, atol=1e-12)


@pytest.mark.parametrize("size", [1, 7, 100])
def test_a_large_mean_costs_no_digits(size):
    x = 1e9 + np.random.default_rng(1).integers(-5, 6, size=(300, 2)).astype("float64")
    exact = [Fraction(int(v)) for v in x[:, 0]]
    center = sum(exact) / 300
    variance = float(sum((v - center) ** 2 for v in exact) / 300)
    n, mean, m2 = streamed(blocks(x, size))
    assert mean[0] == pytest.approx(float(center), rel=1e-15)
    assert m2[0] / n == pytest.approx(variance, rel=1e-7)
    # The textbook form, which is why this one is there.
    assert (x[:, 0] ** 2).mean() - x[:, 0].mean() ** 2 != pytest.approx(variance, rel=0.1)


def test_merging_by_hand():
    n, mean, m2 = merge((2, np.array([1.0]), np.array([2.0])), (1, np.array([4.0]), np.array([0.0])))
    # 0, 2 and 4: mean 2, squares 4 + 0 + 4.
    assert (n, mean[0], m2[0]) == (3, 2.0, 8.0)


def test_merging_is_the_same_in_either_order():
    a, b = (squares(np.random.default_rng(k).normal(size=(5 + k, 3))) for k in (0, 1))
    for x, y in zip(merge(a, b), merge(b, a), strict=True):
        np.testing.assert_allclose(x, y, rtol=1e-12)


def test_products_of_float32_blocks_keep_float32s_digits_also_beside_a_large_mean():
    x = (np.random.default_rng(2).normal(size=(5000, 4)) @ np.diag([1, 2, 3, 0]) + [0, 1e6, -50, 0.1]).astype("float32")
    n, mean, m2 = scatter(blocks(x, 300))
    exact = x.astype("float64")
    np.testing.assert_allclose(mean, exact.mean(axis=0), rtol=1e-12, atol=1e-12)
    covariance = np.cov(exact.T, bias=True)
    np.testing.assert_allclose(m2 / n, covariance, rtol=1e-6, atol=1e-6)
    assert m2.dtype == mean.dtype == "float64"
    assert abs(m2[3, 3] / n) < 1e-15


@pytest.mark.parametrize("count", [ROWS - 1, ROWS, ROWS + 1, 3 * ROWS])
def test_any_number_of_blocks(count):
    x = np.random.default_rng(3).normal(size=(2 * count, 3)) + np.linspace(-9, 9, 2 * count)[:, None]
    n, mean, m2 = scatter(blocks(x, 2))
    np.testing.assert_allclose(mean, x.mean(axis=0), rtol=1e-12, atol=1e-12)
    np.testing.assert_allclose(m2 / n, np.cov(x.T, bias=True), rtol=1e-12)


def test_many_blocks_of_large_numbers_keep_what_their_rounded_centers_lose():
    # Seventeen blocks more than are gathered before they are added up; a float32 here is a sixteenth off.
    x = (1e6 + np.random.default_rng(0).normal(size=(81 * 16, 3))).astype("float32")
    n, mean, m2 = scatter(x[k : k + 16].copy() for k in range(0, len(x), 16))
    centered = x.astype("float64") - x.mean(axis=0, dtype="float64")
    assert n == len(x)
    np.testing.assert_allclose(mean, x.mean(axis=0, dtype="float64"), rtol=1e-12)
    np.testing.assert_allclose(m2, centered.T @ centered, rtol=1e-4, atol=1e-3 * len(x) ** 0.5)


def test_the_mean_of_float32_blocks_is_that_of_their_numbers():
    """1e6 and its neighbours: what is far from 0 leaves float32 no digits for a sum."""
    x = (1e6 + np.random.default_rng(4).normal(size=(5000, 3))).astype("float32")
    n, mean = mean_of(blocks(x, 300))
    assert n == 5000
    np.testing.assert_allclose(mean, x.astype("float64").mean(axis=0), rtol=1e-13)
