"""What several workers cost and gain: a model of a step's time, beside what is measured here.

    python -m benchmarks.scaling [--processes 1,2] [--steps N] [--write]

    step(n, batch) = max(fixed + batch / n * example, batch / n * input)  +  sum over the all-reduces of a step
    all_reduce(n, bytes) = 2 (n - 1) * latency + 2 (n - 1) / n * bytes / bandwidth          in a ring

`fixed` and `example` are a line through the times of one process for three sizes of batch; `input` is what reading and
preparing an example takes, which goes on beside the step; latency and bandwidth come of all-reduces of 4 bytes and of
16 MB between two processes here. Each process has one thread, and a core of its own where there are so many (taskset).
`--write` puts the tables into docs/scaling.md and docs/scaling.zh.md.
"""

import json
import os
import statistics
import subprocess
import sys
import time

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import click
import numpy as np
from rich.console import Console
from rich.table import Table

from benchmarks._markdown import as_markdown, machine, place

MODELS = {"lenet": ("mnist", "cnn"), "lstm": ("mnist", "lstm"), "vae": ("autoencode", "vae")}
BATCHES, LARGE = (32, 64, 128), 4_000_000
BATCH, BEYOND = BATCHES[-1], (8, 64, 512)
# Of the tables for networks that aren't here: seconds and bytes a second.
NETWORKS = {"10 Gbit/s": (50e-6, 1.25e9), "100 Gbit/s": (10e-6, 12.5e9)}


def collectives(model):
    """The bytes of each all-reduce of a training step."""
    from tfnotes import layers
    from tfnotes.callbacks._layers import inside

    gradient = 4 * sum(int(np.prod(v.shape)) for v in model.trainable_variables)
    normalized = [v for v in inside(model).values() if isinstance(v, layers.BatchNormalization)]
    statistics_ = [8 * 3 * int(v.moving_mean.shape[0]) for v in normalized]
    metrics = 8 * sum(int(np.prod(v.shape)) for metric in model.metrics for v in metric.variables)
    # The statistics' way back is as long as their way there.
    return [gradient, *statistics_, *statistics_, metrics]


def step_time(line, bytes_, network, n, batch):
    """Seconds of a step by the model above; `line` is (fixed, example, input), `network` (latency, bandwidth)."""
    latency, bandwidth = network
    sent = sum(2 * (n - 1) * latency + 2 * (n - 1) / n * b / bandwidth for b in bytes_)
    return max(line[0] + batch / n * line[1], batch / n * line[2]) + (sent if n > 1 else 0)


def worker(steps):
    """Measures in this process, alone or in a cluster; the chief prints what it finds."""
    import tensorflow as tf

    from tfnotes import task as tasks
    from tfnotes.training import cluster, config, sharing
    from tfnotes.training.setup import Setup, use_threads

    use_threads(1)
    tf.config.threading.set_inter_op_parallelism_threads(2)
    together = cluster.from_environment(os.environ)
    found = {}
    if together:
        together.start()
        found["network"] = [_all_reduce(together, size) for size in (1, LARGE)]
    for name, (task, model) in MODELS.items():
        setup = Setup(config.configure(tasks.load(task), model=model))
        setup.config["threads"] = 1
        split = setup.selected(setup.read("sample")).train
        if not together:
            found[f"{name} input"] = _input(setup, split)
        for batch in (BATCH,) if together else BATCHES:
            built = setup.build()
            setup.config["batch_size"] = batch
            part = sharing.part(together) if together else None
            data, _ = setup.training_batches(split, setup.recipe.prepare, 0, 1, part)
            # One batch again and again: what it takes to read is measured apart.
            data = data.take(1).cache().repeat(2 * steps)
            if together:
                sharing.share(built, together, next(iter(data)))
            clock = _Clock()
            built.fit(data, epochs=2, steps_per_epoch=steps, shuffle=False, verbose=0, callbacks=[clock.callback()])
            found[name] = [*found.get(name, []), statistics.median(clock.seconds[steps:])]
        found[f"{name} bytes"] = collectives(built)
    if together:
        together.gather()
    if not together or together.chief:
        sys.stdout.write(json.dumps(found))


def _input(setup, split):
    """Seconds that an example takes to be read and prepared."""
    batches, steps = setup.training_batches(split, setup.recipe.prepare, 0, 2)
    found, times = iter(batches), []
    for _ in range(2 * steps):
        began = time.perf_counter()
        next(found)
        times.append(time.perf_counter() - began)
    # The first of them waits for the pipeline to be built.
    return sum(times[steps:]) / len(split)


def _all_reduce(together, size):
    import tensorflow as tf

    x, times = tf.zeros(size, tf.float32), []
    for _ in range(20):
        began = time.perf_counter()
        together.sum(x)
        times.append(time.perf_counter() - began)
    return statistics.median(times)


class _Clock:
    """How long each step took."""

    def __init__(self):
        self.seconds = []

    def callback(self):
        import keras

        def begin(batch, logs=None):
            self.began = time.perf_counter()

        def end(batch, logs=None):
            self.seconds.append(time.perf_counter() - self.began)

        return keras.callbacks.LambdaCallback(on_train_batch_begin=begin, on_train_batch_end=end)


