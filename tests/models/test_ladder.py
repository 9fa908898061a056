"""A Ladder network against its equations, in NumPy and float64."""

import keras
import numpy as np
import pytest

from tfnotes.errors import InputError
from tfnotes.models.ladder import EPSILON, MOMENTUM, combinator, denoising_cost, ladder

WIDTHS = [12, 5, 4, 3]


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


@pytest.fixture
def model():
    keras.utils.set_random_seed(2)
    made = ladder((3, 4, 1), 3, units="5-4", costs="10-2-0.5-0.25")
    rng = np.random.default_rng(0)
    for weight in made.trainable_weights:
        weight.assign(rng.normal(size=weight.shape))
    for weight in (*made.moving_mean, *made.moving_variance, *made.decoder_mean, *made.decoder_variance):
        weight.assign(rng.uniform(0.5, 1.5, size=weight.shape))
    return made


def x(n, seed=0):
    return np.random.default_rng(seed).uniform(size=(n, 3, 4, 1)).astype("float32")


def normalized(a, mean=None, variance=None):
    mean, variance = (a.mean(0) if mean is None else mean), (a.var(0) if variance is None else variance)
    return (a - mean) / np.sqrt(variance + EPSILON)


def encoded(model, x, noises=None, moving=False):
    """z of all layers, the top's logits, and the mean and variance of each layer."""
    h = x.reshape(len(x), -1).astype("float64")
    h = h if noises is None else h + noises[0]
    z, used = [h], []
    for k, layer in enumerate(model.up):
        a = h @ np.asarray(layer.kernel, "float64")
        if moving:
            used.append((np.asarray(model.moving_mean[k]), np.asarray(model.moving_variance[k])))
        else:
            used.append((a.mean(0), a.var(0)))
        z.append(normalized(a, *used[-1]) + (0 if noises is None else noises[k + 1]))
        h = z[-1] + np.asarray(model.beta[k])
        h = np.maximum(h, 0) if k < 2 else np.asarray(model.gamma) * h
    return z, h, used


def g(z, u, a):
    out = np.empty_like(z)
    for n in range(z.shape[0]):
        for i in range(z.shape[1]):
            p = a[:, i]
            mean = p[0] * sigmoid(p[1] * u[n, i] + p[2]) + p[3] * u[n, i] + p[4]
            v = p[5] * sigmoid(p[6] * u[n, i] + p[7]) + p[8] * u[n, i] + p[9]
            out[n, i] = (z[n, i] - mean) * v + mean
    return out


def decoded(model, z, logits, moving=False):
    """The estimates of all layers, and the mean and variance of each layer's u."""
    e = np.exp(logits - logits.max(1, keepdims=True))
    u, estimates, used = e / e.sum(1, keepdims=True), {}, {}
    for k in (3, 2, 1, 0):
        used[k] = u.mean(0), u.var(0)
        if moving:
            used[k] = np.asarray(model.decoder_mean[k]), np.asarray(model.decoder_variance[k])
        estimates[k] = g(z[k], normalized(u, *used[k]), np.asarray(model.combining[k], "float64"))
        if k:
            # down[0] leads from the classes, down[2] to the pixels.
            u = estimates[k] @ np.asarray(model.down[3 - k].kernel, "float64")
    return [estimates[k] for k in range(4)], [used[k] for k in range(4)]


def test_the_combinator():
    rng = np.random.default_rng(1)
    z, u, a = rng.normal(size=(3, 4)), rng.normal(size=(3, 4)), rng.normal(size=(10, 4))
    np.testing.assert_allclose(combinator(z, u, a), g(z, u, a), rtol=1e-12)


def test_the_combinator_is_the_posterior_mean_of_a_gaussian():
    # z0 ~ normal(m, s2), z = z0 + normal(0, 1):  E(z0 | z) = (z - m) * s2 / (s2 + 1) + m
    m, s2 = 0.7, 3.0
    a = np.zeros((10, 1))
    a[4], a[9] = m, s2 / (s2 + 1)
    z0 = np.random.default_rng(0).normal(m, s2**0.5, (200_000, 1))
    z = z0 + np.random.default_rng(1).normal(size=z0.shape)
    estimate = np.asarray(combinator(z, 0 * z, a))
    slope = np.polyfit(z[:, 0], z0[:, 0], 1)
    np.testing.assert_allclose(np.polyfit(z[:, 0], estimate[:, 0], 1), slope, atol=0.02)


def test_the_clean_encoder(model):
    z, h, used = model.encode(model._flat(x(9)))
    wanted = encoded(model, x(9))
    for a, b in zip(z, wanted[0], strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-4, atol=1e-4)
    np.testing.assert_allclose(h, wanted[1], rtol=1e-4, atol=1e-4)
    for k, (mean, variance) in enumerate(used):
        np.testing.assert_allclose(mean[0], wanted[2][k][0], rtol=1e-4, atol=1e-5)
        np.testing.assert_allclose(variance[0], wanted[2][k][1], rtol=1e-4, atol=1e-5)


