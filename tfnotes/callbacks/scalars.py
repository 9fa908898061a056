"""Curves: every figure that `fit` logs, by epoch."""

import keras
import tensorflow as tf

from tfnotes.callbacks._writers import writer_of


class Scalars(keras.callbacks.Callback):
    """Writes each figure of an epoch for TensorBoard's scalars.

    Training and validation go under the same name to two writers, so that their curves share a chart.

    Args:
        train: a `tf.summary.SummaryWriter`, or a folder.
        validation: another one, for the figures named "val_...".
    """

    def __init__(self, train, validation):
        super().__init__()
        self.train = writer_of(self, "train", train)
        self.validation = writer_of(self, "validation", validation)

    def on_epoch_end(self, epoch, logs=None):
        for name, value in (logs or {}).items():
            writer = self.validation if name.startswith("val_") else self.train
            with writer.as_default(step=epoch + 1):
                tf.summary.scalar(name.removeprefix("val_"), value)
        self.train.flush()
        self.validation.flush()
