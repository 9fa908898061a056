"""Recurrent layers against Keras's own, and against PyTorch's LSTM and GRU where it is installed.

    python -m benchmarks.recurrent [--cpu]

Both run in one process, in turn, from the same weights. A training step is forward pass, backward pass and
the gradients of inputs and weights. PyTorch, memory and a model's start are taken in processes of their own, so
that no pool of threads disturbs another. On a GPU, where Keras calls cuDNN, none of this
was timed: none was at hand. `--cpu` is in `_clock.py`. Ends with status 1 above a limit.
"""

import multiprocessing
import os
import platform
import resource
import statistics
import sys
import time
from pathlib import Path

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import keras
import numpy as np
import tensorflow as tf
from rich.console import Console
from rich.table import Table

import tfnotes.layers
from benchmarks import _clock
from tfnotes.compare import Ratio, alternate

# batch, steps, features, units
SHAPES = {"D64": (64, 200, 64, 64), "D128": (64, 200, 128, 128), "T28": (128, 28, 28, 128)}
# Long, and in the batches that reviews are trained in; not in the mean.
LONG = (32, 400, 64, 64)
# Large enough to stand out from what importing TensorFlow takes.
LARGE = (256, 400, 128, 128)
GATED = ("LSTM", "GRU")
TRAINING_MEAN, TRAINING, INFERENCE, SINGLE, ORDINARY, MEMORY, START = 0.75, 0.9, 1.05, 1.0, 1.05, 1.4, 1.3
PAIRS = 15


def layers(name, shape, **options):
    """Ours and Keras's, built, with the same weights; `bidirectional` in front of a name wraps it."""
    built = []
    for library in (tfnotes.layers, keras.layers):
        layer = getattr(library, name.removeprefix("bidirectional "))(shape[3], **options)
        layer = library.Bidirectional(layer) if name.startswith("bidirectional") else layer
        layer.build((None, *shape[1:3]))
        built.append(layer)
    built[0].set_weights(built[1].get_weights())
    return built


