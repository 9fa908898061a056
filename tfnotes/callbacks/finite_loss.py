"""Training that diverges ends at once, before anything keeps its weights."""

import math

import keras
import tensorflow as tf

from tfnotes.callbacks._writers import writer_of


class FiniteLoss(keras.callbacks.Callback):
    """Ends the training when a loss is no number any more. Put it before what saves the model.

    Args:
        writer: a `tf.summary.SummaryWriter` or folder, to which the reason goes as a text, or None.

    Raises:
        FloatingPointError: says which figure and in which epoch.
    """

    def __init__(self, writer=None):
        super().__init__()
        self.writer = None if writer is None else writer_of(self, "writer", writer)
        self._epoch = 0

    def on_epoch_begin(self, epoch, logs=None):
        self._epoch = epoch + 1

    def on_train_batch_end(self, batch, logs=None):
        self._check({name: value for name, value in (logs or {}).items() if "loss" in name})

    def on_epoch_end(self, epoch, logs=None):
        self._check(logs or {})

    def _check(self, figures):
        for name, value in figures.items():
            if not math.isfinite(value):
                reason = f"{name} became {value} in epoch {self._epoch}"
                if self.writer:
                    with self.writer.as_default(step=self._epoch):
                        tf.summary.text("diverged", reason)
                    self.writer.flush()
                raise FloatingPointError(reason)
