"""Examples that stay on the disk, as TFDS's shards, and are read in bounded memory.

    epoch e     the shards in an order drawn from (seed, e); `_TOGETHER` of them are read in turns
    window w    of so many records, in an order drawn from (seed, e, w)
    batch       of records, decoded when it is due

In memory are a window of records, some batches, and of each example its label and where it belongs. The order is a
function of seed and epoch, as in `tfnotes.data.pipeline`, but another one: there all examples are one window.
"""

import contextlib
import hashlib
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import numpy as np
import tensorflow as tf

from tfnotes._split import Split
from tfnotes.errors import InputError, first_line

_TOGETHER, _CHUNK = 16, 100


@dataclass(frozen=True)
class Shards:
    """A split that TFDS stored, with what one pass over it has found.

    Attributes:
        data: what errors call it, such as "mnist: the data `full`".
        paths: of the files.
        counts: how many records each file holds.
        digest: of all records, in hexadecimal.
        decode: makes an example's x of a record, in a graph.
        spec: the `tf.TensorSpec` of what it gives.
        of: makes a batch of that what `Split.x` is.
        window: how many records are shuffled at a time.
    """

    data: str
    paths: tuple[str, ...]
    counts: Any
    digest: str
    decode: Any
    spec: Any
    of: Any
    window: int

    def records(self, order, kept, size, together=1):
        """A dataset of batches (rows, records), of the rows that are kept, the shards in that order."""
        starts, paths = np.cumsum(self.counts) - self.counts, tf.constant(self.paths)

        def shard(number):
            first = tf.constant(starts)[number]

            def part(k, records):
                rows = first + k * _CHUNK + tf.range(tf.size(records, tf.int64))
                inside = tf.gather(kept, rows)
                return tf.boolean_mask(rows, inside), tf.boolean_mask(records, inside)

            return tf.data.TFRecordDataset(paths[number]).batch(_CHUNK).enumerate().map(part)

        return tf.data.Dataset.from_tensor_slices(order).interleave(shard, together).rebatch(size)

    def decoded(self, records):
        """What `Split.x` is of a batch of records."""
        return self.of(tf.map_fn(self.decode, records, fn_output_signature=self.spec))


@dataclass(frozen=True)
class Column:
    """The x of a `Streamed`: whoever takes it for an array is refused.

    Attributes:
        shards: where the examples are.
        kept: which of their rows are in the split, a boolean array.
    """

    shards: Shards
    kept: Any = field(repr=False)

    def __array__(self, *arguments, **options):
        raise self._refused()

    def __getitem__(self, rows):
        raise self._refused()

    def __len__(self):
        raise self._refused()

    def _refused(self):
        return InputError(
            f"{self.shards.data} must fit in memory for what was asked. Received: a stream; where a source says "
            "`stream=False`, or $TFNOTES_STREAM_ABOVE is more megabytes than the data have, they are read into memory."
        )


