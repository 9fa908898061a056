"""`tfnotes tensorboard`: the curves, pictures and graphs of the runs."""

import os
import sys
from pathlib import Path

import click

from tfnotes.errors import InputError


@click.command()
@click.argument("runs", type=click.Path(path_type=Path), default=Path("runs"))
@click.option("--host", default="localhost", show_default=True, help="Address to listen at.")
@click.option(
    "--port", type=click.IntRange(0, 65535), default=6006, show_default=True, help="0 for a free one."
)
def command(runs, host, port):
    """Show RUNS, a run or a folder of runs, in TensorBoard.  [default: runs]"""
    if not runs.is_dir():
        raise InputError(
            f"tensorboard: `runs` must be a folder that `tfnotes train` wrote to. Received: {str(runs)!r}."
        )
    arguments = ["--logdir", str(runs), "--host", host, "--port", str(port)]
    # In place of this process, so that Ctrl-C and the exit status are TensorBoard's own.
    os.execv(sys.executable, [sys.executable, "-m", "tensorboard.main", *arguments])
