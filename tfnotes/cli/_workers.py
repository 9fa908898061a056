"""What `tfnotes train` does where several processes train one run."""

import json
import os
import sys

import click

from tfnotes.cli import _tensorflow


def options(command):
    """Adds `--workers` and `--wait`."""
    wait = click.option(
        "--wait",
        type=click.FloatRange(0, min_open=True),
        default=60,
        show_default=True,
        help="Seconds after which a worker that doesn't come, or stands still, is given up.",
    )
    workers = click.option(
        "--workers", type=click.IntRange(1, 512), default=1, show_default=True, help="Processes here that train as one."
    )
    return workers(wait(command))


def cluster(workers, wait):
    """The cluster that this process belongs to, None if it trains alone or starts workers."""
    from tfnotes.training.cluster import from_environment
    from tfnotes.training.launch import end_with_launcher

    found = from_environment(os.environ, wait)
    if found and workers > 1:
        raise click.UsageError("--workers starts processes, and by TF_CONFIG this is one of some: leave one out.")
    end_with_launcher()
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
    splits = setup.read()
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


def launch(ctx, run, workers, wait, no_test, report):
    """Trains by processes of this machine."""
    from tfnotes.training.launch import launch

    arguments = ["--resume", str(run.path), "--wait", str(wait), *(["--no-test"] if no_test else [])]
    ctx.exit(launch(run, workers, arguments, report))


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
