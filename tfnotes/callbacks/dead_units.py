"""Units of ReLU layers that are zero whatever the input, and with no gradient stay so.

dead:    zero for every example
sparse:  above zero for some, but for less than one in a hundred
"""

import keras
import numpy as np
import tensorflow as tf

from tfnotes import _checks
from tfnotes.callbacks._activations import Activations, by_unit
from tfnotes.callbacks._examples import Examples
from tfnotes.callbacks._functions import rectifies
from tfnotes.callbacks._writers import writer_of
from tfnotes.doctor.rules.layers import DEAD as LIMIT
from tfnotes.doctor.rules.layers import REVIVE as CURE


class DeadUnits(keras.callbacks.Callback):
    """Writes the shares of dead and of sparse units (死亡 ReLU) of each ReLU layer, and says what it finds.

    A map of a convolution is dead if it is zero at all places of all examples. After each epoch all of `x` is
    looked at: in one batch, units that answer rarely can't be told from dead ones. A ReLU layer is any whose output
    went through a function that is zero from some point down, such as relu6 or one of your own, also inside
    another model or a wrapper; a leaky one is none.

    Args:
        writer: a `tf.summary.SummaryWriter`, or a folder.
        x: examples as the model takes them: the training data, or enough of them. An array, a list or dict of arrays
            for several inputs, or a batched `tf.data.Dataset`.
        sparse: a unit that is above zero at less than this share of the places is sparse. Default 0.01.
        limit: from this share of dead units on, a layer is a finding. Default 0.25.

    Attributes:
        findings: what the last epoch showed, a sentence for each layer that is a finding.

    Raises:
        InputError: an argument is wrong, or the model takes other examples.

    Notes: 001:27-28 (中文名: 死亡 ReLU).
    """

    def __init__(self, writer, x, sparse=0.01, limit=LIMIT):
        super().__init__()
        self.writer = writer_of(self, "writer", writer)
        self.x = Examples(self, x)
        self.sparse = _checks.number(self, "sparse", sparse, low=0, high=1)
        self.limit = _checks.number(self, "limit", limit, low=0, high=1)
        self.findings = []
        self._since = {}
        self._activations: Activations | None = None

    def on_epoch_end(self, epoch, logs=None):
        if self._activations is None:
            self._activations = Activations(self.model, rectifies)
        self.findings = []
        with self.writer.as_default(step=epoch + 1):
            for name, active in active_shares(self._activations, self.x).items():
                dead, sparse = np.mean(active == 0), np.mean((active > 0) & (active < self.sparse))
                tf.summary.scalar(f"dead_units/{name}", dead)
                tf.summary.scalar(f"sparse_units/{name}", sparse)
                self._find(name, dead, epoch + 1)
            if self.findings:
                tf.summary.text("dead_units", self.findings)
        self.writer.flush()

    def _find(self, name, dead, epoch):
        if dead < self.limit:
            self._since.pop(name, None)
            return
        since = self._since.setdefault(name, epoch)
        self.findings.append(f"{name}: {dead:.0%} of units dead since epoch {since}; {CURE.en}")


def active_shares(activations, x):
    """Of each layer, by its name, the share of places at which each unit is above zero."""
    totals: dict[str, tuple] = {}
    for outputs in activations.batches(x):
        for name, output in outputs.items():
            above = by_unit(activations.layers[name], output) > 0
            count, places = totals.get(name, (0, 0))
            totals[name] = count + above.sum(axis=0), places + len(above)
    return {name: totals[name][0] / totals[name][1] for name in activations.layers if name in totals}
