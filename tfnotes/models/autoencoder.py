"""Autoencoder: a code that the input can be made from again.

    code = encoder(x)
    z    = decoder(code),     y = sigmoid(z)
    loss = sum over pixels of softplus(z) - x * z  =  -sum x * log(y) + (1 - x) * log(1 - y)

Denoising: the encoder sees x with noise, the loss stays with the clean x.

    masking    each pixel is 0 with chance `noise`
    gaussian   x + noise * normal(0, 1)
"""

import math

import keras
from keras import ops

from tfnotes import _checks
from tfnotes import layers as tfnotes_layers
from tfnotes.models._base import dense_stack, numbers
from tfnotes.models._objective import Objective, crossentropy, squared_error
from tfnotes.models._random import bernoulli, normal


def corrupt(x, noise, kind, random):
    """Inputs with noise in them: "masking" or "gaussian"."""
    if kind == "masking":
        return x * bernoulli(ops.full_like(x, 1 - noise), random)
    return x + noise * normal(ops.shape(x), x.dtype, random)


@keras.saving.register_keras_serializable("tfnotes")
class Autoencoder(Objective):
    """Autoencoder (自动编码器) of two networks. `autoencoder` and others build one.

    Args:
        encoder: from inputs to codes.
        decoder: from codes to logits of the inputs' shape.
        noise: how much of it the encoder sees in training.
        kind: of noise, "masking" or "gaussian".
        seed: of the noise; None for Keras's own seed.

    Call arguments:
        inputs: intensities from 0 to 1.

    Returns:
        The reconstruction, of the inputs' shape.
    """

    figures = ("loss", "squared_error")

    def __init__(self, encoder, decoder, noise=0.0, kind="masking", seed=None, **kwargs):
        super().__init__(**kwargs)
        self.encoder, self.decoder = encoder, decoder
        self.noise, self.kind, self.seed = noise, kind, seed
        self.random = keras.random.SeedGenerator(seed)
        self.built = True

    @property
    def input_shape(self):
        return self.encoder.input_shape

    def call(self, inputs, training=False):
        return ops.sigmoid(self.decoder(self.encoder(inputs, training=training), training=training))

    def objective(self, x, training):
        seen = corrupt(x, self.noise, self.kind, self.random) if training and self.noise else x
        z = self.decoder(self.encoder(seen, training=training), training=training)
        return {"loss": crossentropy(x, z), "squared_error": squared_error(x, ops.sigmoid(z))}


def dense_networks(input_shape, widths, activation, layers, code_activation=None, code_regularizer=None):
    """An encoder of dense layers with these widths, the last the code's, and the decoder that mirrors it."""
    hidden = dense_stack(layers, widths[:-1], activation, "encode")
    code = layers.Dense(
        widths[-1], activation=code_activation, activity_regularizer=code_regularizer, name="code"
    )
    mirrored = dense_stack(layers, widths[-2::-1], activation, "decode")
    encoder = keras.Sequential([keras.Input(input_shape), layers.Flatten(), *hidden, code], name="encoder")
    pixels = layers.Dense(math.prod(input_shape), name="pixels")
    decoder = keras.Sequential(
        [keras.Input((widths[-1],)), *mirrored, pixels, keras.layers.Reshape(input_shape)], name="decoder"
    )
    return encoder, decoder


def autoencoder(input_shape, *, units="32", activation="relu", layers=tfnotes_layers):
    """A shallow autoencoder; with more than one width, a deep one trained at once.

    Args:
        input_shape: shape of one image.
        units: width of each layer of the encoder; the last is the code's, which is linear.
        activation: of the layers before the code, and of those of the decoder.
        layers: where the layers come from, `tfnotes.layers` or `keras.layers`.

    Returns:
        An `Autoencoder`.

    Notes: 004:282, 000:22.

    Reference: Bengio 2009, "Learning deep architectures for AI", 4.6.
    """
    widths = numbers("autoencoder", "units", units)
    if len(widths) == 1 and activation != "relu":
        _checks.refuse("autoencoder", "activation", "left out where there is no layer before the code", activation)
    return Autoencoder(*dense_networks(input_shape, widths, activation, layers), name="autoencoder")


def denoising_autoencoder(
    input_shape, *, units="500", activation="sigmoid", noise=0.25, kind="masking", layers=tfnotes_layers
):
    """A denoising autoencoder (去噪自编码器): makes the clean image from one with noise.

    Args:
        input_shape: shape of one image.
        units: width of each layer of the encoder; the last is the code's.
        activation: of all layers but the pixels.
        noise: chance that a pixel is masked, or the Gaussian noise's standard deviation.
        kind: of noise, "masking" or "gaussian".
        layers: where the layers come from, `tfnotes.layers` or `keras.layers`.

    Returns:
        An `Autoencoder`.

    Notes: 004:282.

    Reference: Vincent, Larochelle, Bengio and Manzagol 2008, "Extracting and composing robust features with
    denoising autoencoders".
    """
    _checks.one_of("denoising_autoencoder", "kind", kind, ("masking", "gaussian"))
    _checks.number("denoising_autoencoder", "noise", noise, 0, 1)
    widths = numbers("denoising_autoencoder", "units", units)
    encoder, decoder = dense_networks(input_shape, widths, activation, layers, code_activation=activation)
    return Autoencoder(encoder, decoder, noise, kind, name="denoising_autoencoder")
