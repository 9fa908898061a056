"""How much of a layer's output lies where its activation is flat, and passes hardly any gradient."""

import keras
import numpy as np
import tensorflow as tf

from tfnotes.callbacks._activations import Activations, function_of

BOUNDS = {"sigmoid": (0.0, 1.0), "tanh": (-1.0, 1.0)}
LIMIT = 0.5
CURE = "scale the inputs, use Xavier initialization or batch normalization"


class Saturation(keras.callbacks.Callback):
    """Writes the share of saturated outputs (饱和) of each sigmoid and tanh layer, and says what it finds.

    An output is saturated if it is closer to a bound than `margin` of the range: above 0.95 or below 0.05 for a
    sigmoid, beyond 0.9 for tanh, where the slope is less than a fifth of the largest.

    Args:
        writer: a `tf.summary.SummaryWriter`.
        x: examples as the model takes them; some hundreds are plenty.
        margin: Default 0.05.
        limit: from this share of saturated outputs on, a layer is a finding. Default 0.5.

    Attributes:
        findings: what the last epoch showed, a sentence for each layer that is a finding.

    Raises:
        InputError: the model doesn't know its inputs.

    Notes: 001:20-23 (中文名: 饱和).
    """

    def __init__(self, writer, x, margin=0.05, limit=LIMIT):
        super().__init__()
        self.writer = writer
        self.x = x
        self.margin = margin
        self.limit = limit
        self.findings = []
        self._activations = None

    def on_epoch_end(self, epoch, logs=None):
        if self._activations is None:
            self._activations = Activations(self, self.model, lambda layer: function_of(layer) in BOUNDS)
        layers = self._activations.layers
        counts = np.zeros((len(layers), 2))
        for outputs in self._activations.batches(self.x):
            for count, layer, output in zip(counts, layers, outputs, strict=True):
                count += saturated(output, *BOUNDS[function_of(layer)], self.margin).sum(), output.size
        self.findings = []
        with self.writer.as_default(step=epoch + 1):
            for layer, (flat, total) in zip(layers, counts, strict=True):
                tf.summary.scalar(f"saturation/{layer.name}", flat / total)
                if flat >= self.limit * total:
                    self.findings.append(f"{layer.name}: {flat / total:.0%} of outputs saturated; {CURE}")
            if self.findings:
                tf.summary.text("saturation", self.findings)
        self.writer.flush()


def saturated(output, low, high, margin):
    """Where an output is closer to a bound than `margin` of the range."""
    room = margin * (high - low)
    return (output < low + room) | (output > high - room)
