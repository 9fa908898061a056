"""The operations of a model's forward pass."""

import keras
import tensorflow as tf

from tfnotes.callbacks._writers import writer_of
from tfnotes.errors import InputError


class Graph(keras.callbacks.Callback):
    """Writes the graph of the forward pass for TensorBoard, once, before the first epoch.

    Args:
        writer: a `tf.summary.SummaryWriter`, or a folder.

    Raises:
        InputError: the model doesn't say its inputs, as a functional or sequential one does.
    """

    def __init__(self, writer):
        super().__init__()
        self.writer = writer_of(self, "writer", writer)

    def on_epoch_begin(self, epoch, logs=None):
        # A resumed training has its graph already.
        if epoch > 0:
            return
        if not getattr(self.model, "inputs", None):
            raise InputError(f"Graph: `model` must know its inputs. Received: {type(self.model).__name__}.")
        specs = keras.tree.map_structure(
            lambda x: tf.TensorSpec(x.shape, x.dtype, name=x.name), structure(self.model)
        )
        forward = tf.function(lambda x: self.model(x, training=False))
        with self.writer.as_default(step=0):
            tf.summary.graph(forward.get_concrete_function(specs).graph)
        self.writer.flush()


def structure(model):
    """A model's inputs as it is called with them: one, or a list or dict of several."""
    if isinstance(model, keras.Sequential):
        return model.inputs[0]
    # A model with a rule of its own may have no more than their list.
    inputs = getattr(model, "input", model.inputs) if isinstance(model, keras.Model) and model.inputs else model.inputs
    return inputs[0] if isinstance(inputs, (list, tuple)) and len(inputs) == 1 else inputs
