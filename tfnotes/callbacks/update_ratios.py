"""How far one update moves the weights of each layer, beside how large they are.

    ratio = norm(after - before) / norm(before)
"""

import keras
import numpy as np
import tensorflow as tf

from tfnotes.callbacks.gradient_norms import norms, paths

LOW, HIGH = 1e-5, 1e-1


class UpdateRatios(keras.callbacks.Callback):
    """Writes the update-to-weight ratio of each layer in the first update of each epoch, and says what it finds.

    About 0.001 is usual. With `steps_per_execution` it is the change of so many updates.

    Args:
        writer: a `tf.summary.SummaryWriter`.

    Attributes:
        findings: what the last epoch showed, a sentence for each layer that hardly moves or moves too far.
    """

    def __init__(self, writer):
        super().__init__()
        self.writer = writer
        self.findings = []
        self._before: dict[str, np.ndarray] = {}
        self._ratios: dict[str, float] | None = None

    def on_epoch_begin(self, epoch, logs=None):
        self._before, self._ratios = {}, None

    def on_train_batch_begin(self, batch, logs=None):
        if not self._before:
            self._before = self._weights()

    def on_train_batch_end(self, batch, logs=None):
        if self._ratios is None:
            after = self._weights()
            moved = norms({path: after[path] - w for path, w in self._before.items()})
            # Biases that start at zero have a norm with their layer's kernel.
            self._ratios = {layer: moved[layer] / norm for layer, norm in norms(self._before).items() if norm}

    def on_epoch_end(self, epoch, logs=None):
        self.findings = [f for layer, ratio in (self._ratios or {}).items() if (f := finding(layer, ratio, epoch))]
        with self.writer.as_default(step=epoch + 1):
            for layer, ratio in (self._ratios or {}).items():
                tf.summary.scalar(f"update_ratio/{layer}", ratio)
            if self.findings:
                tf.summary.text("update_ratio", self.findings)
        self.writer.flush()

    def _weights(self):
        arrays = [keras.ops.convert_to_numpy(w).copy() for w in self.model.trainable_weights]
        return dict(zip(paths(self.model), arrays, strict=True))


def finding(layer, ratio, epoch):
    """What a ratio out of bounds says of the learning rate; None for a usual one, in the epoch counted from 0."""
    if ratio == 0:
        # Before the very first update a gate may be at 0, as in a Ladder network, and hold back all gradients.
        return f"{layer}: an update leaves the weights as they are; no gradient reaches them" if epoch else None
    if ratio > HIGH:
        return f"{layer}: one update moves the weights by {ratio:.0%}; lower the learning rate"
    if ratio < LOW:
        return f"{layer}: one update moves the weights by {ratio:.1e} of their size; raise the learning rate"
    return None
