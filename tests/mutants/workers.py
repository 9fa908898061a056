"""Mutants of what several workers do: parts, draws, sums, statistics, and what is said of a wrong cluster."""

from tests.mutants import Mutant

SHARE, SYNCHRONIZED = "tfnotes/_share.py", "tfnotes/layers/_synchronized.py"
SHARING, CLUSTER, LAUNCH = (f"tfnotes/training/{name}.py" for name in ("sharing", "cluster", "launch"))
DESK, WORKER, CARRIED = (f"tfnotes/training/ray_{name}.py" for name in ("desk", "worker", "carried"))
ON_RAY = ("tests/training/test_on_ray.py",)
PIPELINE, BUCKETS, SETUP = "tfnotes/data/pipeline.py", "tfnotes/data/buckets.py", "tfnotes/training/setup.py"
TOGETHER = ("tests/training/test_sharing.py",)

MUTANTS = [
    Mutant(SHARE, "self.sum(d * count) / tf.maximum(count, 1)", "d", TOGETHER),
    Mutant(SHARE, "self.sum(d * count) / tf.maximum(count, 1)", "self.sum(d)", TOGETHER),
    Mutant(SHARE, "self.sum(x * tf.minimum(count, 1))", "self.sum(x)", TOGETHER),
    Mutant(SHARE, "of_all[:, first : first + here]", "of_all[:, :here]", TOGETHER),
    Mutant(SHARE, "isinstance(shape[0], int)", "False", TOGETHER),
    Mutant(SYNCHRONIZED, "m * (variance + ops.square(mean))", "m * variance", TOGETHER),
    Mutant(SYNCHRONIZED, "sums[1] / m - ops.square(mean)", "sums[1] / m", TOGETHER),
    Mutant(SHARING, "tf.cast(own.mine, dtype) / tf.cast(own.rows, dtype)", "1 / 2", TOGETHER),
    Mutant(SHARING, "o) * counts for", "o) for", TOGETHER),
    Mutant(SHARING, "            layer.synchronized = True\n", "            pass\n", TOGETHER),
    Mutant(SHARING, "tf.cast(cluster.rank < rows % cluster.size, tf.int64)", "0", TOGETHER),
    Mutant(SHARING, "tf.minimum(first, rows - 1)", "first", TOGETHER),
    Mutant(CLUSTER, "if index >= len(cluster[kind])", "if False"),
    Mutant(CLUSTER, 'if kind == "worker" else 0)', 'if kind == "chief" else 0)'),
    Mutant(CLUSTER, "if len(set(addresses)) < len(addresses)", "if False"),
    Mutant(CLUSTER, "sorted(set(cluster) - {", "sorted(set() - {"),
    Mutant(LAUNCH, "self._tries + 1 if done == self._done else 1", "self._tries + 1"),
    Mutant(LAUNCH, "if status != LOST or run.complete", "if False"),
    Mutant(DESK, "if self._lost == attempt:", "if self._lost:", ON_RAY),
    Mutant(DESK, "if self._status is not None or self._given_up:", "if self._status is not None:", ON_RAY),
    Mutant(WORKER, "(status < 0 and not asked)", "status < 0", ON_RAY),
    Mutant(WORKER, "128 + signal.SIGINT if asked and status > 0 else status", "status", ON_RAY),
    Mutant(WORKER, "look(last=status != 0)", "look()", ON_RAY),
    Mutant(WORKER, "if descriptor == 2 or not self._rank", "", ON_RAY),
    Mutant(CARRIED, ', ignore=shutil.ignore_patterns(".*")', "", ON_RAY),
    Mutant(PIPELINE, "(rows,) if part is None else part(rows)", "(rows,)"),
    Mutant(BUCKETS, "rows if beside is None else beside", "rows"),
    Mutant(SETUP, "return {}, lambda batches: batches.map(part)", "return {}, lambda batches: batches"),
    Mutant(CLUSTER, 'said == _GREETING or said[3:4] == b"\\x04"', "True"),
    Mutant(CLUSTER, 'said == _GREETING or said[3:4] == b"\\x04"', "said == _GREETING"),
    Mutant(CLUSTER, "called.sendall(_GREETING)", "pass"),
]
