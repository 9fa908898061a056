"""Models that minimize figures of their own, by gradients: autoencoders of all kinds."""

import keras
import tensorflow as tf
from keras import ops

from tfnotes.models._base import Model


class Objective(Model):
    """A model whose `objective(x, training)` says what it minimizes; targets, if there are any, are ignored.

    `objective` gives a dict with each of `figures`, of shape `(batch,)`. The model minimizes the mean of "loss".
    """

    def objective(self, x, training):
        raise NotImplementedError

    def train_step(self, data):
        x = keras.utils.unpack_x_y_sample_weight(data)[0]
        with tf.GradientTape() as tape:
            figures = self.objective(x, training=True)
            loss = ops.mean(figures["loss"])
            # What layers add, such as a penalty on activations.
            loss = loss + sum(self.losses) if self.losses else loss
        weights = self.trainable_variables
        self.descend(tape.gradient(loss, weights), weights)
        return self.show(x, **figures)

    def test_step(self, data):
        x = keras.utils.unpack_x_y_sample_weight(data)[0]
        return self.show(x, **self.objective(x, training=False))


def crossentropy(x, z):
    """-log p(x) of independent pixels with logits z: the sum over all axes but the batch, in nats an example."""
    return ops.sum(ops.reshape(ops.softplus(z) - x * z, (ops.shape(x)[0], -1)), axis=-1)


def squared_error(x, y):
    """The sum of squared differences over all axes but the batch."""
    return ops.sum(ops.reshape(ops.square(x - y), (ops.shape(x)[0], -1)), axis=-1)
