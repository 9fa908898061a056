"""How far one update moves the weights of each layer, beside how large they are.

    ratio = norm(after - before) / norm(before)
"""

import keras
import numpy as np
import tensorflow as tf

from tfnotes.callbacks._writers import writer_of
from tfnotes.callbacks.gradient_norms import norms, paths
from tfnotes.doctor.rules.rate import HIGH, LOW


class UpdateRatios(keras.callbacks.Callback):
    """Writes the update-to-weight ratio of each layer in the first update of each epoch, and says what it finds.

    About 0.001 is usual. With `steps_per_execution` it is the change of so many updates. Batches that move nothing,
    as those whose gradients are gathered for a later update, are passed over.

    Layers that stand still are a finding where Keras's own `train_step` gives every weight its gradient, and where
    nothing moves at all. A rule of one's own may train some layers in turn, or some of them never.

    Args:
        writer: a `tf.summary.SummaryWriter`, or a folder.

    Attributes:
        findings: what the last epoch showed, a sentence for each layer that hardly moves or moves too far.
    """

    def __init__(self, writer):
        super().__init__()
        self.writer = writer_of(self, "writer", writer)
        self.findings = []
        self._before: dict[str, np.ndarray] = {}
        self._ratios: dict[str, float] | None = None

    def on_epoch_begin(self, epoch, logs=None):
        self._before, self._ratios = {}, None

    def on_train_batch_begin(self, batch, logs=None):
        if not self._before:
            self._before = self._weights()

    def on_train_batch_end(self, batch, logs=None):
        if not any((self._ratios or {}).values()):
            after = self._weights()
            moved = norms({path: after[path] - w for path, w in self._before.items()})
            # Biases that start at zero have a norm with their layer's kernel.
            self._ratios = {layer: moved[layer] / norm for layer, norm in norms(self._before).items() if norm}

    def on_epoch_end(self, epoch, logs=None):
        ratios = self._ratios or {}
        judged = ratios if self._of_gradients(ratios) else {layer: r for layer, r in ratios.items() if r}
        self.findings = [f for layer, ratio in judged.items() if (f := finding(layer, ratio, epoch, self._rate()))]
        with self.writer.as_default(step=epoch + 1):
            for layer, ratio in ratios.items():
                tf.summary.scalar(f"update_ratio/{layer}", ratio)
            if self.findings:
                tf.summary.text("update_ratio", self.findings)
        self.writer.flush()

    def _of_gradients(self, ratios):
        """Whether a layer that stands still has no gradient, and not just no turn."""
        return type(self.model).train_step is keras.Model.train_step or not any(ratios.values())

    def _rate(self):
        return float(keras.ops.convert_to_numpy(self.model.optimizer.learning_rate))

    def _weights(self):
        arrays = [keras.ops.convert_to_numpy(w).copy() for w in self.model.trainable_weights]
        return dict(zip(paths(self.model), arrays, strict=True))


def finding(layer, ratio, epoch, rate=None):
    """What is unusual about a ratio; None for a usual one, in the epoch counted from 0.

    Whether that is the rate's fault, the doctor judges by all that is known.
    """
    if ratio == 0:
        # Before the very first update a gate may be at 0, as in a Ladder network, and hold back all gradients.
        reason = "the learning rate is 0" if rate == 0 else "no gradient reaches them"
        return f"{layer}: an update leaves the weights as they are; {reason}" if epoch else None
    if ratio > HIGH:
        return f"{layer}: one update moves the weights by {ratio:.0%} of their size, which is far"
    if ratio < LOW:
        return f"{layer}: one update moves the weights by {ratio:.1e} of their size, which is hardly anything"
    return None
