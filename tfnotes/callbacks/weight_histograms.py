"""How the values of each weight are distributed, epoch by epoch."""

import keras

from tfnotes.callbacks._histograms import histograms
from tfnotes.callbacks._writers import writer_of


class WeightHistograms(keras.callbacks.Callback):
    """Writes a histogram of each weight for TensorBoard, moving averages included.

    Args:
        writer: a `tf.summary.SummaryWriter`, or a folder.
    """

    def __init__(self, writer):
        super().__init__()
        self.writer = writer_of(self, "writer", writer)

    def on_epoch_end(self, epoch, logs=None):
        with self.writer.as_default(step=epoch + 1):
            histograms({weight.path: keras.ops.convert_to_numpy(weight) for weight in self.model.weights})
        self.writer.flush()
