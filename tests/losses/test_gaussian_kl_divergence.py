"""Gaussian KL against hand-worked numbers, an average of log-ratios over draws, and central differences."""

import keras
import numpy as np
import pytest

from tfnotes._gradients import vjp
from tfnotes.losses import GaussianKLDivergence, gaussian_kl_divergence


def divergence(*arguments):
    return np.asarray(gaussian_kl_divergence(*(np.asarray(a, "float64") for a in arguments)))


def test_hand_worked_numbers():
    # Variance 4, mean 1: 1/2 (4 + 1 - 1 - log 4) = 2 - log 2.
    assert divergence([1.0], [np.log(4)]) == pytest.approx(2 - np.log(2), rel=1e-12)
    # Means 3 apart, prior of variance 9: 1/2 (1/9 + 9/9 - 1 + log 9) = 1/18 + log 3.
    assert divergence([4.0], [0.0], [1.0], [np.log(9)]) == pytest.approx(1 / 18 + np.log(3), rel=1e-12)
    # Dimensions add up.
    assert divergence([1.0, 2.0], [0.0, 0.0]) == pytest.approx(2.5, rel=1e-12)


def test_is_zero_for_equals_and_positive_otherwise():
    rng = np.random.default_rng(0)
    m, s, m2, s2 = rng.normal(size=(4, 100, 3))
    np.testing.assert_allclose(divergence(m, s, m, s), 0, atol=1e-12)
    assert divergence(m, s, m2, s2).min() > 0
    assert divergence(m, s).min() > 0


@pytest.mark.parametrize("prior", [(0.0, 0.0), ([0.5, -1.0], [0.4, -0.3])])
def test_equals_the_average_log_ratio_of_densities(prior):
    rng, n = np.random.default_rng(1), 10**6
    m, s = np.array([0.3, -0.7]), np.array([-0.5, 0.2])
    prior = [np.broadcast_to(np.asarray(p, "float64"), (2,)) for p in prior]

    def log_density(x, m, s):
        return -0.5 * (np.log(2 * np.pi) + s + (x - m) ** 2 / np.exp(s)).sum(-1)

    x = m + np.exp(s / 2) * rng.normal(size=(n, 2))
    ratios = log_density(x, m, s) - log_density(x, *prior)
    assert abs(ratios.mean() - divergence(m, s, *prior)) < 5 * ratios.std() / np.sqrt(n)


def test_gradients_equal_central_differences():
    rng, h = np.random.default_rng(2), 1e-6
    inputs = list(rng.normal(size=(4, 2, 3)))
    _, _, gradients = vjp(lambda *a: (keras.ops.sum(gaussian_kl_divergence(*a)), ()), inputs, np.ones)
    for k, gradient in enumerate(gradients):
        for index in np.ndindex(gradient.shape):
            up, down = ([a.copy() for a in inputs] for _ in range(2))
            up[k][index] += h
            down[k][index] -= h
            central = (divergence(*up).sum() - divergence(*down).sum()) / (2 * h)
            assert gradient[index] == pytest.approx(central, rel=1e-6, abs=1e-8)


def test_the_loss_takes_means_and_logarithms_in_one_vector():
    rng = np.random.default_rng(3)
    y_true, y_pred = rng.normal(size=(2, 5, 6))
    expected = divergence(y_pred[:, :3], y_pred[:, 3:], y_true[:, :3], y_true[:, 3:])
    each = GaussianKLDivergence(reduction="none", dtype="float64")(y_true, y_pred)
    np.testing.assert_allclose(each, expected, rtol=1e-12)
    mean = GaussianKLDivergence(dtype="float64")(np.zeros((5, 6)), y_pred)
    assert float(mean) == pytest.approx(divergence(y_pred[:, :3], y_pred[:, 3:]).mean(), rel=1e-12)


@pytest.mark.parametrize("shape", [(2, 3), (3,), (4,)])
def test_an_odd_number_is_refused(shape):
    with pytest.raises(ValueError, match="GaussianKLDivergence: `y_pred` must be of a shape that ends in 2n"):
        GaussianKLDivergence()(np.zeros(shape), np.zeros(shape))
