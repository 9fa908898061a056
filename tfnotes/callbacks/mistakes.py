"""Examples that the model gets wrong, the worst first."""

import keras
import numpy as np

from tfnotes.callbacks._images import images
from tfnotes.callbacks.predictions import predicted


class Mistakes(keras.callbacks.Callback):
    """Writes pictures of wrongly classified examples for TensorBoard's images.

    Label and prediction stand in the picture's name: `mistakes/4_read_as_9`. The worst are those
    whose prediction beats the right class by most.

    Args:
        writer: a `tf.summary.SummaryWriter`.
        x: examples as the model takes them, or `Predictions` of them; a thousand are plenty, each epoch predicts them
            all.
        y: their classes, integers of shape `(n,)`.
        labels: the name of each class, None for its number.
        pictures: the examples as uint8 or 0-1 images of shape `(n, height, width, channels)`, None for `x`.
        most: how many pictures an epoch.
    """

    def __init__(self, writer, x, y, labels=None, pictures=None, most=8):
        super().__init__()
        self.writer = writer
        self.x = x
        self.y = np.asarray(y)
        self.labels = labels
        self.pictures = np.asarray(x if pictures is None else pictures)
        self.most = most

    def on_epoch_end(self, epoch, logs=None):
        predicted, examples = worst(self.model, self.x, self.y, self.most)
        rows: dict[str, list[int]] = {}
        descriptions = {}
        for k in examples:
            label, prediction = self._name(self.y[k]), self._name(predicted[k])
            tag = f"mistakes/{label}_read_as_{prediction}"
            rows.setdefault(tag, []).append(k)
            descriptions[tag] = f"label {label}, prediction {prediction}"
        with self.writer.as_default(step=epoch + 1):
            images({tag: self.pictures[found] for tag, found in rows.items()}, descriptions)
        self.writer.flush()

    def _name(self, index):
        return str(index) if self.labels is None else self.labels[index]


def worst(model, x, y, most):
    """A classifier's predictions, and the numbers of the examples that it gets wrong, the worst first."""
    scores = predicted(model, x)
    found = scores.argmax(-1)
    lead = scores.max(-1) - np.take_along_axis(scores, np.asarray(y)[:, None], -1)[:, 0]
    return found, [k for k in np.argsort(-lead, kind="stable") if found[k] != y[k]][:most]
