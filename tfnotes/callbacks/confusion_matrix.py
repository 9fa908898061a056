"""Which classes are taken for which, as a picture and as a table."""

import keras
import tensorflow as tf

from tfnotes._markdown import row
from tfnotes.callbacks._drawn import matrix
from tfnotes.callbacks._examples import classes
from tfnotes.callbacks._images import images
from tfnotes.callbacks._inference import scores_of
from tfnotes.callbacks._writers import writer_of
from tfnotes.callbacks.predictions import predicted
from tfnotes.metrics.confusion_matrix import confusion


class ConfusionMatrix(keras.callbacks.Callback):
    """Writes the confusion matrix (混淆矩阵) of each epoch as a picture and as a table.

    A row is a right class, a column a predicted one; an entry of the picture is the darker, the larger its share of its
    row.

    Args:
        writer: a `tf.summary.SummaryWriter`, or a folder.
        x: examples as the model takes them (an array, a list or dict of arrays for several inputs, or a batched
            `tf.data.Dataset`), or `Predictions` of them; each epoch predicts them all.
        y: their classes, integers of shape `(n,)`; None for those in a dataset `x` of `(x, y)`.
        labels: the name of each class, None for its number.

    Raises:
        InputError: an argument is wrong, or the model is no classifier of so many classes.

    Notes: 003:79-81 (中文名: 混淆矩阵).
    """

    def __init__(self, writer, x, y=None, labels=None):
        super().__init__()
        self.writer = writer_of(self, "writer", writer)
        self.x, self.y = classes(self, x, y)
        self.labels = labels

    def on_epoch_end(self, epoch, logs=None):
        scores = scores_of(self, predicted(self.model, self.x), self.labels)
        counts = keras.ops.convert_to_numpy(confusion(self.y, scores.argmax(-1), scores.shape[-1], dtype="int32"))
        with self.writer.as_default(step=epoch + 1):
            labels = self.labels or range(len(counts))
            images({"confusion_matrix": matrix(counts, labels)[None]})
            tf.summary.text("confusion_matrix/counts", table(counts, labels))
        self.writer.flush()


def table(counts, labels):
    """The counts in Markdown, which TensorBoard's texts show as a table."""
    names = [str(label) for label in labels]
    rows = [["", *names], ["---"] * (len(names) + 1)]
    rows += [[f"**{name}**", *map(str, numbers)] for name, numbers in zip(names, counts, strict=True)]
    return "\n".join(map(row, rows))
