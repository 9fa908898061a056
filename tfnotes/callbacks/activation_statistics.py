"""Mean, deviation and sparsity of what each layer gives, by its depth."""

import keras
import numpy as np
import tensorflow as tf

from tfnotes.callbacks._activations import Activations


class ActivationStatistics(keras.callbacks.Callback):
    """Writes mean, standard deviation and share of zeros of each layer's outputs.

    A name tells the depth, so that TensorBoard lists the layers in order: `activation_mean/02_conv`. A deviation
    that shrinks or grows from layer to layer is a signal that vanishes or explodes.

    Args:
        writer: a `tf.summary.SummaryWriter`.
        x: examples as the model takes them; some hundreds are plenty.

    Raises:
        InputError: the model doesn't know its inputs.
    """

    def __init__(self, writer, x):
        super().__init__()
        self.writer = writer
        self.x = x
        self._activations = None

    def on_epoch_end(self, epoch, logs=None):
        if self._activations is None:
            self._activations = Activations(self, self.model, lambda layer: True)
        sums = np.zeros((len(self._activations.layers), 4))
        for outputs in self._activations.batches(self.x):
            for total, output in zip(sums, outputs, strict=True):
                output = output.astype("float64")
                total += output.size, output.sum(), np.square(output).sum(), np.count_nonzero(output == 0)
        with self.writer.as_default(step=epoch + 1):
            for k, (layer, (n, total, squares, zeros)) in enumerate(zip(self._activations.layers, sums, strict=True)):
                name, mean = f"{k + 1:02}_{layer.name}", total / n
                tf.summary.scalar(f"activation_mean/{name}", mean)
                tf.summary.scalar(f"activation_std/{name}", np.sqrt(max(squares / n - mean**2, 0)))
                tf.summary.scalar(f"activation_zeros/{name}", zeros / n)
        self.writer.flush()
