"""How large the gradient of the loss is, layer by layer and in all.

    norm of a layer = sqrt(sum of the squares of its weights' gradients)
"""

import keras
import numpy as np
import tensorflow as tf

from tfnotes import _checks
from tfnotes.callbacks._examples import labelled
from tfnotes.callbacks._histograms import histograms
from tfnotes.callbacks._writers import writer_of
from tfnotes.errors import InputError


class GradientNorms(keras.callbacks.Callback):
    """Writes the norm of the gradient of each layer's weights, and of all weights together.

    The gradient is that of the compiled loss on one batch, always the same, so that epochs can be compared. The
    model runs as in inference: nothing is dropped, and no moving average changes, so training isn't disturbed.

    Args:
        writer: a `tf.summary.SummaryWriter`, or a folder.
        x, y: a batch as the model takes it, some hundred examples, and its targets; lists or dicts of arrays for
            several inputs or outputs. Or `x` is a batched `tf.data.Dataset` of `(x, y)`, of which the first batch is
            taken, and `y` is None.
        histograms: whether the gradients' histograms are written, too. Default False.

    Raises:
        InputError: an argument is wrong, or the model wasn't compiled with a loss.
    """

    def __init__(self, writer, x, y=None, histograms=False):
        super().__init__()
        self.writer = writer_of(self, "writer", writer)
        self.x, self.y = labelled(self, x.take(1) if isinstance(x, tf.data.Dataset) else x, y)
        self.histograms = _checks.boolean(self, "histograms", histograms)
        self._gradients = None

    def on_epoch_end(self, epoch, logs=None):
        if self._gradients is None:
            if not getattr(self.model, "loss", None):
                raise InputError(
                    f"GradientNorms: `model` must be compiled with a loss. Received: loss={self.model.loss!r}."
                )
            # One batch, however many examples it has.
            self.x.check(self.model)
            self._gradients = tf.function(self._compute)
        gradients = [g.numpy() for g in self._gradients()]
        found = dict(zip(paths(self.model), gradients, strict=True))
        with self.writer.as_default(step=epoch + 1):
            for layer, norm in norms(found).items():
                tf.summary.scalar(f"gradient_norm/{layer}", norm)
            tf.summary.scalar("gradient_norm", _norm(found.values()))
            if self.histograms:
                histograms({f"gradients/{path}": gradient for path, gradient in found.items()})
        self.writer.flush()

    def _compute(self):
        weights = [w.value for w in self.model.trainable_weights]
        with tf.GradientTape() as tape:
            x = self.x.whole()
            loss = self.model.compute_loss(x, self.y, self.model(x, training=False), training=False)
        gradients = tape.gradient(loss, weights, unconnected_gradients=tf.UnconnectedGradients.ZERO)
        # Those of an embedding are some rows, among which a row may stand twice.
        return [tf.convert_to_tensor(g) for g in gradients]


def paths(model):
    """The paths of the trainable weights inside the model: "conv/kernel", each of them once."""
    found: list[str] = []
    for weight in model.trainable_weights:
        layer, slash, name = weight.path.removeprefix(f"{model.name}/").rpartition("/")
        k, path = 1, f"{layer}{slash}{name}"
        while path in found:
            k, path = k + 1, f"{layer}_{k + 1}{slash}{name}"
        found.append(path)
    return found


def norms(arrays):
    """The norm of each layer's arrays, which stand under their weights' paths."""
    layers: dict[str, list] = {}
    for path, array in arrays.items():
        layers.setdefault(path.rpartition("/")[0] or path, []).append(array)
    return {layer: _norm(own) for layer, own in layers.items()}


def _norm(arrays):
    return np.sqrt(sum(np.square(a, dtype="float64").sum() for a in arrays))
