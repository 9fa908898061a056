"""Texts that the model gets wrong, the worst first."""

import keras
import tensorflow as tf

from tfnotes import _checks
from tfnotes.callbacks._examples import classes
from tfnotes.callbacks._writers import writer_of
from tfnotes.callbacks.mistakes import worst


class MistakenTexts(keras.callbacks.Callback):
    """Writes wrongly classified texts, as a table, for TensorBoard's texts.

    The worst are those whose prediction beats the right class by most.

    Args:
        writer: a `tf.summary.SummaryWriter`, or a folder.
        x: examples as the model takes them (an array, a list or dict of arrays for several inputs, or a batched
            `tf.data.Dataset`), or `Predictions` of them; a few hundred are plenty, each epoch predicts
            them all.
        y: their classes, integers of shape `(n,)`.
        texts: the examples as bytes or strings.
        labels: the name of each class.
        most: how many texts an epoch.

    Raises:
        InputError: an argument is wrong, or the model is no classifier of so many classes.
    """

    def __init__(self, writer, x, y, texts, labels, most=8):
        super().__init__()
        self.writer = writer_of(self, "writer", writer)
        self.x, self.y = classes(self, x, y)
        self.texts = [text.decode("utf-8", "replace") if isinstance(text, bytes) else text for text in texts]
        if len(self.texts) != len(self.y):
            _checks.refuse(self, "texts", f"a text for each of the {len(self.y)} examples", len(self.texts))
        self.labels = labels
        self.most = _checks.integer(self, "most", most)

    def on_epoch_end(self, epoch, logs=None):
        predicted, examples = worst(self)
        rows = [f"{self.labels[self.y[k]]} | {self.labels[predicted[k]]} | {_cell(self.texts[k])}" for k in examples]
        table = "\n".join(["label | prediction | text", "--- | --- | ---", *rows])
        with self.writer.as_default(step=epoch + 1):
            tf.summary.text("mistakes", table)
        self.writer.flush()


def _cell(text, longest=500):
    """One line of Markdown without a cell's border in it; TensorBoard takes HTML out by itself."""
    line = " ".join(text.split()).replace("|", "\\|")
    return line if len(line) <= longest else line[: longest - 1] + "…"
