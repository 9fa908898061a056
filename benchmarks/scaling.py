"""What several workers cost and gain: a model of a step's time, beside what is measured here.

    python -m benchmarks.scaling [--processes 1,2] [--markdown]

    step(n, batch) = fixed + batch / n * example  +  sum over the collectives of all_reduce(n, bytes)
    all_reduce(n, bytes) = 2 (n - 1) * latency + 2 (n - 1) / n * bytes / bandwidth          in a ring

`fixed` and `example` are a line through the times of one process for two sizes of batch; latency and bandwidth come
of all-reduces of 8 bytes and of 16 MB between two processes here. Each process has one thread.
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

MODELS = {"lenet": ("mnist", "cnn"), "lstm": ("mnist", "lstm"), "vae": ("autoencode", "vae")}
BATCH, SMALL, STEPS, LARGE = 128, 32, 30, 4_000_000
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
    """Seconds of a step by the model above; `line` is (fixed, example), `network` (latency, bandwidth)."""
    latency, bandwidth = network
    sent = sum(2 * (n - 1) * latency + 2 * (n - 1) / n * b / bandwidth for b in bytes_)
    return line[0] + batch / n * line[1] + (sent if n > 1 else 0)


def worker():
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
        for batch in (BATCH,) if together else (SMALL, BATCH):
            built = setup.build()
            x = np.random.default_rng(0).uniform(size=(batch, 28, 28, 1)).astype("float32")
            y = np.zeros(batch, "int64")
            data = tf.data.Dataset.from_tensors((x, y) if setup.recipe.targets else x).repeat(STEPS).cache()
            if together:
                data = data.map(sharing.part(together)).cache()
                sharing.share(built, together, next(iter(data)))
            clock = _Clock()
            built.fit(data, epochs=2, steps_per_epoch=STEPS // 2, verbose=0, callbacks=[clock.callback()])
            found[name] = [*found.get(name, []), statistics.median(clock.seconds[STEPS // 2 :])]
        found[f"{name} bytes"] = collectives(built)
    if together:
        together.gather()
    if not together or together.chief:
        sys.stdout.write(json.dumps(found))


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


def measured(n):
    """What n processes find, each on a core of its own where there are so many."""
    from tfnotes.training.launch import free_ports

    addresses, children = [f"127.0.0.1:{port}" for port in free_ports(n)], []
    cores = sorted(os.sched_getaffinity(0))
    for rank in range(n):
        config = {"cluster": {"worker": addresses}, "task": {"type": "worker", "index": rank}}
        command = [sys.executable, "-m", "benchmarks.scaling", "--worker"]
        child = subprocess.Popen(
            command, env={**os.environ, "TF_CONFIG": json.dumps(config)}, stdout=subprocess.PIPE, text=True
        )
        os.sched_setaffinity(child.pid, {cores[rank % len(cores)]})
        children.append(child)
    said = [child.communicate()[0] for child in children]
    return json.loads(said[0])


@click.command()
@click.option("--processes", default="1,2", help="How many, with commas between.")
@click.option("--worker", "as_worker", is_flag=True, hidden=True)
@click.option("--markdown", is_flag=True)
def main(processes, as_worker, markdown):
    """Measures step times, and says what the model of them makes of 8, 64 and 512 workers."""
    from rich.console import Console
    from rich.table import Table

    from benchmarks._markdown import as_markdown

    if as_worker:
        worker()
        return
    counts = sorted({1, 2, *map(int, processes.split(","))})
    found = {n: measured(n) for n in counts}
    small, large = found[2]["network"]
    here = small / 2, 4 * LARGE / max(large - small, 1e-9)
    columns = [*[f"{n}: ms" for n in counts], *[f"{n}: predicted" for n in counts[1:]]]
    about = Table("model", "batch", "MB a step", "all-reduces", *columns)
    beyond = Table("model", "network", "batch", *[f"{n}" for n in (8, 64, 512)])
    for name in MODELS:
        low, high = found[1][name]
        example = (high - low) / (BATCH - SMALL)
        line, sizes = (high - BATCH * example, example), found[1][f"{name} bytes"]
        times = [found[n][name][-1] for n in counts]
        predicted = [step_time(line, sizes, here, n, BATCH) for n in counts[1:]]
        milliseconds = [f"{1e3 * t:.1f}" for t in (*times, *predicted)]
        about.add_row(name, str(BATCH), f"{sum(sizes) / 1e6:.2f}", str(len(sizes)), *milliseconds)
        for label, network in NETWORKS.items():
            for batch in (BATCH, 64 * BATCH):
                alone = step_time(line, sizes, network, 1, batch)
                gains = [alone / step_time(line, sizes, network, n, batch) for n in (8, 64, 512)]
                beyond.add_row(name, label, f"{batch:,}", *[f"{gain:.1f}" for gain in gains])
    said = f"Latency here {1e6 * here[0]:.0f} µs, bandwidth {here[1] / 1e6:.0f} MB/s."
    if markdown:
        sys.stdout.write(f"{said}\n\n{as_markdown(about)}\n\n{as_markdown(beyond)}\n")
        return
    console = Console()
    console.print(said, about, beyond)


if __name__ == "__main__":
    main()
