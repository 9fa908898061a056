"""Examples that the model gets wrong, the worst first."""

import keras
import numpy as np

from tfnotes import _checks
from tfnotes.callbacks._drawn import captioned
from tfnotes.callbacks._examples import classes
from tfnotes.callbacks._images import images
from tfnotes.callbacks._inference import scores_of
from tfnotes.callbacks._writers import writer_of
from tfnotes.callbacks.predictions import predicted

# What stands below each picture.
DESCRIBED = "label {}, prediction {}"


class Mistakes(keras.callbacks.Callback):
    """Writes pictures of wrongly classified examples for TensorBoard's images.

    Label and prediction stand above each picture. The worst are those whose prediction beats the right class by most:
    `mistakes/1` is the worst. What an epoch gets right covers the mistakes of the one before with grey.

    Args:
        writer: a `tf.summary.SummaryWriter`, or a folder.
        x: examples as the model takes them (an array, a list or dict of arrays for several inputs, or a batched
            `tf.data.Dataset`), or `Predictions` of them; a thousand are plenty, each epoch predicts them
            all.
        y: their classes, integers of shape `(n,)`; None for those in a dataset `x` of `(x, y)`.
        labels: the name of each class, None for its number.
        pictures: the examples as uint8 or 0-1 images of shape `(n, height, width, channels)`, None for `x`.
        most: how many pictures an epoch.

    Raises:
        InputError: an argument is wrong, or the model is no classifier of so many classes.
    """

    def __init__(self, writer, x, y=None, labels=None, pictures=None, most=8):
        super().__init__()
        self.writer = writer_of(self, "writer", writer)
        self.x, self.y = classes(self, x, y)
        self.labels = labels
        self.pictures = np.asarray(self._own() if pictures is None else pictures)
        if self.pictures.ndim != 4 or len(self.pictures) != len(self.y):
            expected = f"{len(self.y)} images of shape (height, width, channels)"
            _checks.refuse(self, "pictures", expected, self.pictures.shape)
        self.most = _checks.integer(self, "most", most)
        self._shown: int | None = None

    def on_epoch_begin(self, epoch, logs=None):
        # What a resumed training showed before isn't known.
        if self._shown is None:
            self._shown = self.most if epoch else 0

    def on_epoch_end(self, epoch, logs=None):
        predicted, examples = worst(self)
        shown, descriptions = {}, {}
        for rank in range(self.most):
            tag = f"mistakes/{rank + 1}"
            if rank < len(examples):
                k = examples[rank]
                label, prediction = self._name(self.y[k]), self._name(predicted[k])
                shown[tag] = captioned(self.pictures[k], f"{label} read as {prediction}")[None]
                descriptions[tag] = DESCRIBED.format(label, prediction)
            elif rank < (self._shown or 0):
                shown[tag] = captioned(None, "no mistake")[None]
        self._shown = max(self._shown or 0, len(examples))
        with self.writer.as_default(step=epoch + 1):
            images(shown, descriptions)
        self.writer.flush()

    def _own(self):
        examples = getattr(self.x, "examples", self.x).whole()
        return examples if isinstance(examples, np.ndarray) else np.empty(0)

    def _name(self, index):
        return str(index) if self.labels is None else self.labels[index]


def worst(callback):
    """A classifier's predictions, and the numbers of the examples that it gets wrong, the worst first.

    Args:
        callback: with `model`, `x`, `y`, `labels` and `most`.
    """
    scores = scores_of(callback, predicted(callback.model, callback.x), callback.labels)
    found, y = scores.argmax(-1), callback.y
    lead = scores.max(-1) - np.take_along_axis(scores, y[:, None], -1)[:, 0]
    return found, [k for k in np.argsort(-lead, kind="stable") if found[k] != y[k]][: callback.most]
