"""Mean, deviation and sparsity of what each layer gives, by its depth."""

import keras
import numpy as np
import tensorflow as tf

from tfnotes.callbacks._activations import Activations
from tfnotes.callbacks._examples import Examples
from tfnotes.callbacks._writers import writer_of


class ActivationStatistics(keras.callbacks.Callback):
    """Writes mean, standard deviation and share of zeros of each layer's outputs.

    A name tells the depth, so that TensorBoard lists the layers in order: `activation_mean/02_conv`. A deviation
    that shrinks or grows from layer to layer is a signal that vanishes or explodes. The layers of a model inside
    the model are looked at one by one.

    Args:
        writer: a `tf.summary.SummaryWriter`, or a folder.
        x: examples as the model takes them; some hundreds are plenty. An array, a list or dict of arrays for several
            inputs, or a batched `tf.data.Dataset`.

    Raises:
        InputError: an argument is wrong, or the model takes other examples.
    """

    def __init__(self, writer, x):
        super().__init__()
        self.writer = writer_of(self, "writer", writer)
        self.x = Examples(self, x)
        self._activations = None

    def on_epoch_end(self, epoch, logs=None):
        if self._activations is None:
            self._activations = Activations(self.model, lambda part: isinstance(part, keras.Layer), composite=False)
        sums: dict[str, np.ndarray] = {}
        for outputs in self._activations.batches(self.x):
            for name, output in outputs.items():
                output = output.astype("float64")
                seen = output.size, output.sum(), np.square(output).sum(), np.count_nonzero(output == 0)
                sums[name] = sums.get(name, 0) + np.array(seen)
        with self.writer.as_default(step=epoch + 1):
            for k, name in enumerate(self._activations.layers):
                (n, total, squares, zeros), at = sums[name], f"{k + 1:02}_{name}"
                mean = total / n
                tf.summary.scalar(f"activation_mean/{at}", mean)
                tf.summary.scalar(f"activation_std/{at}", np.sqrt(max(squares / n - mean**2, 0)))
                tf.summary.scalar(f"activation_zeros/{at}", zeros / n)
        self.writer.flush()
