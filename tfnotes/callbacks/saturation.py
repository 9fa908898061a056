"""How much of a layer's output lies where its activation is flat, and passes hardly any gradient."""

import keras
import numpy as np
import tensorflow as tf

from tfnotes import _checks
from tfnotes.callbacks._activations import Activations
from tfnotes.callbacks._examples import Examples
from tfnotes.callbacks._functions import bounds
from tfnotes.callbacks._layers import answering
from tfnotes.callbacks._writers import writer_of
from tfnotes.doctor.rules.layers import SATURATED as LIMIT
from tfnotes.doctor.rules.layers import UNSATURATE as CURE


class Saturation(keras.callbacks.Callback):
    """Writes the share of saturated outputs (饱和) of each sigmoid and tanh layer, and says what it finds.

    An output is saturated if it is closer to a bound than `margin` of the range: above 0.95 or below 0.05 for a
    sigmoid, beyond 0.9 for tanh, where the slope is less than a fifth of the largest. Looked at is each layer whose
    output went through a function that rises from one bound to another, also inside another model or a wrapper.

    Args:
        writer: a `tf.summary.SummaryWriter`, or a folder.
        x: examples as the model takes them; some hundreds are plenty. An array, a list or dict of arrays for several
            inputs, or a batched `tf.data.Dataset`.
        margin: share of the range. Default 0.05.
        limit: from this share of saturated outputs on, a layer is a finding. Default 0.5.
        answers: whether layers that give the model's own output are looked at, too. Those of a classifier that is sure
            are saturated when it is right. Default True.

    Attributes:
        findings: what the last epoch showed, a sentence for each layer that is a finding.

    Raises:
        InputError: an argument is wrong, or the model takes other examples.

    Notes: 001:20-23 (中文名: 饱和).
    """

    def __init__(self, writer, x, margin=0.05, limit=LIMIT, answers=True):
        super().__init__()
        self.writer = writer_of(self, "writer", writer)
        self.x = Examples(self, x)
        self.margin = _checks.number(self, "margin", margin, low=0, high=0.5)
        self.limit = _checks.number(self, "limit", limit, low=0, high=1)
        self.answers = _checks.boolean(self, "answers", answers)
        self.findings = []
        self._activations = None

    def on_epoch_end(self, epoch, logs=None):
        if self._activations is None:
            left_out = set() if self.answers else answering(self.model)
            self._activations = Activations(self.model, lambda layer: bounds(layer) and layer not in left_out)
        counts: dict[str, np.ndarray] = {}
        for outputs in self._activations.batches(self.x):
            for name, output in outputs.items():
                low, high = bounds(self._activations.layers[name])
                flat = saturated(output, low, high, self.margin)
                counts[name] = counts.get(name, 0) + np.array([flat.sum(), output.size])
        self.findings = []
        with self.writer.as_default(step=epoch + 1):
            for name in self._activations.layers:
                flat, total = counts[name]
                tf.summary.scalar(f"saturation/{name}", flat / total)
                if flat >= self.limit * total:
                    self.findings.append(f"{name}: {flat / total:.0%} of outputs saturated; {CURE.en}")
            if self.findings:
                tf.summary.text("saturation", self.findings)
        self.writer.flush()


def saturated(output, low, high, margin):
    """Where an output is closer to a bound than `margin` of the range."""
    room = margin * (high - low)
    return (output < low + room) | (output > high - room)
