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
                reason = because(name, value, self._epoch)
                if self.writer:
                    write(self.writer, reason, self._epoch)
                raise FloatingPointError(reason)


def because(name, value, epoch):
    """Why a training diverged."""
    return f"{name} became {value} in epoch {epoch}"


def write(writer, reason, epoch):
    """Leaves the reason where the doctor looks for it."""
    with writer.as_default(step=epoch):
        tf.summary.text("diverged", reason)
    writer.flush()
