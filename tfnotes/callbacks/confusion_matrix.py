"""Which classes are taken for which, as a picture and as a table."""

import keras
import numpy as np
import tensorflow as tf

from tfnotes import _checks
from tfnotes.callbacks._examples import classes
from tfnotes.callbacks._images import images
from tfnotes.callbacks._inference import scores_of
from tfnotes.callbacks._writers import writer_of
from tfnotes.callbacks.predictions import predicted
from tfnotes.metrics.confusion_matrix import confusion


class ConfusionMatrix(keras.callbacks.Callback):
    """Writes the confusion matrix (混淆矩阵) of each epoch as a picture and as a table.

    A row is a right class, a column a predicted one; the picture's shade is the share of the row, white for all.

    Args:
        writer: a `tf.summary.SummaryWriter`, or a folder.
        x: examples as the model takes them (an array, a list or dict of arrays for several inputs, or a batched
            `tf.data.Dataset`), or `Predictions` of them; each epoch predicts them all.
        y: their classes, integers of shape `(n,)`; None for those in a dataset `x` of `(x, y)`.
        labels: the name of each class, None for its number.
        scale: pixels of the picture for one entry. Default 16.

    Raises:
        InputError: an argument is wrong, or the model is no classifier of so many classes.

    Notes: 003:79-81 (中文名: 混淆矩阵).
    """

    def __init__(self, writer, x, y=None, labels=None, scale=16):
        super().__init__()
        self.writer = writer_of(self, "writer", writer)
        self.x, self.y = classes(self, x, y)
        self.labels = labels
        self.scale = _checks.integer(self, "scale", scale)

    def on_epoch_end(self, epoch, logs=None):
        scores = scores_of(self, predicted(self.model, self.x), self.labels)
        counts = keras.ops.convert_to_numpy(confusion(self.y, scores.argmax(-1), scores.shape[-1], dtype="int32"))
        with self.writer.as_default(step=epoch + 1):
            images({"confusion_matrix": picture(counts, self.scale)[None]})
            tf.summary.text("confusion_matrix/counts", table(counts, self.labels or range(len(counts))))
        self.writer.flush()


def picture(counts, scale):
    """Shades of grey, shape `(height, width, 1)`: each entry's share of its row, a row without examples black."""
    share = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
    return np.kron(np.round(255 * share), np.ones((scale, scale)))[..., None].astype("uint8")


def table(counts, labels):
    """The counts in Markdown, which TensorBoard's texts show as a table."""
    names = [str(label).replace("|", "\\|") for label in labels]
    rows = [["", *names], ["---"] * (len(names) + 1)]
    rows += [[f"**{name}**", *map(str, row)] for name, row in zip(names, counts, strict=True)]
    return "\n".join("| " + " | ".join(row) + " |" for row in rows)
