"""Batches for `fit` and `evaluate`, from examples that stand decoded in memory, or from a stream of them.

The order of epoch e is a function of (seed, e) alone. So a run that is resumed at any epoch sees
the batches that an undisturbed run would have seen.
"""

import tensorflow as tf

from tfnotes.data.stream import Streamed


def training_batches(split, batch_size, seed, first_epoch, epochs, prepare, part=None):
    """Shuffled batches of the epochs `first_epoch` (counted from 0) up to `epochs`, one after the other.

    Give it to `model.fit(dataset, steps_per_epoch=steps, initial_epoch=first_epoch, epochs=epochs)`.

    Args:
        split: the examples, a `tfnotes.task.Split`.
        batch_size: examples in a batch; the last batch of an epoch holds what is left.
        seed: integer; with the epoch's number it decides the epoch's order.
        first_epoch: the first epoch to give, 0 for a new run.
        epochs: the epoch to stop before.
        prepare: maps a raw batch of `split.x` to what the model takes.
        part: maps the numbers of a batch's rows to a pair: those that are wanted of it, and what stands behind them in
            the batch; so that one of several workers prepares its own rows alone. What else it is given, such as the
            stored records of these rows, it cuts alike and gives between the two. None for all, alone.

    Returns:
        A pair: a `tf.data.Dataset` of `(prepared x, y)`, and the number of batches in an epoch.
    """
    steps = _steps(split, batch_size)
    if isinstance(split, Streamed):
        batches = split.shuffled(batch_size, seed, first_epoch, epochs, prepare, part)
    else:
        batches = _shuffled(split, batch_size, seed, first_epoch, epochs, _fetcher(split, prepare, part))
    # `fit` asks for exactly this many; the graph can't see it through `flat_map`.
    return batches.apply(tf.data.experimental.assert_cardinality(steps * (epochs - first_epoch))), steps


def evaluation_batches(split, batch_size, prepare, part=None):
    """Batches of a split in its own order, each example once.

    Args:
        split: the examples, a `tfnotes.task.Split`.
        batch_size: examples in a batch; the last one holds what is left.
        prepare: maps a raw batch of `split.x` to what the model takes.
        part: as for `training_batches`.

    Returns:
        A `tf.data.Dataset` of `(prepared x, y)`.
    """
    if isinstance(split, Streamed):
        return split.batches(batch_size, prepare, part)
    n, fetch = len(split), _fetcher(split, prepare, part)
    batches = tf.data.Dataset.range(_steps(split, batch_size))
    batches = batches.map(
        lambda k: fetch(tf.range(k * batch_size, tf.minimum((k + 1) * batch_size, n))),
        num_parallel_calls=tf.data.AUTOTUNE,
        deterministic=True,
    )
    return batches.prefetch(tf.data.AUTOTUNE)


def _shuffled(split, batch_size, seed, first_epoch, epochs, fetch):
    n, steps = len(split), _steps(split, batch_size)

    def rows(epoch):
        order = tf.random.experimental.stateless_shuffle(tf.range(n), seed=tf.stack([seed, epoch]))
        return tf.data.Dataset.range(steps).map(lambda k: order[k * batch_size : (k + 1) * batch_size])

    batches = tf.data.Dataset.range(first_epoch, epochs).flat_map(rows)
    batches = batches.map(fetch, num_parallel_calls=tf.data.AUTOTUNE, deterministic=True)
    return batches.prefetch(tf.data.AUTOTUNE)


def _steps(split, batch_size):
    return -(-len(split) // batch_size)


def _fetcher(split, prepare, part):
    """The function from row numbers to a batch; the examples stay one tensor that every epoch shares."""
    with tf.device("CPU"):
        x, y = tf.constant(split.x), tf.constant(split.y)

    def fetch(rows):
        rows, *which = (rows,) if part is None else part(rows)
        return prepare(tf.gather(x, rows)), tf.gather(y, rows), *which

    return fetch
