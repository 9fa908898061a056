"""A GAN's losses against their definition, and a step that moves each network by its own."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from tests.models.builders import BUILDERS, SHAPE
from tfnotes import models
from tfnotes.models.gan import discriminator_loss, generator_loss


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


@pytest.mark.parametrize("smooth", [0.0, 0.1])
def test_losses(smooth):
    rng = np.random.default_rng(0)
    real, fake = rng.normal(size=(7, 1)), rng.normal(size=(7, 1))
    target = 1 - smooth
    wanted = -np.mean(target * np.log(sigmoid(real)) + smooth * np.log(1 - sigmoid(real)))
    wanted -= np.mean(np.log(1 - sigmoid(fake)))
    np.testing.assert_allclose(discriminator_loss(real, fake, smooth), wanted, rtol=1e-12)
    np.testing.assert_allclose(generator_loss(fake), -np.mean(np.log(sigmoid(fake))), rtol=1e-12)
    assert np.isfinite(float(discriminator_loss(np.array([[-1e4]]), np.array([[1e4]]))))


@pytest.mark.parametrize("name", ["gan", "convolutional_gan"])
def test_each_network_follows_its_own_loss(name):
    x = np.random.default_rng(0).uniform(size=(6, *SHAPE)).astype("float32")
    keras.utils.set_random_seed(1)
    model = BUILDERS[name]()
    model.compile(keras.optimizers.SGD(0.5), run_eagerly=True)
    networks = (model.discriminator, model.generator)
    variables = [list(network.trainable_variables) for network in networks]
    states = [np.asarray(v) for v in model.non_trainable_variables]
    before = [[np.asarray(v) for v in group] for group in variables]
    with tf.GradientTape(persistent=True) as tape:
        losses = model.losses_of(x, training=True)
    wanted = [
        tape.gradient(losses[key], group)
        for key, group in zip(("loss", "generator_loss"), variables, strict=True)
    ]
    # The same draws again: dropout, codes.
    for v, state in zip(model.non_trainable_variables, states, strict=True):
        v.assign(state)
    model.train_step(x)
    for group, old, gradients in zip(variables, before, wanted, strict=True):
        for v, start, gradient in zip(group, old, gradients, strict=True):
            np.testing.assert_allclose(start - np.asarray(v), 0.5 * np.asarray(gradient), rtol=1e-3, atol=1e-6)
        assert any(np.abs(np.asarray(g)).max() > 1e-6 for g in gradients)


def test_told_apart_counts_both_kinds():
    model = BUILDERS["gan"]()
    model.discriminator = lambda x, training: tf.reshape(tf.reduce_sum(x, (1, 2, 3)), (-1, 1)) - 1e-3
    model.generate = lambda count, random, training: tf.zeros((count, *SHAPE))
    x = np.zeros((4, *SHAPE), "float32")
    x[:3] = 1
    # 3 of 4 real ones look real, all 4 generated ones don't.
    assert float(model.losses_of(x, training=False)["told_apart"]) == 7 / 8


def test_draws_have_the_generators_pixels():
    model = BUILDERS["gan"]()
    draws = np.asarray(model.sample(4, keras.random.SeedGenerator(2)))
    z = keras.random.normal((4, 4), seed=keras.random.SeedGenerator(2))
    np.testing.assert_allclose(draws, sigmoid(np.asarray(model.generator(z))), rtol=1e-5)


@pytest.mark.parametrize("build", [models.gan, models.convolutional_gan])
def test_the_targets_are_as_smooth_as_is_set(build):
    assert build(SHAPE, latent=4, smooth=0.3).smooth == 0.3
    x = np.ones((3, *SHAPE), "float32")
    model = build(SHAPE, latent=4, smooth=0.3)
    model.discriminator.layers[-1].set_weights([np.zeros_like(w) for w in model.discriminator.layers[-1].get_weights()])
    model.discriminator.layers[-1].bias.assign([2.0])
    expected = float(discriminator_loss(np.full((3, 1), 2.0), np.full((3, 1), 2.0), 0.3))
    assert float(np.mean(model.losses_of(x, training=False)["loss"])) == pytest.approx(expected, rel=1e-5)
