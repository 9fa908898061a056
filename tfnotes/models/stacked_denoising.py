"""Stacked denoising autoencoders: each layer learns to undo noise in what the layer below gives, then a classifier.

    h[0] = x,   h[l] = sigmoid(h[l-1] @ W[l] + c[l])
    stage l: noisy = h[l-1] with each entry 0 at chance `noise`
             z = sigmoid(noisy @ W[l] + c[l]) @ V[l] + b[l],   loss = -log p(h[l-1]) of logits z
    last stage: logits = h[L] @ kernel + bias, and all layers learn by backpropagation
"""

import math

import keras
import tensorflow as tf
from keras import ops

from tfnotes import _checks
from tfnotes import layers as tfnotes_layers
from tfnotes.models._base import build, dense_stack, numbers
from tfnotes.models._objective import crossentropy
from tfnotes.models._staged import below
from tfnotes.models.autoencoder import corrupt
from tfnotes.models.dbn import DBN


@keras.saving.register_keras_serializable("tfnotes")
class StackedDenoising(DBN):
    """Stacked denoising autoencoders (堆叠去噪自编码器). `stacked_denoising` builds one.

    Args:
        input_shape, hidden, head, pretrain, dropout, seed: as in `DBN`.
        back: the dense layers from each hidden layer to the one below.
        noise: chance of an entry to be masked.
    """

    def __init__(self, input_shape, hidden, head, back, pretrain=0, noise=0.25, dropout=0.0, seed=None, **kwargs):
        super().__init__(input_shape, hidden, head, pretrain, dropout, seed, **kwargs)
        self.back, self.noise = list(back), noise
        for layer, behind in zip(self.hidden, self.back, strict=True):
            build(behind, layer.units)

    def visible(self, codes):
        """What the pixels are by the last hidden layer alone, as logits `(batch, pixels)`: back, layer by layer."""
        for behind in self.back[:0:-1]:
            codes = ops.sigmoid(behind(codes))
        return self.back[0](codes)

    def learn_layer(self, k, x):
        clean = below(self.hidden, k, ops.reshape(x, (ops.shape(x)[0], -1)))
        layers = [self.hidden[k], self.back[k]]
        with tf.GradientTape() as tape:
            noisy = corrupt(clean, self.noise, "masking", self.random)
            loss = ops.mean(crossentropy(clean, layers[1](layers[0](noisy))))
        variables = [v for layer in layers for v in layer.trainable_variables]
        return loss, tape.gradient(loss, variables), variables


def stacked_denoising(
    input_shape, classes, *, units="1000-1000-1000", pretrain=3, noise=0.25, dropout=0.2, layers=tfnotes_layers
):
    """Stacked denoising autoencoders, fine-tuned as a classifier.

    Args:
        input_shape: shape of one image.
        classes: number of classes.
        units: width of each hidden layer.
        pretrain: epochs for each autoencoder, 0 for none.
        noise: chance of an entry to be masked before a layer learns.
        dropout: share of hidden units dropped in fine-tuning; of pixels, half of it.
        layers: where the layers come from, `tfnotes.layers` or `keras.layers`.

    Returns:
        A `StackedDenoising`.

    Differences from the reference: weights of the way back are their own, not the transposed ones; dropout in
    fine-tuning.

    Notes: 004:282.

    Reference: Vincent, Larochelle, Lajoie, Bengio and Manzagol 2010, "Stacked denoising autoencoders".
    """
    _checks.integer("stacked_denoising", "pretrain", pretrain, minimum=0)
    _checks.share("stacked_denoising", "dropout", dropout)
    _checks.number("stacked_denoising", "noise", noise, 0, 1)
    if not pretrain and noise != 0.25:
        _checks.refuse("stacked_denoising", "noise", "left out where no layer is trained alone", noise)
    widths = numbers("stacked_denoising", "units", units)
    hidden = dense_stack(layers, widths, "sigmoid", "hidden")
    sizes = [math.prod(input_shape), *widths[:-1]]
    back = [layers.Dense(size, name=f"back_{k + 1}") for k, size in enumerate(sizes)]
    head = layers.Dense(classes, name="logits")
    return StackedDenoising(
        input_shape, hidden, head, back, pretrain, noise, dropout, name="stacked_denoising"
    )
