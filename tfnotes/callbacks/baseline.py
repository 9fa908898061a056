"""What guessing gets: the figures that a training must leave behind.

    accuracy = the share of the commonest class
    loss     = the entropy of the classes' shares, in nats
"""

import keras
import numpy as np
import tensorflow as tf

from tfnotes import _checks
from tfnotes.callbacks._writers import writer_of


class Baseline(keras.callbacks.Callback):
    """Writes the accuracy (基线) and the cross-entropy of a model that gives the same answer to all examples, once.

    Args:
        writer: a `tf.summary.SummaryWriter`, or a folder.
        y: classes, integers of shape `(n,)` or `(n, 1)`, or one-hot of shape `(n, classes)`; some thousand are plenty.

    Raises:
        InputError: an argument is wrong.
    """

    def __init__(self, writer, y):
        super().__init__()
        self.writer = writer_of(self, "writer", writer)
        self.shares = shares(y)
        if self.shares is None:
            y = np.asarray(y)
            expected = "classes, integers of shape (n,), or one-hot"
            _checks.refuse(self, "y", expected, f"an array of shape {y.shape} and dtype {y.dtype}")

    def on_epoch_begin(self, epoch, logs=None):
        if epoch > 0:
            return
        with self.writer.as_default(step=0):
            tf.summary.scalar("baseline/accuracy", self.shares.max())
            tf.summary.scalar("baseline/loss", -np.sum(self.shares * np.log(self.shares)))
        self.writer.flush()


def shares(y):
    """The share of each class that occurs; None if these aren't classes."""
    y = np.asarray(y)
    if not y.size or y.dtype.kind not in "biuf" or not np.array_equal(y, np.floor(y)):
        return None
    if y.ndim == 2 and y.shape[1] > 1 and np.isin(y, (0, 1)).all() and (y.sum(axis=1) == 1).all():
        y = y.argmax(axis=1)
    if y.shape[1:] not in ((), (1,)):
        return None
    _, counts = np.unique(y, return_counts=True)
    return counts / len(y)
