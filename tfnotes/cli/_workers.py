"""What `tfnotes train` does where several processes train one run."""

import json
import os
import sys

import click

from tfnotes.cli import _tensorflow, _training
from tfnotes.errors import InputError


def options(command):
    """Adds `--workers`, `--engine`, `--storage` and `--wait`."""
    storage = click.option(
        "--storage",
        metavar="ADDRESS",
        help="With --engine ray: where the run is kept while it is trained, such as s3://bucket/folder.  [the run]",
    )
    wait = click.option(
        "--wait",
        type=click.FloatRange(0, min_open=True),
        default=60,
        show_default=True,
        help="Seconds after which a worker that doesn't come, or stands still, is given up.",
    )
    workers = click.option(
        "--workers", type=click.IntRange(1, 512), default=1, show_default=True, help="Processes that train as one."
    )
    return workers(engine(storage(wait(command))))


engine = click.option(
    "--engine",
    type=click.Choice(["local", "ray"]),
    default="local",
    show_default=True,
    help="Where processes are started: here, or on a Ray cluster, that of RAY_ADDRESS or one made here (extra ray).",
)
"""Adds `--engine`."""


def check_engine(engine, who, module="ray"):
    """Refuses --engine ray where Ray isn't installed."""
    if engine == "ray":
        from tfnotes import ray_cluster

        ray_cluster.needed(who, module)


def cluster(workers, wait, engine, storage):
    """The cluster that this process belongs to, None if it trains alone or starts workers."""
    from tfnotes.training.cluster import from_environment
    from tfnotes.training.launch import end_with_launcher

    found = from_environment(os.environ, wait)
    if found and (workers > 1 or engine == "ray"):
        given = "--workers" if workers > 1 else "--engine ray"
        raise click.UsageError(f"{given} starts processes, and by TF_CONFIG this is one of some: leave one out.")
    if storage and engine != "ray":
        raise click.UsageError("--storage belongs to --engine ray.")
    check_engine(engine, "train", "ray.train")
    end_with_launcher()
    if found:
        found.check()
    return found


def start(cluster, threads):
    """Waits for the other processes; nothing of TensorFlow may have run before."""
    _tensorflow.load()
    from tfnotes.training.setup import use_threads

    use_threads(threads)
    cluster.start()


def send(cluster, what):
    """What the chief has the others do; None if there is nothing to be done."""
    cluster.broadcast(json.dumps(what).encode())


def load(config, workers):
    """The task, its data and its model; the model first, for it may refuse its settings in no time."""
    _tensorflow.load()
    from tfnotes.training import memory, sharing
    from tfnotes.training.setup import Setup

    setup = Setup(config)
    model = setup.build()
    if workers > 1:
        sharing.check(setup.task.name, model)
    splits = _training.read(setup)
    examples = len(setup.selected(splits).train)
    memory.check_batch(setup.task.name, model, -(-min(config["batch_size"], examples) // workers))
    return setup.task, splits, model


def follow(ctx, cluster):
    """Trains as a worker other than the chief; of its command line only --wait counts."""
    _tensorflow.load()
    from tfnotes.training import config as configs
    from tfnotes.training import loop
    from tfnotes.training.followed import Followed
    from tfnotes.training.signals import Interrupted

    start(cluster, configs.threads())
    said = json.loads(cluster.broadcast())
    if said is None:
        return
    run = Followed(said["run"], said["config"], cluster)
    task, splits, model = load(run.config, cluster.size)
    try:
        loop.train(
            run, task, splits, model=model, report=lambda sentence: None, test=said["test"], cluster=cluster
        )
    except Interrupted as error:
        ctx.exit(128 + error.signum)


def launch(ctx, run, workers, wait, no_test, engine, storage):
    """Trains by processes of this machine, or of a Ray cluster."""
    arguments = ["--wait", str(wait), *(["--no-test"] if no_test else [])]
    if engine == "local":
        from tfnotes.training.launch import launch

        ctx.exit(launch(run, workers, ["--resume", str(run.path), *arguments], _training.warn))
    from tfnotes.training.on_ray import launch_on_ray

    try:
        ctx.exit(launch_on_ray(run, workers, arguments, wait, storage))
    except InputError:
        if ctx.params["resume"] is None and not run.metrics():
            run.discard()
        raise


def end_lost(run, error):
    """Ends this process where another one of the cluster has gone."""
    again = f" Start all again with: tfnotes train --resume {run.path}" if run else ""
    from tfnotes.training.launch import LOST, launched

    if launched():
        # The launcher says what it does about it.
        end(LOST)
    end(LOST, f"train: the other workers must stay. Received: one that is {error}.{again}")


def end(status, sentence=None):
    """Ends this process at once: TensorFlow would wait at its exit for the others, which wait for this one."""
    if sentence:
        click.echo(f"Error: {sentence}", err=True)
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(status)
