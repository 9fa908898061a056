"""Units of ReLU layers that are zero whatever the input, and with no gradient stay so.

    dead:    zero for every example
    sparse:  above zero for some, but for less than one in a hundred
"""

import keras
import numpy as np
import tensorflow as tf

from tfnotes.callbacks._activations import Activations, by_unit, function_of

# Small layers lose a tenth of their units by chance and learn well without them.
LIMIT = 0.25
CURE = "lower the learning rate or use He initialization"


class DeadUnits(keras.callbacks.Callback):
    """Writes the shares of dead and of sparse units (死亡 ReLU) of each ReLU layer, and says what it finds.

    A map of a convolution is dead if it is zero at all places of all examples. After each epoch all of `x` is
    looked at: in one batch, units that answer rarely can't be told from dead ones.

    Args:
        writer: a `tf.summary.SummaryWriter`.
        x: examples as the model takes them: the training data, or enough of them.
        sparse: a unit that is above zero at less than this share of the places is sparse. Default 0.01.
        limit: from this share of dead units on, a layer is a finding. Default 0.25.

    Attributes:
        findings: what the last epoch showed, a sentence for each layer that is a finding.

    Raises:
        InputError: the model doesn't know its inputs.

    Notes: 001:27-28 (中文名: 死亡 ReLU).
    """

    def __init__(self, writer, x, sparse=0.01, limit=LIMIT):
        super().__init__()
        self.writer = writer
        self.x = x
        self.sparse = sparse
        self.limit = limit
        self.findings = []
        self._since = {}
        self._activations: Activations | None = None

    def on_epoch_end(self, epoch, logs=None):
        if self._activations is None:
            self._activations = Activations(self, self.model, lambda layer: function_of(layer) == "relu")
        self.findings = []
        with self.writer.as_default(step=epoch + 1):
            for layer, active in active_shares(self._activations, self.x):
                dead, sparse = np.mean(active == 0), np.mean((active > 0) & (active < self.sparse))
                tf.summary.scalar(f"dead_units/{layer.name}", dead)
                tf.summary.scalar(f"sparse_units/{layer.name}", sparse)
                self._find(layer.name, dead, epoch + 1)
            if self.findings:
                tf.summary.text("dead_units", self.findings)
        self.writer.flush()

    def _find(self, name, dead, epoch):
        if dead < self.limit:
            self._since.pop(name, None)
            return
        since = self._since.setdefault(name, epoch)
        self.findings.append(f"{name}: {dead:.0%} of units dead since epoch {since}; {CURE}")


def active_shares(activations, x):
    """Of each layer, the layer and the share of places at which each unit is above zero."""
    totals = [[0, 0] for _ in activations.layers]
    for outputs in activations.batches(x):
        for total, layer, output in zip(totals, activations.layers, outputs, strict=True):
            above = by_unit(layer, output) > 0
            total[0] = total[0] + above.sum(axis=0)
            total[1] += len(above)
    return [(layer, above / places) for layer, (above, places) in zip(activations.layers, totals, strict=True)]
