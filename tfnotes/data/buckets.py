"""Batches of texts of like length, so that little time goes into padding.

Texts become ids once, before the first epoch; those of a stream each time, a stretch at once. An epoch's order is
drawn from (seed, epoch) alone, as in `tfnotes.data.pipeline`: shuffle all examples; sort each stretch of `POOL`
batches by length; cut the stretches into batches; shuffle the batches, those of a stream within their stretch. So
examples of all lengths still meet in a stretch of steps, but not in a batch.

    padding = 1 - (ids that are words) / (ids in all batches)
"""

import numpy as np
import tensorflow as tf

from tfnotes.data.stream import Streamed

POOL = 50
_CHUNK = 500


def training_batches(split, batch_size, seed, first_epoch, epochs, prepare, part=None):
    """Batches of the epochs `first_epoch` (counted from 0) up to `epochs`, one after the other.

    Args:
        split: the examples, a `tfnotes.task.Split`.
        batch_size: examples in a batch; one batch of an epoch holds what is left.
        seed: integer; with the epoch's number it decides the epoch's order.
        first_epoch: the first epoch to give, 0 for a new run.
        epochs: the epoch to stop before.
        prepare: maps raw examples of `split.x` to ids of shape (n, length), 0 behind a text's end.
        part: as for `tfnotes.data.pipeline.training_batches`; a part is as long as the whole batch's longest text.
            Streams don't take it.

    Returns:
        A pair: a `tf.data.Dataset` of `(ids, y)`, ids as long as the batch's longest text; and the number
        of batches in an epoch.
    """
    steps = -(-len(split) // batch_size)
    if isinstance(split, Streamed):
        stretches = split.shuffled(POOL * batch_size, seed, first_epoch, epochs, prepare)

        def draw(number, count):
            # No epoch's number, so that no other order is drawn of it.
            own = tf.random.experimental.stateless_fold_in(tf.constant([seed, -1], tf.int64), number)
            return tf.random.experimental.stateless_shuffle(tf.range(count), own)

        stretches = stretches.enumerate(first_epoch * -(-steps // POOL))
        return _counted(_of_like_length(stretches, batch_size, draw), steps * (epochs - first_epoch)), steps
    texts = Ids(split.x, prepare)

    def batches():
        for epoch in range(first_epoch, epochs):
            yield from order(texts.lengths, batch_size, seed, epoch)

    return _dataset(texts, split.y, batches, steps * (epochs - first_epoch), part), steps


def evaluation_batches(split, batch_size, prepare, part=None):
    """Batches of a split, each example once, the shortest first.

    Args:
        split, batch_size, prepare, part: as for `training_batches`.

    Returns:
        A `tf.data.Dataset` of `(ids, y)`. Of a stream, the shortest of each stretch come first.
    """
    if isinstance(split, Streamed):
        stretches = split.batches(POOL * batch_size, prepare).enumerate()
        made = _of_like_length(stretches, batch_size, lambda number, count: tf.range(count))
        return _counted(made, -(-len(split) // batch_size))
    texts = Ids(split.x, prepare)
    rows = np.argsort(texts.lengths, kind="stable")

    def batches():
        yield from _cut(rows, batch_size)

    return _dataset(texts, split.y, batches, -(-len(split) // batch_size), part)


class Ids:
    """Texts as ids, without padding.

    Args:
        x: raw texts.
        prepare: as for `training_batches`.

    Attributes:
        lengths: of each text, in ids.
    """

    def __init__(self, x, prepare):
        parts, lengths = [], []
        for start in range(0, len(x), _CHUNK):
            ids = np.asarray(prepare(tf.constant(x[start : start + _CHUNK])))
            words = ids != 0
            parts.append(ids[words].astype("int32"))
            lengths.append(words.sum(1))
        self.lengths = np.concatenate(lengths)
        with tf.device("CPU"):
            self._ragged = tf.RaggedTensor.from_row_lengths(np.concatenate(parts), self.lengths)
            self._widths = tf.constant(self.lengths, "int32")

    def batch(self, rows, beside=None):
        """The texts of these rows, padded with 0 to the longest of them, or of `beside`, to one id at least."""
        ids = tf.gather(self._ragged, rows)
        width = tf.maximum(tf.reduce_max(tf.gather(self._widths, rows if beside is None else beside)), 1)
        return ids.to_tensor(shape=tf.stack([tf.size(rows), width]))


def order(lengths, batch_size, seed, epoch):
    """Which rows each batch of an epoch holds.

    Args:
        lengths: of the texts.
        batch_size: rows in a batch.
        seed, epoch: what the order is drawn from.

    Returns:
        A list of arrays of row numbers, every row in one of them.
    """
    generator = np.random.default_rng([seed, epoch])
    rows = generator.permutation(len(lengths))
    batches = []
    for pool in _cut(rows, POOL * batch_size):
        batches += _cut(pool[np.argsort(lengths[pool], kind="stable")], batch_size)
    return [batches[k] for k in generator.permutation(len(batches))]


def padding(lengths, batches):
    """The share of ids in batches that are padding.

    Args:
        lengths: of the texts.
        batches: arrays of row numbers.
    """
    padded = sum(len(rows) * max(int(lengths[rows].max()), 1) for rows in batches)
    return 1 - sum(int(lengths[rows].sum()) for rows in batches) / padded


def _cut(rows, size):
    return [rows[k : k + size] for k in range(0, len(rows), size)]


def _of_like_length(stretches, batch_size, draw):
    """The batches of each numbered stretch of a stream, in the order that `draw` gives."""

    def batches(number, stretch):
        ids, y = stretch
        lengths = tf.math.count_nonzero(ids, 1)
        rows = tf.argsort(lengths, stable=True)

        def batch(k):
            chosen = rows[k * batch_size : (k + 1) * batch_size]
            width = tf.maximum(tf.reduce_max(tf.gather(lengths, chosen)), 1)
            return tf.cast(tf.gather(ids, chosen)[:, :width], tf.int32), tf.gather(y, chosen)

        count = (tf.size(rows) + batch_size - 1) // batch_size
        return tf.data.Dataset.from_tensor_slices(draw(number, count)).map(batch)

    return stretches.flat_map(batches)


def _counted(dataset, count):
    return dataset.apply(tf.data.experimental.assert_cardinality(count)).prefetch(tf.data.AUTOTUNE)


def _dataset(texts, y, batches, count, part):
    with tf.device("CPU"):
        labels = tf.constant(y)

    def fetch(rows):
        own, *which = (rows,) if part is None else part(rows)
        return texts.batch(own, rows), tf.gather(labels, own), *which

    dataset = tf.data.Dataset.from_generator(batches, output_signature=tf.TensorSpec((None,), tf.int64))
    dataset = dataset.map(fetch, num_parallel_calls=tf.data.AUTOTUNE, deterministic=True)
    return _counted(dataset, count)