def test_the_decoder(model):
    z, h, _ = encoded(model, x(9))
    rng = np.random.default_rng(0)
    z = [a + rng.normal(size=a.shape) for a in z]
    received, _ = model.decode([a.astype("float32") for a in z], h.astype("float32"))
    for a, b in zip(received, decoded(model, z, h)[0], strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-3, atol=1e-4)


def drawn(model):
    """Records the noise that the model draws, in order."""
    noises, noisy = [], model._noisy

    def record(x, noise):
        out = noisy(x, noise)
        if noise:
            noises.append(np.asarray(out, "float64") - np.asarray(x, "float64"))
        return out

    model._noisy = record
    return noises


def test_a_training_step(model):
    averages = [*model.moving_mean, *model.moving_variance, *model.decoder_mean, *model.decoder_variance]
    before = [np.asarray(w) for w in averages]
    noises = drawn(model)
    logits = model((x(6, 1), x(9)), training=True)
    on_unlabelled, on_labelled = noises[:4], noises[4:]
    np.testing.assert_allclose(logits, encoded(model, x(6, 1), on_labelled)[1], rtol=1e-3, atol=1e-3)
    clean, _, used = encoded(model, x(9))
    corrupted, top, _ = encoded(model, x(9), on_unlabelled)
    estimates, above = decoded(model, corrupted, top)
    for k, (cost, loss) in enumerate(zip((10, 2, 0.5, 0.25), model.losses, strict=True)):
        mean, variance = (0, 1) if k == 0 else used[k - 1]
        estimate = (estimates[k] - mean) / np.sqrt(variance + (EPSILON if k else 0))
        np.testing.assert_allclose(loss, cost * np.mean((clean[k] - estimate) ** 2), rtol=2e-3)
    statistics = [pair[j] for pairs in (used, above) for j in (0, 1) for pair in pairs]
    for old, new, batch in zip(before, averages, statistics, strict=True):
        np.testing.assert_allclose(new, MOMENTUM * old + (1 - MOMENTUM) * batch, rtol=1e-4, atol=1e-5)


def test_the_noise_has_its_standard_deviation(model):
    noises = drawn(model)
    model((x(20_000, 1), x(20_000)), training=True)
    for noise in noises:
        assert abs(noise.std() - 0.3) < 5 * 0.3 / (2 * noise.size) ** 0.5
        assert abs(noise.mean()) < 5 * 0.3 / noise.size**0.5


def test_inference_is_clean_and_takes_the_moving_statistics(model):
    np.testing.assert_allclose(model(x(4)), encoded(model, x(4), moving=True)[1], rtol=1e-4, atol=1e-4)
    assert model.losses == []
    one = np.asarray(model(x(4)[:1]))
    np.testing.assert_allclose(one, np.asarray(model(x(4)))[:1], rtol=1e-5, atol=1e-5)


def test_reconstructions_take_the_moving_statistics(model):
    z, h, _ = encoded(model, x(4), moving=True)
    received = np.asarray(model.reconstruct(x(4)))
    np.testing.assert_allclose(received, decoded(model, z, h, moving=True)[0][0], rtol=1e-3, atol=1e-4)
    np.testing.assert_allclose(model.reconstruct(x(4)[:1]), received[:1], rtol=1e-5, atol=1e-5)


def test_denoising_cost():
    z, estimate = np.array([[1.0], [3.0]]), np.array([[2.0], [4.0]])
    # (estimate - 2) / 2 is 0 and 1: differences of 1 and 2.
    np.testing.assert_allclose(denoising_cost(z, estimate, 2.0, 4.0 - EPSILON), 2.5, rtol=1e-12)


def test_the_paper_s_network():
    model = ladder((28, 28, 1), 10)
    assert model.widths == [784, 1000, 500, 250, 250, 250, 10]
    assert model.costs == [1000, 10, 0.1, 0.1, 0.1, 0.1, 0.1]
    assert [layer.units for layer in model.down] == [250, 250, 250, 500, 1000, 784]
    # m(u) and v(u) begin as 0, so that the first estimates are 0.
    np.testing.assert_array_equal(combinator(np.ones((2, 10)), np.ones((2, 10)), model.combining[-1]), 0)
    assert abs(np.asarray(model.up[0].kernel).std() - 784**-0.5) < 1e-4


def test_one_cost_a_layer():
    with pytest.raises(InputError, match=r"ladder: `costs` must be 4 numbers .* for the input, each of units=5-4, and"):
        ladder((3, 4, 1), 3, units="5-4", costs="1-1")
