"""What `tfnotes train --inspect basic` and `full` cost: the time that their callbacks take beside the rest.

    python -m benchmarks.inspection [--rounds N]

Trains mnist's cnn on the sample, everything by default, at both levels in turn, in one process. Within each
training the time in the callbacks is told from the rest, so that a few hundredths show on a machine where two
trainings differ by more; it is processor time, which other programs disturb less than they do the clock. Ends with
status 1 if `basic` costs more than the limit.
"""

import os
import statistics
import sys
import tempfile
import time
from pathlib import Path
from unittest import mock

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import click
import keras
from rich.console import Console
from rich.table import Table

from tfnotes.training import config, inspection, loop
from tfnotes.training.run import Run
from tfnotes_tasks.mnist import TASK

LIMIT = 0.03
LEVELS = ("basic", "full")
HOOKS = [name for name in dir(keras.callbacks.Callback) if name.startswith("on_")]


class Clock:
    """Adds up the processor time of the functions that it wraps."""

    def __init__(self):
        self.seconds = 0.0

    def timed(self, function):
        def call(*args, **kwargs):
            start = time.process_time()
            try:
                return function(*args, **kwargs)
            finally:
                self.seconds += time.process_time() - start

        return call


def cost(level, splits, **options):
    """The time that a training's inspection takes, and that of all the rest."""
    asked = config.configure(TASK, model="cnn", inspect=level, **options) | config.describe_data(splits)
    inside, whole, make = Clock(), Clock(), inspection.inspectors

    def inspectors(*arguments):
        made = inside.timed(make)(*arguments)
        for callback in made:
            # Keras calls for each batch only if a callback has something to do there.
            for hook in (h for h in HOOKS if getattr(type(callback), h) is not getattr(keras.callbacks.Callback, h)):
                setattr(callback, hook, inside.timed(getattr(callback, hook)))
        return made

    with tempfile.TemporaryDirectory() as folder, mock.patch.object(inspection, "inspectors", inspectors):
        run = Run.create(Path(folder, "run"), asked)
        whole.timed(loop.train)(run, TASK, splits, report=lambda sentence: None)
    return inside.seconds, whole.seconds - inside.seconds


def main(rounds=5):
    """Prints a table of shares; true if `basic` is within the limit."""
    splits = TASK.source("sample")(None)
    # The first training of a process also pays for what TensorFlow does once.
    cost("full", splits, epochs=1)
    shares = {level: [] for level in LEVELS}
    for _ in range(rounds):
        for level in LEVELS:
            taken, rest = cost(level, splits)
            shares[level].append(taken / rest)
    table = Table("level", "cost", "lowest to highest", title="inspection, beside the training of mnist's cnn")
    for level, found in shares.items():
        table.add_row(level, f"{statistics.median(found):.1%}", f"{min(found):.1%} to {max(found):.1%}")
    Console().print(table)
    return statistics.median(shares["basic"]) <= LIMIT


@click.command()
@click.option("--rounds", default=5, show_default=True, help="Trainings of each level.")
def command(rounds):
    sys.exit(0 if main(rounds) else 1)


if __name__ == "__main__":
    command()
