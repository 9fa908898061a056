"""Generative adversarial network: one network draws, the other tells what is drawn from what is real.

    D(x) = sigmoid(discriminator(x)),    G(z) = sigmoid(generator(z)),    z ~ normal(0, 1)
    discriminator's loss = mean of -log D(x) - log(1 - D(G(z)))
    generator's loss     = mean of -log D(G(z))

Both take their step from the same state, as one step of one optimizer. The generator's loss is the one that
doesn't saturate: that of the game, log(1 - D(G(z))), is flat where the generator is bad.
"""

import math

import keras
import tensorflow as tf
from keras import ops

from tfnotes import _checks
from tfnotes import layers as tfnotes_layers
from tfnotes.models._base import Model, numbers
from tfnotes.models._random import normal
from tfnotes.models._upsampling import doubled


def discriminator_loss(real, fake, smooth=0.0):
    """Its mean loss, by logits of real and generated inputs; `smooth` takes that much off the target of the real."""
    return ops.mean(ops.softplus(-real) + smooth * real) + ops.mean(ops.softplus(fake))


def generator_loss(fake):
    """Its mean loss, by the discriminator's logits of what it generated."""
    return ops.mean(ops.softplus(-fake))


@keras.saving.register_keras_serializable("tfnotes")
class GAN(Model):
    """Generative adversarial network (生成对抗网络). `gan` and `convolutional_gan` build one.

    Args:
        generator: from codes `(batch, latent)` to logits of pixels.
        discriminator: from pixels to one logit, `(batch, 1)`.
        smooth: taken off the target of real images, 1.
        seed: of the codes; None for Keras's own seed.

    Call arguments:
        inputs: images, from 0 to 1.

    Returns:
        The discriminator's logits, `(batch, 1)`: how real they look.
    """

    figures = ("loss", "generator_loss", "told_apart")

    def __init__(self, generator, discriminator, smooth=0.0, seed=None, **kwargs):
        super().__init__(**kwargs)
        self.generator, self.discriminator, self.seed = generator, discriminator, seed
        self.smooth = _checks.share(self, "smooth", smooth)
        self.random = keras.random.SeedGenerator(seed)
        self.latent = generator.input_shape[-1]
        self.built = True

    @property
    def input_shape(self):
        return self.discriminator.input_shape

    def call(self, inputs, training=False):
        return self.discriminator(inputs, training=training)

    def generate(self, count, random, training=False):
        """Draws of shape `(count, ...)`, pixels from 0 to 1."""
        z = normal((count, self.latent), self.compute_dtype, random)
        return ops.sigmoid(self.generator(z, training=training))

    def sample(self, count, random):
        """What `generate` gives outside of training."""
        return self.generate(count, random)

    def losses_of(self, x, training):
        """The discriminator's and the generator's loss, and the share of images told apart, under their names."""
        fake = self.generate(ops.shape(x)[0], self.random, training)
        logits = self.discriminator(ops.concatenate([x, fake]), training=training)
        on_real, on_fake = ops.split(logits, 2)
        right = ops.mean(ops.cast(ops.concatenate([on_real > 0, on_fake < 0]), x.dtype))
        loss = discriminator_loss(on_real, on_fake, self.smooth)
        return {"loss": loss, "generator_loss": generator_loss(on_fake), "told_apart": right}

    def train_step(self, data):
        x = keras.utils.unpack_x_y_sample_weight(data)[0]
        own, other = self.discriminator.trainable_variables, self.generator.trainable_variables
        with tf.GradientTape(persistent=True) as tape:
            figures = self.losses_of(x, training=True)
        gradients = [*tape.gradient(figures["loss"], own), *tape.gradient(figures["generator_loss"], other)]
        self.descend(gradients, [*own, *other])
        return self.show(x, **figures)

    def test_step(self, data):
        x = keras.utils.unpack_x_y_sample_weight(data)[0]
        return self.show(x, **self.losses_of(x, training=False))