def measured(n, steps):
    """What n processes find after so many steps, each on a core of its own where there are so many."""
    from tfnotes.training.launch import free_ports

    addresses, children = [f"127.0.0.1:{port}" for port in free_ports(n)], []
    cores = sorted(os.sched_getaffinity(0))
    for rank in range(n):
        config = {"cluster": {"worker": addresses}, "task": {"type": "worker", "index": rank}}
        command = [sys.executable, "-m", "benchmarks.scaling", "--worker", "--steps", str(steps)]
        child = subprocess.Popen(
            command, env={**os.environ, "TF_CONFIG": json.dumps(config)}, stdout=subprocess.PIPE, text=True
        )
        os.sched_setaffinity(child.pid, {cores[rank % len(cores)]})
        children.append(child)
    said = [child.communicate()[0] for child in children]
    return json.loads(said[0])


def fitted(found):
    """The line (fixed, example, input) of each model, by what one process has found."""
    lines = {}
    for name in MODELS:
        example, fixed = np.polyfit(BATCHES, found[name], 1)
        lines[name] = fixed, example, found[f"{name} input"]
    return lines


ABOUT = {
    "en": "How many times as fast as one worker several are by this formula, at an assumed latency of 50 µs with\n"
    "10 Gbit/s and 10 µs with 100 Gbit/s; computed, not run:",
    "zh": "按这个公式，几个 worker 比一个快多少倍；假定 10 Gbit/s 时延迟为 50 µs，"
    "100 Gbit/s 时为 10 µs；这是算出来的，没有运行过：",
}
WORDS = {
    "en": {
        "columns": ("model", "MB a step", "all-reduces", "examples/s read"),
        "measured": ("with {}: ms", "predicted", "gain"),
        "beyond": ("model", "network", "batch"),
    },
    "zh": {
        "columns": ("模型", "每步 MB", "all-reduce 次数", "每秒读取样本"),
        "measured": ("{} 个：毫秒", "预测", "加速"),
        "beyond": ("模型", "网络", "批"),
    },
}


def here(found, counts, network, words):
    """The table of what was measured here, beside what the model says."""
    columns = [words["measured"][0].format(1)]
    columns += [word.format(n) for n in counts[1:] for word in words["measured"]]
    table = Table(*words["columns"], *columns)
    for name, line in fitted(found[1]).items():
        sizes, alone = found[1][f"{name} bytes"], found[1][name][-1]
        cells = [f"{1e3 * alone:.1f}"]
        for n in counts[1:]:
            took, predicted = found[n][name][-1], step_time(line, sizes, network, n, BATCH)
            cells += [f"{1e3 * took:.1f}", f"{1e3 * predicted:.1f}", f"{alone / took:.2f}"]
        table.add_row(name, f"{sum(sizes) / 1e6:.2f}", str(len(sizes)), f"{1 / line[2]:,.0f}", *cells)
    return table


def beyond(found, words):
    """The table of how many times as fast many workers are by the model, on networks that aren't here."""
    table = Table(*words["beyond"], *map(str, BEYOND))
    for name, line in fitted(found[1]).items():
        sizes = found[1][f"{name} bytes"]
        for label, network in NETWORKS.items():
            for batch in (BATCH, 64 * BATCH):
                alone = step_time(line, sizes, network, 1, batch)
                gains = [alone / step_time(line, sizes, network, n, batch) for n in BEYOND]
                table.add_row(name, label, f"{batch:,}", *[f"{gain:.1f}" for gain in gains])
    return table


@click.command()
@click.option("--processes", default="1,2", show_default=True, help="How many, with commas between.")
@click.option("--steps", type=click.IntRange(2), default=30, show_default=True, help="Of which the median is taken.")
@click.option("--worker", "as_worker", is_flag=True, hidden=True)
@click.option("--write", is_flag=True, help="Write the tables into the docs.")
def main(processes, steps, as_worker, write):
    """Measures step times, and says what the model of them makes of 8, 64 and 512 workers."""
    if as_worker:
        worker(steps)
        return
    began = machine()
    counts = sorted({1, 2, *map(int, processes.split(","))})
    found = {n: measured(n, steps) for n in counts}
    small, large = found[2]["network"]
    network = small / 2, 4 * LARGE / max(large - small, 1e-9)
    figures = f"{1e6 * network[0]:.0f} µs", f"{network[1] / 1e6:,.0f} MB/s"
    said = {
        "en": f"{began[0]} Between two processes: latency {figures[0]}, bandwidth {figures[1]}; batches of {BATCH}.",
        "zh": f"{began[1]}这里两个进程之间：延迟 {figures[0]}，带宽 {figures[1]}；每批 {BATCH} 个。",
    }
    for lang, words in WORDS.items():
        tables = here(found, counts, network, words), beyond(found, words)
        if write:
            page = "scaling.md" if lang == "en" else "scaling.zh.md"
            place(page, "costs", f"{said[lang]}\n\n{as_markdown(tables[0])}")
            place(page, "beyond", f"{ABOUT[lang]}\n\n{as_markdown(tables[1])}")
        elif lang == "en":
            Console().print(said[lang], *tables)


if __name__ == "__main__":
    main()