def inputs(shape, masked=False, seed=0):
    """Random sequences, and a mask that leaves out the end of each, or None."""
    rng = np.random.default_rng(seed)
    x = tf.constant(rng.normal(size=shape[:3]), "float32")
    if not masked:
        return x, None
    lengths = rng.integers(shape[1] // 2, shape[1] + 1, size=(shape[0], 1))
    return x, tf.constant(np.arange(shape[1]) < lengths)


def training(layer, x, mask=None):
    """A compiled training step, as a function without arguments."""
    weights = [w.value for w in layer.trainable_weights]

    @tf.function(autograph=False)
    def step():
        with tf.GradientTape() as tape:
            tape.watch(x)
            y = layer(x, mask=mask, training=True)
            total = tf.reduce_sum(y * y)
        return tape.gradient(total, [x, *weights])

    return step


def inference(layer, x):
    """A compiled call with unknown batch and length, as an export has it."""
    call = tf.function(
        lambda x: layer(x, training=False),
        autograph=False,
        input_signature=[tf.TensorSpec((None, None, x.shape[2]), x.dtype)],
    )
    return lambda: call(x)


def by_torch(name, shape, trains, queue):
    """PyTorch's milliseconds for a training step or a call of the same size, or None where it isn't installed."""
    try:
        import torch
    except ImportError:
        queue.put(None)
        return
    clock = time.perf_counter
    if _clock.ONE_THREAD:
        torch.set_num_threads(1)
        clock = time.process_time
    layer = getattr(torch.nn, name)(*shape[2:], batch_first=True)
    given, times = torch.randn(*shape[:3], requires_grad=trains), []
    for _ in range(12):
        layer.zero_grad()
        given.grad = None
        start = clock()
        with torch.set_grad_enabled(trains):
            y = layer(given)[0][:, -1]
            if trains:
                (y * y).sum().backward()
        times.append(1000 * (clock() - start))
    queue.put(statistics.median(times[2:]))


def processor():
    """The processor's name and how many cores of it there are, as far as the system tells."""
    lines = Path("/proc/cpuinfo").read_text().splitlines() if Path("/proc/cpuinfo").exists() else []
    names = [line.split(":")[1].strip() for line in lines if line.startswith("model name")]
    return f"{names[0] if names else platform.processor()}, {os.cpu_count()} cores"


def time_all(clock):
    """Every ratio as `(what, limit, Ratio)`, and those of training LSTM and GRU by name."""
    rows, trained, one = [], {name: [] for name in GATED}, {"D64": SHAPES["D64"]}
    shapes = {"LSTM": {**SHAPES, "T400": LONG}, "GRU": SHAPES, "SimpleRNN": one, "bidirectional LSTM": one}

    def race(what, limit, timed, pair, *given):
        rows.append((what, limit, alternate(*(timed(layer, *given) for layer in pair), PAIRS, clock=clock)))
        return rows[-1][2]

    for name in shapes:
        gated = name in GATED
        for label, shape in shapes[name].items():
            pair, (x, _) = layers(name, shape), inputs(shape)
            ratio = race(f"{name} {label} training", TRAINING if gated else ORDINARY, training, pair, x)
            if gated and label in SHAPES:
                trained[name].append(ratio.median)
            if gated:
                rows += beside_torch(f"{name} {label} training", ratio, name, shape, True)
            race(f"{name} {label} inference", INFERENCE if gated else ORDINARY, inference, pair, x)
        if gated:
            shape = SHAPES["D64"]
            pair = layers(name, shape, return_sequences=True)
            race(f"{name} D64 training, masked, all outputs", TRAINING, training, pair, *inputs(shape, masked=True))
            single = (1, 200, 64, 64)
            what = f"{name} batch 1, 200 steps of 64"
            ratio = race(what, SINGLE, inference, layers(name, single), inputs(single)[0])
            rows += beside_torch(what, ratio, name, single, False)
    return rows, trained


def beside_torch(what, ratio, *arguments):
    """A row for PyTorch, where it is installed."""
    torch_ms = in_child(by_torch, *arguments)
    if torch_ms is None:
        return []
    three = [ratio.ours_ms / torch_ms] * 3
    return [(f"{what}, ours / PyTorch in its own process", None, Ratio(*three, ratio.ours_ms, torch_ms))]


def peak_and_start(package_name, name, queue):
    """Runs in a process of its own: MiB that training adds at its peak, and seconds of a model's first step."""
    package = tfnotes.layers if package_name == "tfnotes" else keras.layers
    times = []
    for _ in range(2):  # The first one pays for what TensorFlow sets up once.
        model = keras.Sequential([keras.Input((20, 64)), getattr(package, name)(64), keras.layers.Dense(1)])
        model.compile("adam", "mse", jit_compile=False)
        start = time.perf_counter()
        model.train_on_batch(np.zeros((4, 20, 64), "float32"), np.zeros((4, 1), "float32"))
        times.append(time.perf_counter() - start)
    layer = getattr(package, name)(LARGE[3])
    layer.build((None, *LARGE[1:3]))
    x, _ = inputs(LARGE)
    step = training(layer, x)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    for _ in range(3):
        step()
    queue.put(((resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024, times[1]))


def in_child(measure, *arguments):
    """What a function puts into the queue that it is given last, in a fresh process."""
    context = multiprocessing.get_context("spawn")
    queue = context.Queue()
    child = context.Process(target=measure, args=(*arguments, queue))
    child.start()
    answer = queue.get()
    child.join()
    return answer


def per_step(name="LSTM", units=64):
    """Milliseconds a step of training takes at lengths of 100 to 3,200: one line if the cost is linear."""
    found = {}
    for steps in (100, 400, 1600, 3200):
        shape = (16, steps, units, units)
        x, _ = inputs(shape)
        run = training(layers(name, shape)[0], x)
        times = []
        for _ in range(4):
            start = time.perf_counter()
            run()
            times.append(time.perf_counter() - start)
        found[steps] = 1000 * min(times[1:]) / steps
    return found


def main():
    """Prints the tables; true if all are within their limits."""
    clock, told_clock = _clock.chosen()
    rows, trained = time_all(clock)
    columns = ("what", "ours / theirs", "middle half", "limit", "ours", "theirs")
    table = Table(*columns, title=f"recurrent layers on {processor()}; {told_clock}")
    within = True
    for what, limit, ratio in rows:
        good = limit is None or ratio.median <= limit
        within &= good
        table.add_row(
            what,
            f"{ratio.median:.3f}{'' if good else ' !'}",
            f"{ratio.low:.2f}-{ratio.high:.2f}",
            "" if limit is None else f"{limit:g}",
            f"{ratio.ours_ms:.2f} ms",
            f"{ratio.theirs_ms:.2f} ms",
        )
    for name, ratios in trained.items():
        mean = statistics.geometric_mean(ratios)
        within &= mean <= TRAINING_MEAN
        table.add_row(f"{name} training, geometric mean", f"{mean:.3f}", "", f"{TRAINING_MEAN:g}", "", "")
    for name in GATED:
        what_is_measured = (
            ("peak memory, batch 256, 400 steps of 128", MEMORY, "MiB"),
            ("a model's first step", START, "s"),
        )
        measured = [in_child(peak_and_start, package, name) for package in ("tfnotes", "keras")]
        for k, (what, limit, unit) in enumerate(what_is_measured):
            ours, theirs = (pair[k] for pair in measured)
            within &= ours <= limit * theirs
            cells = (f"{ours / theirs:.2f}", "", f"{limit:g}", f"{ours:.3g} {unit}", f"{theirs:.3g} {unit}")
            table.add_row(f"{name} {what}", *cells)
    lengths = per_step()
    console = Console(width=120)
    console.print(table)
    console.print("LSTM, ms a step of training by length: " + ", ".join(f"{n}: {ms:.3f}" for n, ms in lengths.items()))
    return within


if __name__ == "__main__":
    sys.exit(0 if main() else 1)
