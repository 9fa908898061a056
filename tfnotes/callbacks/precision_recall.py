"""Precision and recall of each class at every threshold.

    precision = right among those scored above the threshold
    recall    = those scored above the threshold among the right ones
"""

import keras
import numpy as np
import tensorflow as tf

from tfnotes import _checks
from tfnotes.callbacks._examples import classes
from tfnotes.callbacks._inference import scores_of
from tfnotes.callbacks._writers import writer_of
from tfnotes.callbacks.predictions import predicted


class PrecisionRecall(keras.callbacks.Callback):
    """Writes precision-recall curves (查准率-查全率曲线) for TensorBoard, one for each class, one if there are two.

    Args:
        writer: a `tf.summary.SummaryWriter`, or a folder.
        x: examples as the model takes them (an array, a list or dict of arrays for several inputs, or a batched
            `tf.data.Dataset`), or `Predictions` of them; each epoch predicts them all.
        y: their classes, integers of shape `(n,)`; None for those in a dataset `x` of `(x, y)`. 0 and 1 for a
            model with one output.
        labels: the name of each class, None for its number.
        from_logits: whether the model gives logits and not probabilities. Default False, as Keras's losses.
        thresholds: how many. Default 201.

    Raises:
        InputError: an argument is wrong, or the model is no classifier of so many classes.
    """

    def __init__(self, writer, x, y=None, labels=None, from_logits=False, thresholds=201):
        super().__init__()
        self.writer = writer_of(self, "writer", writer)
        self.x, self.y = classes(self, x, y)
        self.labels = labels
        self.from_logits = _checks.boolean(self, "from_logits", from_logits)
        self.thresholds = _checks.integer(self, "thresholds", thresholds, minimum=2)

    def on_epoch_end(self, epoch, logs=None):
        from tensorboard.plugins.pr_curve import summary

        scores = scores_of(self, predicted(self.model, self.x), self.labels, least=1)
        chances = probabilities(scores, self.from_logits)
        with self.writer.as_default(step=epoch + 1):
            for k, chance in chances.items():
                name = f"precision_recall/{k if self.labels is None else self.labels[k]}"
                curve = summary.pb(name, self.y == k, chance, num_thresholds=self.thresholds)
                tf.summary.experimental.write_raw_pb(curve.SerializeToString())
        self.writer.flush()


def probabilities(outputs, from_logits):
    """The probability of each class by its number; of two, and of a single output, only that of class 1."""
    if outputs.shape[-1] == 1:
        chance = 1 / (1 + np.exp(-outputs.astype("float64"))) if from_logits else outputs
        return {1: chance[:, 0]}
    if from_logits:
        outputs = np.exp(outputs - outputs.max(axis=-1, keepdims=True))
        outputs = outputs / outputs.sum(axis=-1, keepdims=True)
    return {k: outputs[:, k] for k in ([1] if outputs.shape[-1] == 2 else range(outputs.shape[-1]))}
