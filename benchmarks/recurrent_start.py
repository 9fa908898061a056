"""What people meet first of a recurrent layer: a model's first step, its export, a new batch size, an eager call.

    python -m benchmarks.recurrent_start

Ours and Keras's are taken in turn, in one process. Ends with status 1 above a limit.
"""

import os
import statistics
import sys
import tempfile
import time
from pathlib import Path

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import keras
import numpy as np
import tensorflow as tf
from rich.console import Console
from rich.table import Table

import tfnotes.layers

LIMITS = {
    "first step, s": 1.3,
    "a new batch size, s": 1.3,
    "export, s": 1.5,
    "the export's graph, MB": 1.5,
    "a new eager call of batch 1, s": 1.0,
    "eager calls of batch 1, 20 to 29 steps, s": 1.0,
}
ROUNDS, CALLS = 5, 300


def timed(f, *arguments):
    """Seconds of one call."""
    start = time.perf_counter()
    f(*arguments)
    return time.perf_counter() - start


def first_meetings(library):
    """A model of two bidirectional LSTMs over words, and a layer by itself: what of `LIMITS` each takes."""
    keras.backend.clear_session()
    x, y = np.ones((32, 40), int), np.ones(32)
    found = [library.Embedding(1000, 32, mask_zero=True)]
    found += [library.Bidirectional(library.LSTM(32, return_sequences=again)) for again in (True, False)]
    model = keras.Sequential([keras.Input((None,)), *found, library.Dense(1)])
    model.compile("adam", "mse", jit_compile=False)
    taken = [timed(model.train_on_batch, x, y), timed(model.train_on_batch, x[:20], y[:20])]
    with tempfile.TemporaryDirectory() as folder:
        taken.append(timed(lambda: model.export(folder, verbose=False)))
        taken.append(Path(folder, "saved_model.pb").stat().st_size / 1e6)
    layer = library.LSTM(64)
    taken.append(timed(layer, tf.ones((1, 20, 64))))
    taken.append(timed(lambda: [layer(tf.ones((1, steps, 64))) for steps in range(20, 30)]))
    return dict(zip(LIMITS, taken, strict=True))


def resident():
    """MiB of memory that this process holds."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 2**20


def memory_of_calls(library):
    """MiB that eager calls of batch 1 don't give back."""
    layer, x = library.LSTM(8), tf.ones((1, 10, 8))
    for _ in range(30):
        layer(x)
    before = resident()
    for _ in range(CALLS):
        layer(x)
    return resident() - before


def main():
    """Prints the table; true if all are within their limits."""
    libraries = (tfnotes.layers, keras.layers)
    for library in libraries:  # The first one pays for what TensorFlow sets up once.
        first_meetings(library)
    rounds = [[first_meetings(library) for library in libraries] for _ in range(ROUNDS)]
    columns = ("what", "ours / Keras's", "from - to", "limit", "ours", "Keras's")
    table = Table(*columns, title="recurrent layers, first met")
    within = True
    for what, limit in LIMITS.items():
        ratios = [ours[what] / theirs[what] for ours, theirs in rounds]
        median = statistics.median(ratios)
        within &= median <= limit
        mean = [statistics.median(pair[k][what] for pair in rounds) for k in (0, 1)]
        spread = f"{min(ratios):.2f}-{max(ratios):.2f}"
        mark = "" if median <= limit else " !"
        table.add_row(what, f"{median:.2f}{mark}", spread, f"{limit:g}", *(f"{m:.3f}" for m in mean))
    lost = [memory_of_calls(library) for library in libraries]
    within &= lost[0] <= max(1.0, lost[1])
    table.add_row(f"memory lost over {CALLS} eager calls, MiB", "", "", "1", *(f"{m:.2f}" for m in lost))
    Console(width=120).print(table)
    return within


if __name__ == "__main__":
    sys.exit(0 if main() else 1)
