"""Deep belief network: RBMs on each other, each trained on the hidden units of the one below, then a classifier.

    h[0] = x,   h[l] = sigmoid(h[l-1] @ W[l] + c[l])
    stage l: (W[l], c[l]) and visible biases b[l] learn as an RBM of h[l-1], by CD-1
    last stage: logits = h[L] @ kernel + bias, and all layers learn by backpropagation
"""

import math

import keras
from keras import ops

from tfnotes import _checks, _share
from tfnotes import layers as tfnotes_layers
from tfnotes.layers.dropout import dropout as dropped
from tfnotes.losses import sparse_categorical_crossentropy
from tfnotes.models._base import build, dense_stack, numbers
from tfnotes.models._staged import Staged, below
from tfnotes.models.rbm import RBM


@keras.saving.register_keras_serializable("tfnotes")
class DBN(Staged):
    """Deep belief network (深度信念网络). `dbn` builds one.

    Args:
        input_shape: shape of one example.
        hidden: the sigmoid dense layers.
        head: what makes logits of the last one.
        pretrain: epochs for each RBM.
        dropout: share of each hidden layer's units, and half that share of the pixels, dropped in the last stage.
        seed: None for Keras's own seed.

    Call arguments:
        inputs: shape `(batch, *input_shape)`, from 0 to 1.

    Returns:
        Logits, `(batch, classes)`.
    """

    figures = ("loss", "accuracy")

    def __init__(self, input_shape, hidden, head, pretrain=0, dropout=0.0, seed=None, **kwargs):
        super().__init__(**kwargs)
        self.image_shape, self.hidden, self.head = tuple(input_shape), list(hidden), head
        self.pretrain, self.dropout, self.seed = pretrain, dropout, seed
        self.depth = len(self.hidden)
        self.random = keras.random.SeedGenerator(seed)
        sizes = [math.prod(self.image_shape), *(layer.units for layer in self.hidden)]
        self.rbms = [
            RBM((size,), layer, binarize=False, seed=seed) for size, layer in zip(sizes, self.hidden, strict=False)
        ]
        build(head, sizes[-1])
        self.built = True

    @property
    def input_shape(self):
        return (None, *self.image_shape)

    def codes(self, inputs, training=False):
        """The last hidden layer."""
        h = ops.reshape(ops.cast(inputs, self.compute_dtype), (-1, math.prod(self.image_shape)))
        for k, layer in enumerate(self.hidden):
            h = layer(self._dropped(h, self.dropout if k else self.dropout / 2, training))
        return self._dropped(h, self.dropout, training)

    def visible(self, codes):
        """What the pixels are by the last hidden layer alone, as logits `(batch, pixels)`: by means, layer by layer."""
        for rbm in self.rbms[:0:-1]:
            codes = ops.sigmoid(rbm.visible(codes))
        return self.rbms[0].visible(codes)

    def call(self, inputs, training=False):
        return self.head(self.codes(inputs, training))

    def objective(self, x, y, training):
        z = self(x, training=training)
        right = ops.cast(ops.equal(ops.argmax(z, axis=-1), ops.cast(y, "int64")), z.dtype)
        return {"loss": sparse_categorical_crossentropy(y, z, from_logits=True), "accuracy": right}

    def learn_layer(self, k, x):
        flat = ops.reshape(x, (-1, math.prod(self.image_shape)))
        gradients, loss = self.rbms[k].gradients(below(self.hidden, k, flat))
        return loss, gradients, self.rbms[k].weights_learned

    def _dropped(self, h, rate, training):
        if not training or not rate:
            return h
        draws = _share.drawn(lambda shape: keras.random.uniform(shape, dtype=h.dtype, seed=self.random), ops.shape(h))
        return dropped(h, draws >= rate, rate)

    def get_config(self):
        return {**super().get_config(), "input_shape": self.image_shape}


def dbn(input_shape, classes, *, units="500-500-2000", pretrain=3, dropout=0.2, layers=tfnotes_layers):
    """A deep belief network, fine-tuned as a classifier.

    Args:
        input_shape: shape of one image.
        classes: number of classes.
        units: width of each hidden layer.
        pretrain: epochs for each RBM, 0 for none.
        dropout: share of hidden units dropped in fine-tuning; of pixels, half of it.
        layers: where the layers come from, `tfnotes.layers` or `keras.layers`.

    Returns:
        A `DBN`.

    Differences from the reference: fine-tuned by backpropagation with dropout, not by up-down passes.

    Notes: 004:286.

    Reference: Hinton, Osindero and Teh 2006, "A fast learning algorithm for deep belief nets"; Hinton and
    Salakhutdinov 2006, "Reducing the dimensionality of data with neural networks", supplement, for
    backpropagation after it.
    """
    _checks.integer("dbn", "pretrain", pretrain, minimum=0)
    _checks.share("dbn", "dropout", dropout)
    hidden = dense_stack(layers, numbers("dbn", "units", units), "sigmoid", "hidden")
    return DBN(input_shape, hidden, layers.Dense(classes, name="logits"), pretrain, dropout, name="dbn")
