"""Autoencoders: the loss by its definition, noise by its statistics, sparsity by its penalty."""

import keras
import numpy as np
import pytest
from keras import ops

from tests.models.builders import BUILDERS, SHAPE
from tests.models.test_models import images
from tfnotes import models
from tfnotes.errors import InputError
from tfnotes.models._objective import crossentropy
from tfnotes.models._upsampling import doubled
from tfnotes.models.autoencoder import corrupt
from tfnotes.regularizers import KLSparsity

N = 100_000


def test_crossentropy_sums_over_pixels():
    rng = np.random.default_rng(0)
    x, z = rng.uniform(size=(3, 2, 2, 1)), rng.normal(size=(3, 2, 2, 1))
    y = 1 / (1 + np.exp(-z))
    wanted = -np.sum(x * np.log(y) + (1 - x) * np.log(1 - y), axis=(1, 2, 3))
    np.testing.assert_allclose(crossentropy(x, z), wanted, rtol=1e-12)


def test_masking_hits_each_pixel_at_its_chance():
    x = np.full((N, 3), [0.2, 0.5, 1.0], "float32")
    seen = np.asarray(corrupt(x, 0.25, "masking", keras.random.SeedGenerator(0)))
    np.testing.assert_allclose((seen == 0).mean(0), 0.25, atol=5 * 0.44 / N**0.5)
    np.testing.assert_array_equal(seen[seen > 0], x[seen > 0])


def test_gaussian_noise():
    x = np.full((N, 3), [0.2, 0.5, 1.0], "float32")
    noise = np.asarray(corrupt(x, 0.25, "gaussian", keras.random.SeedGenerator(0))) - x
    np.testing.assert_allclose(noise.std(0), 0.25, atol=5 * 0.25 / (2 * N) ** 0.5)
    np.testing.assert_allclose(noise.mean(0), 0, atol=5 * 0.25 / N**0.5)


def test_noise_is_for_the_encoder_and_for_training_alone():
    model, (x, _) = BUILDERS["denoising_autoencoder"](), images()
    model.noise = 1.0
    blank = model.decoder(model.encoder(np.zeros_like(x)))
    in_training, outside = (np.asarray(model.objective(x, training=t)["loss"]) for t in (True, False))
    np.testing.assert_allclose(in_training, crossentropy(x, blank), rtol=1e-5)
    np.testing.assert_allclose(outside, crossentropy(x, model.decoder(model.encoder(x))), rtol=1e-5)


def test_evaluation_is_without_noise():
    model, (x, _) = BUILDERS["denoising_autoencoder"](), images()
    model.noise = 1.0
    model.compile(keras.optimizers.SGD(0.01), jit_compile=False)
    expected = model.objective(ops.convert_to_tensor(x), training=False)["loss"]
    assert model.evaluate(x, verbose=0, return_dict=True)["loss"] == pytest.approx(float(ops.mean(expected)), rel=1e-5)


def test_the_sparse_ones_step_follows_loss_and_penalty():
    keras.utils.set_random_seed(0)
    model, (x, _) = BUILDERS["sparse_autoencoder"](), images()
    model.compile(keras.optimizers.SGD(0.01), run_eagerly=True)
    weights = [np.asarray(w, "float64") for w in model.trainable_variables]

    def total(values):
        for w, value in zip(model.trainable_variables, values, strict=True):
            w.assign(value)
        code = np.asarray(model.encoder(x), "float64")
        z = np.asarray(model.decoder(code.astype("float32")), "float64")
        rho_hat = code.mean(0)
        penalty = 3.0 * np.sum(0.05 * np.log(0.05 / rho_hat) + 0.95 * np.log(0.95 / (1 - rho_hat)))
        return np.mean(np.sum(np.logaddexp(0, z) - x * z, axis=(1, 2, 3))) + penalty

    before = total(weights)
    model.train_step(x)
    step = [np.asarray(w, "float64") - old for w, old in zip(model.trainable_variables, weights, strict=True)]
    change = (total([w + 0.01 * s for w, s in zip(weights, step, strict=True)]) - before) / 0.01
    # A small part of a step of gradient descent lowers the total by the squared gradient times the rate.
    assert change == pytest.approx(-sum(np.sum(s**2) for s in step) / 0.01, rel=0.02)


def test_the_sparse_ones_units_come_near_their_target():
    keras.utils.set_random_seed(0)
    model, (x, _) = models.sparse_autoencoder(SHAPE, units=20, rho=0.2), images(400)
    model.compile(keras.optimizers.Adam(0.01))
    model.fit(x, epochs=60, batch_size=100, verbose=0)
    means = np.asarray(model.encoder(x)).mean(0)
    assert abs(means.mean() - 0.2) < 0.05
    assert isinstance(model.encoder.layers[-1].activity_regularizer, KLSparsity)


def test_doubled():
    x = np.arange(4.0).reshape(1, 2, 2, 1)
    wanted = [[0, 0, 1, 1], [0, 0, 1, 1], [2, 2, 3, 3], [2, 2, 3, 3]]
    np.testing.assert_array_equal(ops.squeeze(doubled(x)), wanted)


@pytest.mark.parametrize(
    ("build", "sentence"),
    [
        (lambda: models.convolutional_autoencoder((9, 8, 1)), "`input_shape` must be of sizes divisible by 4"),
        (lambda: models.convolutional_autoencoder((8, 9, 1)), "`input_shape` must be of sizes divisible by 4"),
        (lambda: models.convolutional_gan((6, 8, 1)), "`input_shape` must be of sizes divisible by 4"),
        (lambda: models.convolutional_gan((8, 6, 1)), "`input_shape` must be of sizes divisible by 4"),
        (lambda: models.denoising_autoencoder(SHAPE, kind="snow"), "`kind` must be one of 'masking', 'gaussian'"),
        (lambda: models.denoising_autoencoder(SHAPE, noise=1.5), "`noise` must be a finite number at least 0 and"),
        (lambda: models.deep_autoencoder(SHAPE, pretrain=1), "`activation` must be 'sigmoid' where RBMs come first"),
        (lambda: models.deep_autoencoder(SHAPE, units="9-0"), "`units` must be one or more positive whole numbers"),
        (lambda: models.dbn(SHAPE, 4, pretrain=-1), "`pretrain` must be an integer of at least 0"),
        (lambda: models.dbn(SHAPE, 4, dropout=1.0), "`dropout` must be a number from 0 to below 1"),
        (lambda: models.rbm(SHAPE, k=0), "`k` must be a positive integer"),
        (lambda: models.vae(SHAPE, latent=0), "`latent` must be a positive integer"),
        (lambda: models.gan(SHAPE, latent=0), "`latent` must be a positive integer"),
    ],
)
def test_refuses(build, sentence):
    with pytest.raises(InputError, match=sentence):
        build()


def test_the_paper_s_widths():
    model = models.deep_autoencoder((28, 28, 1))
    widths = [layer.units for layer in (*model.encoder.layers, *model.decoder.layers) if hasattr(layer, "units")]
    assert widths == [1000, 500, 250, 30, 250, 500, 1000, 784]
