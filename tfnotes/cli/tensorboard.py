"""`tfnotes tensorboard`: the curves, pictures and graphs of the runs."""

import signal
from pathlib import Path

import click

from tfnotes.cli import _paths, _tensorflow
from tfnotes.errors import InputError


@click.command()
@click.argument("runs", type=_paths.Path(path_type=Path), default=Path("runs"))
@click.option("--host", default="localhost", show_default=True, help="Address to listen at.")
@click.option("--port", type=click.IntRange(0, 65535), default=6006, show_default=True, help="0 for a free one.")
@click.pass_context
def command(ctx, runs, host, port):
    """Show RUNS, a run or a folder of runs, in TensorBoard.  [default: runs]"""
    if not runs.is_dir():
        raise InputError(
            f"tensorboard: `runs` must be a folder that `tfnotes train` wrote to. Received: {str(runs)!r}."
        )
    # TensorBoard imports TensorFlow, and does so with all its noise.
    _tensorflow.load()
    from tensorboard import program

    board = program.TensorBoard()
    board.configure(argv=["tensorboard", "--logdir", str(runs), "--host", host, "--port", str(port)])
    try:
        failed = board.main()
    except KeyboardInterrupt:
        ctx.exit(128 + signal.SIGINT)
    ctx.exit(1 if failed else 0)
