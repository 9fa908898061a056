"""How the numbers that a model is fed are scaled."""

import keras
import numpy as np
import tensorflow as tf

from tfnotes.callbacks._examples import Examples
from tfnotes.callbacks._writers import writer_of
from tfnotes.doctor.rules.inputs import cure_of, misscaled


class InputScale(keras.callbacks.Callback):
    """Writes mean, standard deviation, minimum and maximum of the inputs once, and says what it finds.

    Whole numbers stand for words or the like and have no scale: nothing is written of them.

    Args:
        writer: a `tf.summary.SummaryWriter`, or a folder.
        x: examples as the model takes them; some hundreds are plenty. An array, a list or dict of arrays for several
            inputs, or a batched `tf.data.Dataset`.

    Attributes:
        findings: a sentence for each input that is badly scaled.

    Raises:
        InputError: an argument is wrong.

    Notes: 004:66-79 (中文名: 数据预处理).
    """

    def __init__(self, writer, x):
        super().__init__()
        self.writer = writer_of(self, "writer", writer)
        self.x = Examples(self, x)
        self.findings = []

    def on_epoch_begin(self, epoch, logs=None):
        if epoch > 0:
            return
        self.findings = []
        with self.writer.as_default(step=0):
            for name, x in _named(self.x.whole()):
                if np.issubdtype(x.dtype, np.floating):
                    self._look(name, x.astype("float64"))
        self.writer.flush()

    def _look(self, name, x):
        found = {"mean": x.mean(), "std": x.std(), "min": x.min(), "max": x.max()}
        for figure, value in found.items():
            tf.summary.scalar(f"input_scale/{name}{figure}", value)
        fault = misscaled(found["mean"], found["std"])
        if fault:
            self.findings.append(f"inputs{' ' + name.strip('/') if name else ''}: {fault.en}; {cure_of(fault).en}")


def _named(x):
    """Each input with what stands before its figures: nothing for the only one."""
    if isinstance(x, dict):
        return [(f"{name}/", np.asarray(part)) for name, part in x.items()]
    if isinstance(x, (list, tuple)):
        return [(f"{k}/", np.asarray(part)) for k, part in enumerate(x)]
    return [("", np.asarray(x.flat_values if isinstance(x, tf.RaggedTensor) else x))]