@dataclass(frozen=True)
class Streamed(Split):
    """Examples on the disk. `x` is a `Column`; the labels `y` are an array, in the order of the stored rows."""

    def select(self, rows):
        kept = np.zeros_like(self.x.kept)
        kept[np.flatnonzero(self.x.kept)[rows]] = True
        return replace(self, x=replace(self.x, kept=kept), y=self.y[rows])

    def take(self, rows):
        rows = np.arange(len(self))[rows]
        wanted, places = np.unique(np.flatnonzero(self.x.kept)[rows], return_inverse=True)
        kept = np.zeros_like(self.x.kept)
        kept[wanted] = True
        chosen = replace(self, x=replace(self.x, kept=kept), y=self.labels[wanted])
        batches = chosen.batches(_CHUNK, lambda x: x)
        shape, dtype = batches.element_spec[0].shape[1:], batches.element_spec[0].dtype.as_numpy_dtype
        with reading(self.x.shards.data):
            parts = [x for x, y in batches.as_numpy_iterator()]
        return Split(np.concatenate([np.zeros((0, *shape), dtype), *parts])[places], self.y[rows])

    def joined(self, other):
        if not isinstance(other, Streamed) or other.x.shards is not self.x.shards:
            raise InputError(f"{self.x.shards.data} can be joined with what was held out of them. Received: others.")
        kept = self.x.kept | other.x.kept
        labels = self.labels.copy()
        labels[other.x.kept] = other.y
        return replace(self, x=replace(self.x, kept=kept), y=labels[kept])

    def chunks(self, size):
        with reading(self.x.shards.data):
            for x, y in self.batches(size, lambda x: x).as_numpy_iterator():
                yield Split(x, y)

    @cached_property
    def labels(self):
        """The label of each stored row, whatever it is for those of other splits."""
        labels = np.zeros(len(self.x.kept), self.y.dtype)
        labels[self.x.kept] = self.y
        return labels

    def describe(self, name, digest):
        """Tells a hash which examples these are."""
        digest.update(f"{name} of {self.x.shards.digest} {len(self)}".encode())
        digest.update(np.packbits(self.x.kept).data)
        digest.update(self.y.data)

    def batches(self, batch_size, prepare, part=None):
        """A dataset of `(prepared x, y)`, in the order of the rows; `part` as for `tfnotes.data.pipeline`."""
        shards = self.x.shards
        records = shards.records(tf.range(len(shards.paths)), self._kept, batch_size)
        # What lies behind the last of them need not be read.
        count = -(-len(self) // batch_size)
        made = self._decoded(records.take(count), prepare, part)
        return made.apply(tf.data.experimental.assert_cardinality(count))

    def shuffled(self, batch_size, seed, first_epoch, epochs, prepare, part=None):
        """The batches of these epochs, as of `tfnotes.data.pipeline.training_batches`."""
        shards, kept = self.x.shards, self._kept

        def epoch(number):
            drawn = tf.stack([tf.cast(seed, tf.int64), number])
            order = tf.random.experimental.stateless_shuffle(tf.range(len(shards.paths)), seed=drawn)

            def window(k, batch):
                own = tf.random.experimental.stateless_fold_in(drawn, k)
                order = tf.random.experimental.stateless_shuffle(tf.range(tf.size(batch[0])), seed=own)
                return tuple(tf.gather(part, order) for part in batch)

            records = shards.records(order, kept, shards.window, _TOGETHER)
            return records.enumerate().map(window).rebatch(batch_size)

        return self._decoded(tf.data.Dataset.range(first_epoch, epochs).flat_map(epoch), prepare, part)

    @property
    def _kept(self):
        with tf.device("CPU"):
            return tf.constant(self.x.kept)

    def _decoded(self, batches, prepare, part):
        with tf.device("CPU"):
            labels = tf.constant(self.labels)

        def decode(rows, records):
            rows, records, *which = (rows, records) if part is None else part(rows, records)
            return prepare(self.x.shards.decoded(records)), tf.gather(labels, rows), *which

        decoded = batches.map(decode, num_parallel_calls=tf.data.AUTOTUNE, deterministic=True)
        # Autotuned, it may grow to half of the machine's memory.
        return decoded.prefetch(2)


def index(data, paths, features, names, progress=lambda done: None):
    """What one pass over the files of a split tells, their checksums included.

    Args:
        data: what errors call them.
        paths: of the files, in their order.
        features: the `tfds.features.FeaturesDict` of the dataset.
        names: of features to read, each a number or a string.
        progress: called with how many records were read.

    Returns:
        The number of records of each file, the digest of all records, and a dict from each name to an array.

    Raises:
        InputError: a feature is no number and no string.
        tf.errors.OpError: a file is damaged.
    """
    specs = {name: tf.io.FixedLenFeature((), _stored_type(data, name, features[name])) for name in names}
    named = tf.constant(paths)

    def batches(shard):
        records = tf.data.TFRecordDataset(named[shard]).batch(_CHUNK)
        return records.map(lambda batch: (shard, batch, tf.io.parse_example(batch, specs)))

    digest, counts = hashlib.sha256(), np.zeros(len(paths), "int64")
    columns: dict[str, list] = {name: [] for name in names}
    for shard, records, found in tf.data.Dataset.range(len(paths)).flat_map(batches).prefetch(2).as_numpy_iterator():
        counts[shard] += len(records)
        digest.update(np.array([len(record) for record in records]).data)
        digest.update(b"".join(records))
        for name in names:
            columns[name].append(found[name].astype(features[name].np_dtype))
        progress(int(counts.sum()))
    return counts, digest.hexdigest(), {name: np.concatenate(parts or [[]]) for name, parts in columns.items()}


def _stored_type(data, name, feature):
    """As what TFDS stores a number or a string."""
    stored = {"i": tf.int64, "u": tf.int64, "b": tf.int64, "f": tf.float32, "O": tf.string}
    kind = np.dtype(feature.np_dtype).kind
    if feature.shape == () and kind in stored:
        return stored[kind]
    raise InputError(f"{data} must have a number or a string as the feature {name}. Received: {feature}.")


@contextlib.contextmanager
def reading(data):
    """Within it, files that can no longer be read are an `InputError`."""
    try:
        yield
    except (tf.errors.DataLossError, tf.errors.NotFoundError) as error:
        raise InputError(f"{data} can't be read to their end ({first_line(error)}).") from error
