"""Mutants of examples on the disk: which are read, in which order, what is held out, and what is said of damage."""

from tests.mutants import Mutant

STREAM, PREPARED, BUCKETS = (f"tfnotes/data/{name}.py" for name in ("stream", "prepared", "buckets"))
TESTS = ("tests/data/test_stream.py",)

MUTANTS = [
    Mutant(STREAM, "first + k * _CHUNK + tf.range", "first + tf.range", TESTS),
    Mutant(STREAM, "np.cumsum(self.counts) - self.counts, ", "0 * self.counts, ", TESTS),
    Mutant(STREAM, "[np.flatnonzero(self.x.kept)[rows]] = True", "[rows] = True", TESTS),
    Mutant(STREAM, "*parts])[places]", "*parts])", TESTS),
    Mutant(STREAM, "labels[other.x.kept] = other.y\n", "pass\n", TESTS),
    Mutant(STREAM, "tf.cast(seed, tf.int64), number]", "tf.cast(seed, tf.int64), 0 * number]", TESTS),
    Mutant(STREAM, "tf.cast(seed, tf.int64), number]", "tf.cast(0, tf.int64), number]", TESTS),
    Mutant(STREAM, "kept, shards.window, _TOGETHER)", "kept, 2 * shards.window, _TOGETHER)", TESTS),
    Mutant(STREAM, "shards.records(order, kept,", "shards.records(tf.range(len(shards.paths)), kept,", TESTS),
    Mutant(STREAM, "digest.update(self.y.data)", "pass", TESTS),
    Mutant(STREAM, "digest.update(np.packbits(self.x.kept).data)", "pass", TESTS),
    Mutant(STREAM, "tf.errors.NotFoundError)", "tf.errors.OutOfRangeError)", TESTS),
    Mutant(PREPARED, "interleave_cycle_length=1", "interleave_cycle_length=16", TESTS),
    Mutant(PREPARED, "_check_count(split, counts.sum(), n)", "pass", TESTS),
    Mutant(PREPARED, "dataset_size > sources", "dataset_size < sources", TESTS),
    Mutant(PREPARED, "    if source.stream:\n", "    if False:\n", TESTS),
    Mutant(BUCKETS, "stretches.enumerate(first_epoch * -(-steps // POOL))", "stretches.enumerate(0)", TESTS),
    Mutant(BUCKETS, "rows = tf.argsort(lengths, stable=True)", "rows = tf.range(tf.size(lengths))", TESTS),
    Mutant(BUCKETS, "tf.random.experimental.stateless_shuffle(tf.range(count), own)", "tf.range(count)", TESTS),
    Mutant("tfnotes/serving/evaluate.py", '"index": self.examples + int(k)', '"index": int(k)'),
    Mutant("tfnotes/serving/evaluate.py", "[:_WORST]\n        self.examples", "\n        self.examples"),
]
