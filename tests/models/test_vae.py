"""The bound against Monte Carlo and against numerical integration."""

from importlib import import_module

import keras
import numpy as np
import pytest
from keras import ops

from tfnotes import models
from tfnotes.losses import gaussian_kl_divergence
from tfnotes.models.vae import log_normal


def small(latent=1, **options):
    keras.utils.set_random_seed(5)
    model = models.vae((2, 2, 1), latent=latent, units="3", activation="tanh", **options)
    rng = np.random.default_rng(0)
    for weight in model.weights:
        if weight.dtype == "float32":
            weight.assign(rng.normal(size=weight.shape))
    return model


X = np.array([[[[0.0], [1.0]], [[1.0], [1.0]]], [[[1.0], [0.0]], [[0.0], [1.0]]]], "float32")


def log_likelihood(model, z):
    """log p(x | z) for each of `X` (rows) and each row of z."""
    p = 1 / (1 + np.exp(-np.asarray(model.decoder(z.astype("float32")), "float64").reshape(len(z), 4)))
    flat = X.reshape(2, 4)
    return flat @ np.log(p).T + (1 - flat) @ np.log(1 - p).T


def density(z, mean=0.0, s=0.0):
    return np.exp(-((z - mean) ** 2) / (2 * np.exp(s))) / np.sqrt(2 * np.pi * np.exp(s))


def test_the_divergence_against_monte_carlo():
    rng = np.random.default_rng(0)
    mean, s = rng.normal(size=(3, 4)), rng.normal(size=(3, 4))
    z = mean + np.exp(s / 2) * rng.normal(size=(400_000, 3, 4))
    log_q = np.sum(np.log(density(z, mean, s)), -1)
    log_p = np.sum(np.log(density(z)), -1)
    drawn = log_q - log_p
    error = drawn.std(0) / len(z) ** 0.5
    assert np.all(np.abs(drawn.mean(0) - np.asarray(gaussian_kl_divergence(mean, s))) < 5 * error)
    np.testing.assert_allclose(log_normal(z[:9], mean, s), log_q[:9], rtol=1e-10)


def test_the_loss_is_the_negative_bound():
    """Its mean over the draws of z is E -log p(x | z) + KL, by integrals over z."""
    model = small(binarize=False)
    n = 40_000
    figures = {k: np.asarray(v) for k, v in model.objective(np.repeat(X, n, axis=0), training=True).items()}
    np.testing.assert_allclose(figures["loss"], figures["reconstruction"] + figures["divergence"], rtol=1e-5)
    mean, s = (np.asarray(part, "float64") for part in model.encode(X))
    grid = np.linspace(-12, 12, 6001)
    log_p = log_likelihood(model, grid[:, None])
    for k in range(2):
        weight = density(grid, mean[k], s[k]) * (grid[1] - grid[0])
        drawn = figures["reconstruction"].reshape(2, n)[k]
        assert abs(drawn.mean() + weight @ log_p[k]) < 5 * drawn.std() / n**0.5
        q = density(grid, mean[k], s[k])
        divergence = np.sum(weight * (np.log(q + 1e-300) - np.log(density(grid))))
        np.testing.assert_allclose(figures["divergence"].reshape(2, n)[k], divergence, rtol=1e-3)


def test_the_loss_sums_over_pixels():
    one, four = (models.vae((size, size, 1), latent=2, units="3", binarize=False) for size in (2, 4))
    for model in (one, four):
        for weight in model.decoder.weights:
            weight.assign(ops.zeros_like(weight))
    for model, pixels in ((one, 4), (four, 16)):
        x = np.ones((1, *model.input_shape[1:]), "float32")
        cost = float(model.objective(x, training=True)["reconstruction"][0])
        assert cost == pytest.approx(pixels * np.log(2), rel=1e-6)


def test_importance_weights_reach_the_integral():
    model = small(binarize=False)
    grid = np.linspace(-12, 12, 6001)
    exact = np.log((np.exp(log_likelihood(model, grid[:, None])) * density(grid)).sum(1) * (grid[1] - grid[0]))
    random = keras.random.SeedGenerator(0)
    estimates = {k: np.asarray([model.log_likelihood(X, k, random) for _ in range(200)]) for k in (1, 50, 2000)}
    bounds = {k: e.mean(0) for k, e in estimates.items()}
    # E log of a mean of k weights grows with k, and stays below log p(x).
    assert np.all(bounds[1] < bounds[50])
    assert np.all(bounds[50] < exact + 5 * estimates[50].std(0) / 200**0.5)
    # The mean weight itself has no bias, however far from the posterior the codes are drawn.
    weights = np.exp(np.asarray(estimates[2000], "float64") - exact)
    assert np.all(np.abs(weights.mean(0) - 1) < 5 * weights.std(0) / 200**0.5)
    assert np.all(weights.std(0) < 0.5)
    negative_bound = np.asarray(model.objective(np.repeat(X, 20_000, axis=0), True)["loss"]).reshape(2, -1)
    spread = estimates[1].std(0) / 200**0.5 + negative_bound.std(1) / 20_000**0.5
    assert np.all(np.abs(bounds[1] + negative_bound.mean(1)) < 5 * spread)


@pytest.mark.parametrize("samples", [1, 3])
def test_weights_by_hand_where_codes_are_spread_wide(monkeypatch, samples):
    model = small(binarize=False)
    mean, s = np.array([[0.5], [-1.0]], "float32"), np.array([[2.0], [-3.0]], "float32")
    monkeypatch.setattr(model, "encode", lambda x: (ops.convert_to_tensor(mean), ops.convert_to_tensor(s)))
    e = np.array([[1.5], [-0.5], [0.1], [0.7], [-2.0], [1.0]], "float32")[: 2 * samples]
    monkeypatch.setattr(import_module("tfnotes.models.vae"), "normal", lambda *_: ops.convert_to_tensor(e))
    wanted = []
    for k in range(2):
        z = mean[k] + np.exp(s[k] / 2) * e[k * samples : (k + 1) * samples]
        log_w = log_likelihood(model, z)[k] + np.log(density(z) / density(z, mean[k], s[k]))[:, 0]
        wanted.append(np.log(np.mean(np.exp(log_w))))
    np.testing.assert_allclose(model.log_likelihood(X, samples, None), wanted, rtol=1e-5)


@pytest.mark.parametrize("binarize", [True, False])
def test_binarized_pixels_are_drawn_for_encoder_and_loss_alike(binarize):
    model = small(binarize=binarize)
    seen = []
    encode = model.encode
    model.encode = lambda x: seen.append(np.asarray(x)) or encode(x)
    gray = np.full((5000, 2, 2, 1), 0.3, "float32")
    figures = model.objective(gray, training=True)
    assert set(np.unique(seen[0])) == ({0.0, 1.0} if binarize else {np.float32(0.3)})
    assert abs(seen[0].mean() - 0.3) < 5 * 0.46 / 20_000**0.5
    # log p of a binary x at the decoder's z can't beat that of the best binary guess.
    assert np.asarray(figures["reconstruction"]).min() > 0


def test_the_reconstruction_comes_from_the_mean():
    model = small()
    mean, _ = model.encode(X)
    np.testing.assert_allclose(model(X), ops.sigmoid(model.decoder(mean)), rtol=1e-6)
    np.testing.assert_array_equal(model(X), model(X))
