"""Deep autoencoder: four layers down to a code of 30 numbers and four back, with or without RBMs first.

    784 - 1000 - 500 - 250 - 30 - 250 - 500 - 1000 - 784

    with RBMs: stage l trains (W[l], c[l]) and b[l] as an RBM of the layer below, the code's with Gaussian
    units; then the decoder is unrolled: its layer l gets W[l].T and b[l], and the whole learns
    loss = sum over pixels of -x * log(y) - (1 - x) * log(1 - y)
"""

import math

import keras
from keras import ops

from tfnotes import _checks
from tfnotes import layers as tfnotes_layers
from tfnotes.models._base import numbers
from tfnotes.models._objective import crossentropy, squared_error
from tfnotes.models._staged import Staged, below
from tfnotes.models.autoencoder import Autoencoder, dense_networks
from tfnotes.models.rbm import RBM


@keras.saving.register_keras_serializable("tfnotes")
class PretrainedAutoencoder(Staged):
    """An autoencoder whose layers are trained as RBMs first. `deep_autoencoder` builds one.

    Args:
        encoder, decoder: networks of dense layers that mirror each other.
        pretrain: epochs for each RBM.
        seed: None for Keras's own seed.

    Call arguments:
        inputs: intensities from 0 to 1.

    Returns:
        The reconstruction, of the inputs' shape.
    """

    figures = ("loss", "squared_error")

    def __init__(self, encoder, decoder, pretrain, seed=None, **kwargs):
        super().__init__(**kwargs)
        self.encoder, self.decoder, self.pretrain, self.seed = encoder, decoder, pretrain, seed
        self.down = _dense(encoder)
        self.depth = len(self.down)
        sizes = [math.prod(encoder.input_shape[1:]), *(layer.units for layer in self.down)]
        self.rbms = [
            RBM((size,), layer, binarize=False, seed=seed) for size, layer in zip(sizes, self.down, strict=False)
        ]
        self.built = True

    @property
    def input_shape(self):
        return self.encoder.input_shape

    def call(self, inputs, training=False):
        return ops.sigmoid(self.decoder(self.encoder(inputs, training=training), training=training))

    def learn_layer(self, k, x):
        flat = ops.reshape(x, (-1, math.prod(self.encoder.input_shape[1:])))
        gradients, loss = self.rbms[k].gradients(below(self.down, k, flat))
        return loss, gradients, self.rbms[k].weights_learned

    def unroll(self):
        for rbm, layer in zip(self.rbms, reversed(_dense(self.decoder)), strict=True):
            layer.kernel.assign(ops.transpose(rbm.layer.kernel))
            layer.bias.assign(rbm.visible_bias)

    def objective(self, x, y, training):
        z = self.decoder(self.encoder(x, training=training), training=training)
        return {"loss": crossentropy(x, z), "squared_error": squared_error(x, ops.sigmoid(z))}


def _dense(network):
    return [layer for layer in network.layers if hasattr(layer, "units")]


def deep_autoencoder(
    input_shape, *, units="1000-500-250-30", activation="elu", pretrain=0, layers=tfnotes_layers
):
    """The deep autoencoder of Hinton and Salakhutdinov.

    Args:
        input_shape: shape of one image.
        units: width of each layer of the encoder; the last is the code's, which is linear.
        activation: of the layers before the code, and of those of the decoder; "sigmoid" with RBMs.
        pretrain: epochs for each RBM, 0 for none.
        layers: where the layers come from, `tfnotes.layers` or `keras.layers`.

    Returns:
        An `Autoencoder`, or with RBMs a `PretrainedAutoencoder`.

    Differences from the reference: Adam in place of conjugate gradients; ELU, and no RBMs, unless asked for.

    Notes: 004:282, 004:286.

    Reference: Hinton and Salakhutdinov 2006, "Reducing the dimensionality of data with neural networks".
    """
    _checks.integer("deep_autoencoder", "pretrain", pretrain, minimum=0)
    if pretrain and activation != "sigmoid":
        _checks.refuse("deep_autoencoder", "activation", "'sigmoid' where RBMs come first", activation)
    widths = numbers("deep_autoencoder", "units", units)
    encoder, decoder = dense_networks(input_shape, widths, activation, layers)
    if pretrain:
        return PretrainedAutoencoder(encoder, decoder, pretrain, name="deep_autoencoder")
    return Autoencoder(encoder, decoder, name="deep_autoencoder")
