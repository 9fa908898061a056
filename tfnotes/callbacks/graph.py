"""The operations of a model's forward pass."""

import keras
import tensorflow as tf

from tfnotes.errors import InputError


class Graph(keras.callbacks.Callback):
    """Writes the graph of the forward pass for TensorBoard, once, before the first epoch.

    Args:
        writer: a `tf.summary.SummaryWriter`.

    Raises:
        InputError: the model doesn't say its inputs, as a functional or sequential one does.
    """

    def __init__(self, writer):
        super().__init__()
        self.writer = writer

    def on_epoch_begin(self, epoch, logs=None):
        # A resumed training has its graph already.
        if epoch > 0:
            return
        if not getattr(self.model, "inputs", None):
            raise InputError(f"Graph: `model` must know its inputs. Received: {type(self.model).__name__}.")
        inputs = [tf.TensorSpec(x.shape, x.dtype, name=x.name) for x in self.model.inputs]
        forward = tf.function(lambda *x: self.model(list(x) if len(x) > 1 else x[0], training=False))
        with self.writer.as_default(step=0):
            tf.summary.graph(forward.get_concrete_function(*inputs).graph)
        self.writer.flush()