def gan(
    input_shape, *, latent=64, units="256-512", slope=0.2, dropout=0.3, smooth=0.1, layers=tfnotes_layers
):
    """A GAN of dense layers.

    Args:
        input_shape: shape of one image.
        latent: width of the code.
        units: width of each hidden layer of the generator; the discriminator mirrors it.
        slope: of the leaky ReLUs where they are negative.
        dropout: share of the discriminator's hidden units dropped in training.
        smooth: taken off the target of real images, 1.
        layers: where the layers come from, `tfnotes.layers` or `keras.layers`.

    Returns:
        A `GAN`.

    Notes: 004:289.

    Reference: Goodfellow et al. 2014, "Generative adversarial networks", arXiv:1406.2661, algorithm 1 and
    section 3; Salimans et al. 2016, arXiv:1606.03498, 3.4, for smooth targets.
    """
    _checks.integer("gan", "latent", latent)
    widths = numbers("gan", "units", units)
    hidden, judging = [], []
    for k, width in enumerate(widths):
        hidden += [
            layers.Dense(width, kernel_initializer="he_normal", name=f"generate_{k + 1}"),
            layers.BatchNormalization(momentum=0.9, name=f"normalize_{k + 1}"),
            layers.LeakyReLU(negative_slope=slope),
        ]
    for k, width in enumerate(widths[::-1]):
        judging += [
            layers.Dense(width, kernel_initializer="he_normal", name=f"judge_{k + 1}"),
            layers.LeakyReLU(negative_slope=slope),
            layers.Dropout(dropout),
        ]
    pixels = layers.Dense(math.prod(input_shape), name="pixels")
    generator = keras.Sequential(
        [keras.Input((latent,)), *hidden, pixels, keras.layers.Reshape(input_shape)], name="generator"
    )
    discriminator = keras.Sequential(
        [keras.Input(input_shape), layers.Flatten(), *judging, layers.Dense(1, name="logit")],
        name="discriminator",
    )
    return GAN(generator, discriminator, smooth, name="gan")


def convolutional_gan(
    input_shape, *, latent=64, filters=16, slope=0.2, dropout=0.3, smooth=0.1, layers=tfnotes_layers
):
    """A convolutional GAN: doubling and convolution in the generator, strides in the discriminator.

    Args:
        input_shape: shape of one image, `(height, width, channels)`, sizes divisible by 4.
        latent: width of the code.
        filters: of the outer convolutions; the inner ones have twice as many.
        slope: of the leaky ReLUs where they are negative.
        dropout: share of the discriminator's features dropped in training.
        smooth: taken off the target of real images, 1.
        layers: where the layers come from, `tfnotes.layers` or `keras.layers`.

    Returns:
        A `GAN`.

    Differences from the reference: nearest neighbours doubled and convolved, in place of transposed
    convolutions, whose uneven overlap leaves a checkerboard; batch normalization in the generator alone.

    Notes: 004:289.

    Reference: Radford, Metz and Chintala 2016, "Unsupervised representation learning with deep convolutional
    generative adversarial networks", arXiv:1511.06434.
    """
    height, width, channels = input_shape
    if height % 4 or width % 4:
        _checks.refuse("convolutional_gan", "input_shape", "of sizes divisible by 4", input_shape)
    _checks.integer("convolutional_gan", "latent", latent)
    small = (height // 4, width // 4, 2 * filters)
    inputs = keras.Input((latent,))
    y = layers.Dense(math.prod(small), kernel_initializer="he_normal", name="generate_1")(inputs)
    y = layers.BatchNormalization(momentum=0.9, name="normalize_1")(keras.layers.Reshape(small)(y))
    y = doubled(layers.LeakyReLU(negative_slope=slope)(y))
    y = layers.Conv2D(filters, 3, padding="same", kernel_initializer="he_normal", name="generate_2")(y)
    y = layers.BatchNormalization(momentum=0.9, name="normalize_2")(y)
    y = doubled(layers.LeakyReLU(negative_slope=slope)(y))
    generator = keras.Model(inputs, layers.Conv2D(channels, 3, padding="same", name="pixels")(y), name="generator")

    def judging(k, filters):
        return [
            layers.Conv2D(
                filters, 4, strides=2, padding="same", kernel_initializer="he_normal", name=f"judge_{k}"
            ),
            layers.LeakyReLU(negative_slope=slope),
            layers.Dropout(dropout),
        ]

    discriminator = keras.Sequential(
        [
            keras.Input(input_shape),
            *judging(1, filters),
            *judging(2, 2 * filters),
            layers.Flatten(),
            layers.Dense(1, name="logit"),
        ],
        name="discriminator",
    )
    return GAN(generator, discriminator, smooth, name="convolutional_gan")
