"""How the numbers that a model is fed are scaled."""

import keras
import numpy as np
import tensorflow as tf

# Initializers are made for inputs of about 1. Pixels of 0-255 have a deviation near 80, digits as 0-1 one of 0.3.
LARGE, SMALL, APART = 5.0, 0.01, 10.0
CURE = "scale the inputs to 0-1, or to mean 0 and deviation 1"


class InputScale(keras.callbacks.Callback):
    """Writes mean, standard deviation, minimum and maximum of the inputs once, and says what it finds.

    Whole numbers stand for words or the like and have no scale: nothing is written of them.

    Args:
        writer: a `tf.summary.SummaryWriter`.
        x: examples as the model takes them; some hundreds are plenty.

    Attributes:
        findings: a sentence, if the inputs are badly scaled.

    Notes: 004:66-79 (中文名: 数据预处理).
    """

    def __init__(self, writer, x):
        super().__init__()
        self.writer = writer
        self.x = np.asarray(x)
        self.findings = []

    def on_epoch_begin(self, epoch, logs=None):
        if epoch > 0 or not np.issubdtype(self.x.dtype, np.floating):
            return
        x = self.x.astype("float64")
        found = {"mean": x.mean(), "std": x.std(), "min": x.min(), "max": x.max()}
        with self.writer.as_default(step=0):
            for name, value in found.items():
                tf.summary.scalar(f"input_scale/{name}", value)
        self.writer.flush()
        fault = misscaled(found["mean"], found["std"])
        self.findings = [f"inputs: {fault}; {CURE}"] if fault else []


def misscaled(mean, std):
    """What is wrong with inputs of this mean and standard deviation, or None."""
    if not np.isfinite([mean, std]).all():
        return "some are no numbers"
    seen = f"their mean is {mean:.3g} and their standard deviation {std:.3g}"
    if max(abs(mean), std) > LARGE:
        return f"{seen}, far above 1"
    if std < SMALL:
        return f"{seen}, so they hardly differ"
    if abs(mean) > APART * std:
        return f"{seen}, so all lie far to one side of 0"
    return None
