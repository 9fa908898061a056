"""Variational autoencoder: a code that is drawn, and a price on what it says.

    mean, s = encoder(x),   z = mean + exp(s / 2) * e,   e ~ normal(0, 1)        s: logarithm of the variance
    log p(x | z) = sum over pixels of x * log(y) + (1 - x) * log(1 - y),    y = sigmoid(decoder(z))
    bound  = E log p(x | z) - KL(normal(mean, exp(s)) || normal(0, 1))   <=   log p(x)
    loss   = -bound: the sum over pixels, not their mean, or the price of the code would be far too high

    log p(x) ~ log(1/k * sum_i p(x | z[i]) * p(z[i]) / q(z[i] | x)),  z[i] ~ q = normal(mean, exp(s))
"""

import math

import keras
from keras import ops

from tfnotes import _checks
from tfnotes import layers as tfnotes_layers
from tfnotes.losses import gaussian_kl_divergence
from tfnotes.models._base import dense_stack, numbers
from tfnotes.models._objective import Objective, crossentropy
from tfnotes.models._random import bernoulli, normal


def log_normal(z, mean, s):
    """Logarithm of the density of diagonal Gaussians with log-variances s, summed over the last axis."""
    return -0.5 * ops.sum(s + math.log(2 * math.pi) + ops.square(z - mean) * ops.exp(-s), axis=-1)


@keras.saving.register_keras_serializable("tfnotes")
class VAE(Objective):
    """Variational autoencoder (变分自编码器) of two networks. `vae` builds one.

    Args:
        encoder: from inputs to means and log-variances side by side, `(batch, 2 * latent)`.
        decoder: from codes `(batch, latent)` to logits of the inputs' shape.
        binarize: whether a pixel is drawn anew, with its intensity as the chance, each time it is seen.
        seed: None for Keras's own seed.

    Call arguments:
        inputs: intensities from 0 to 1.

    Returns:
        The reconstruction from the code's mean, of the inputs' shape.
    """

    figures = ("loss", "reconstruction", "divergence")

    def __init__(self, encoder, decoder, binarize=True, seed=None, **kwargs):
        super().__init__(**kwargs)
        self.encoder, self.decoder, self.binarize, self.seed = encoder, decoder, binarize, seed
        self.random = keras.random.SeedGenerator(seed)
        self.latent = decoder.input_shape[-1]
        self.built = True

    @property
    def input_shape(self):
        return self.encoder.input_shape

    def encode(self, x):
        """Means and log-variances, each `(batch, latent)`."""
        return ops.split(self.encoder(x), 2, axis=-1)

    def call(self, inputs):
        return ops.sigmoid(self.decoder(self.encode(inputs)[0]))

    def objective(self, x, training):
        x = bernoulli(x, self.random) if self.binarize else x
        mean, s = self.encode(x)
        z = mean + ops.exp(s / 2) * normal(ops.shape(mean), mean.dtype, self.random)
        reconstruction = crossentropy(x, self.decoder(z, training=training))
        divergence = gaussian_kl_divergence(mean, s)
        return {"loss": reconstruction + divergence, "reconstruction": reconstruction, "divergence": divergence}

    def log_likelihood(self, x, samples, random):
        """The importance-weighted bound of log p(x); it grows with `samples`, towards log p(x).

        Args:
            x: shape `(batch, ...)`, binary if the model binarizes.
            samples: how many codes are drawn for each x. 1 gives the bound itself, by one draw.
            random: what to draw from.

        Returns:
            Shape `(batch,)`, in nats.
        """
        mean, s = (ops.repeat(part, samples, axis=0) for part in self.encode(x))
        z = mean + ops.exp(s / 2) * normal(ops.shape(mean), mean.dtype, random)
        log_p = -crossentropy(ops.repeat(x, samples, axis=0), self.decoder(z))
        log_w = log_p + log_normal(z, 0.0, ops.zeros_like(z)) - log_normal(z, mean, s)
        return ops.logsumexp(ops.reshape(log_w, (-1, samples)), axis=-1) - math.log(samples)

    def sample(self, count, random):
        """Draws: the chances of their pixels, of shape `(count, ...)`."""
        z = normal((count, self.latent), self.compute_dtype, random)
        return ops.sigmoid(self.decoder(z))


def vae(input_shape, *, latent=40, units="500-500", activation="relu", binarize=True, layers=tfnotes_layers):
    """A variational autoencoder of dense layers.

    Args:
        input_shape: shape of one image.
        latent: width of the code.
        units: width of each hidden layer of the encoder; the decoder mirrors it.
        activation: of the hidden layers.
        binarize: whether pixels are drawn anew each time they are seen; otherwise intensities stand for them.
        layers: where the layers come from, `tfnotes.layers` or `keras.layers`.

    Returns:
        A `VAE`.

    Notes: 004:288.

    Reference: Kingma and Welling 2014, "Auto-encoding variational Bayes", arXiv:1312.6114, appendix C;
    Burda, Grosse and Salakhutdinov 2016, "Importance weighted autoencoders", arXiv:1509.00519, equation 8.
    """
    _checks.integer("vae", "latent", latent)
    widths = numbers("vae", "units", units)
    encoder = keras.Sequential(
        [
            keras.Input(input_shape),
            layers.Flatten(),
            *dense_stack(layers, widths, activation, "encode"),
            layers.Dense(2 * latent, name="code"),
        ],
        name="encoder",
    )
    decoder = keras.Sequential(
        [
            keras.Input((latent,)),
            *dense_stack(layers, widths[::-1], activation, "decode"),
            layers.Dense(math.prod(input_shape), name="pixels"),
            keras.layers.Reshape(input_shape),
        ],
        name="decoder",
    )
    return VAE(encoder, decoder, binarize, name="vae")
