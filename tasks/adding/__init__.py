"""The adding problem: two of many numbers are marked; what is their sum? It tells how long a network remembers."""

from functools import partial

import numpy as np
import tensorflow as tf

from tfnotes import _checks, losses, models, optimizers
from tfnotes.task import Defaults, Endpoint, Split, Splits, Task

LENGTHS = (50, 100, 400)


def drawn(length, data_dir=None, counts=(20_000, 1_000, 10_000)):
    """Sequences as Le et al. draw them; the same ones every time.

    Args:
        length: steps of a sequence.
        data_dir: not used, as nothing is stored.
        counts: how many sequences to train, validate and test with.

    Returns:
        `tfnotes.task.Splits`: x float32 of shape (n, length, 2), a number from 0 to 1 and whether it is marked, once in
        either half; y float32 of shape (n, 1), the sum of the two. Whoever always says 1 has a mean squared error of
        1 / 6.
    """
    random = np.random.default_rng(length)

    def split(n):
        numbers, marks = random.random((n, length), "float32"), np.zeros((n, length), "float32")
        for low, high in ((0, length // 2), (length // 2, length)):
            marks[np.arange(n), random.integers(low, high, n)] = 1
        return Split(np.stack([numbers, marks], -1), np.sum(numbers * marks, 1, keepdims=True))

    return Splits(*map(split, counts))


def optimizer(learning_rate, *, clipnorm=1.0):
    """Adam; gradients through many steps may explode, so their norm is cut.

    Args:
        learning_rate: of the first epoch.
        clipnorm: the largest norm of all gradients together.
    """
    _checks.number("adding", "clipnorm", clipnorm, low=0, exclusive=True)
    return optimizers.Adam(learning_rate, global_clipnorm=clipnorm)


def endpoints(model, prepare):
    """Sequences of any length to their sums."""
    notes = {"sequences": "steps of a number from 0 to 1 and its mark, 1 for two of them and else 0"}
    signature = (tf.TensorSpec((None, None, 2), tf.float32, name="sequences"),)
    return {"sequences": Endpoint(lambda x: {"sum": model(x, training=False)[:, 0]}, signature, notes=notes)}


TASK = Task(
    name="adding",
    title="The adding problem (加法问题): the sum of the two marked numbers of a long sequence",
    labels=(),
    defaults=Defaults(model="lstm", data="100", epochs=20, batch_size=50, learning_rate=0.005),
    sources={str(length): partial(drawn, length) for length in LENGTHS},
    models={cell: partial(models.sequence_regressor, cell, 2) for cell in ("lstm", "gru", "rnn")},
    optimizer=optimizer,
    loss=losses.MeanSquaredError,
    metrics=list,
    endpoints=endpoints,
)
