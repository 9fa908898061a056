"""What `tfnotes train --inspect basic` and `full` cost: the time of a training beside one with `off`.

    python -m benchmarks.inspection [--rounds N]

Trains mnist's cnn on the sample, everything by default, at each level in turn, in one process; test included.
Processor time is compared, which other programs disturb less than they do the clock. Ends with status 1 if `basic`
costs more than the limit.
"""

import os
import sys
import tempfile
import time
from pathlib import Path

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import click
import numpy as np
from rich.console import Console
from rich.table import Table

from tasks.mnist import TASK
from tfnotes.training import config, loop
from tfnotes.training.inspection import LEVELS
from tfnotes.training.run import Run

LIMIT = 1.03


def seconds(level, splits):
    """The processor time of one training."""
    asked = config.configure(TASK, model="cnn", inspect=level) | config.describe_data(splits)
    with tempfile.TemporaryDirectory() as folder:
        run = Run.create(Path(folder, "run"), asked)
        start = time.process_time()
        loop.train(run, TASK, splits, report=lambda sentence: None)
        return time.process_time() - start


def main(rounds=5):
    """Prints a table of ratios; true if `basic` is within the limit."""
    splits = TASK.source("sample")(None)
    # The first training of a process also pays for what TensorFlow does once.
    seconds("full", splits)
    times = {level: [] for level in LEVELS}
    for k in range(rounds):
        for level in LEVELS if k % 2 else reversed(LEVELS):
            times[level].append(seconds(level, splits))
    table = Table("level", "seconds", "beside off", "lowest to highest", title="mnist cnn, everything by default")
    ratios = {level: np.divide(times[level], times["off"]) for level in LEVELS}
    for level, ratio in ratios.items():
        spread = f"{ratio.min():.3f} to {ratio.max():.3f}"
        table.add_row(level, f"{np.median(times[level]):.1f}", f"{np.median(ratio):.3f}", spread)
    Console().print(table)
    return bool(np.median(ratios["basic"]) <= LIMIT)


@click.command()
@click.option("--rounds", default=5, show_default=True, help="How often each level is timed.")
def command(rounds):
    sys.exit(0 if main(rounds) else 1)


if __name__ == "__main__":
    command()
