"""Texts that the model gets wrong, the worst first."""

import keras
import tensorflow as tf

from tfnotes.callbacks.mistakes import worst


class MistakenTexts(keras.callbacks.Callback):
    """Writes wrongly classified texts, as a table, for TensorBoard's texts.

    The worst are those whose prediction beats the right class by most.

    Args:
        writer: a `tf.summary.SummaryWriter`.
        x: examples as the model takes them; a few hundred are plenty, each epoch predicts them all.
        y: their classes, integers of shape `(n,)`.
        texts: the examples as bytes or strings.
        labels: the name of each class.
        most: how many texts an epoch.
    """

    def __init__(self, writer, x, y, texts, labels, most=8):
        super().__init__()
        self.writer = writer
        self.x = x
        self.y = y
        self.texts = [text.decode("utf-8", "replace") if isinstance(text, bytes) else text for text in texts]
        self.labels = labels
        self.most = most

    def on_epoch_end(self, epoch, logs=None):
        predicted, examples = worst(self.model, self.x, self.y, self.most)
        rows = [f"{self.labels[self.y[k]]} | {self.labels[predicted[k]]} | {_cell(self.texts[k])}" for k in examples]
        table = "\n".join(["label | prediction | text", "--- | --- | ---", *rows])
        with self.writer.as_default(step=epoch + 1):
            tf.summary.text("mistakes", table)
        self.writer.flush()


def _cell(text, longest=500):
    """One line of Markdown without a cell's border in it; TensorBoard takes HTML out by itself."""
    line = " ".join(text.split()).replace("|", "\\|")
    return line if len(line) <= longest else line[: longest - 1] + "…"
