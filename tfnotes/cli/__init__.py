"""The command line. Nothing here imports TensorFlow before a command needs it."""

import io
import signal
import sys
import threading
from contextlib import contextmanager

import click

from tfnotes import __version__
from tfnotes.cli import (
    backprop,
    book,
    claims,
    compare,
    completion,
    concepts,
    data,
    doctor,
    evaluate,
    experiment,
    export,
    find,
    latency,
    note,
    play,
    predict,
    reproduce,
    rerun,
    sample,
    serve,
    sweep,
    tasks,
    tensorboard,
    train,
)
from tfnotes.errors import InputError


class Commands(click.Group):
    """A group whose commands answer bad input with one sentence and a nonzero status."""

    def invoke(self, ctx):
        # A name that the terminal's encoding can't take, or that is no UTF-8, shows as \u6570 or \udcff.
        if isinstance(sys.stdout, io.TextIOWrapper) and sys.stdout.errors == "strict":
            sys.stdout.reconfigure(errors="backslashreplace")
        try:
            with _interruptible():
                return super().invoke(ctx)
        except InputError as error:
            raise click.ClickException(str(error)) from error
        except OSError as error:
            raise click.ClickException(_sentence(error)) from error


@contextmanager
def _interruptible():
    """Within it an error after Ctrl-C is Ctrl-C: native code may lose a `KeyboardInterrupt`, and fail of that later."""
    asked, shown = [], sys.unraisablehook

    def ask(signum, frame):
        asked.append(signum)
        sys.unraisablehook = lambda lost: None
        raise KeyboardInterrupt

    main_thread = threading.current_thread() is threading.main_thread()
    ours = main_thread and signal.getsignal(signal.SIGINT) is signal.default_int_handler
    if ours:
        signal.signal(signal.SIGINT, ask)
    try:
        yield
    except Exception as error:
        # A command that ends itself has chosen its status.
        if asked and not isinstance(error, click.exceptions.Exit):
            raise KeyboardInterrupt from error
        raise
    finally:
        if ours:
            signal.signal(signal.SIGINT, signal.default_int_handler)
            sys.unraisablehook = shown


def _sentence(error):
    where = f"{error.filename}: " if error.filename else ""
    return f"{where}{error.strerror or error}."


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="tfnotes")
def main():
    """Neural-network notes that run: train, look inside, prove, export."""


main.add_command(backprop.command)
main.add_command(book.command)
main.add_command(claims.command)
main.add_command(compare.command)
main.add_command(completion.command)
main.add_command(concepts.command)
main.add_command(concepts.show)
main.add_command(data.command)
main.add_command(doctor.command, "doctor")
main.add_command(evaluate.command, "evaluate")
main.add_command(experiment.command)
main.add_command(export.command, "export")
main.add_command(find.command)
main.add_command(latency.command, "latency")
main.add_command(note.command)
main.add_command(play.command, "play")
main.add_command(predict.command, "predict")
main.add_command(reproduce.command)
main.add_command(rerun.command, "rerun")
main.add_command(sample.command, "sample")
main.add_command(serve.command, "serve")
main.add_command(sweep.command)
main.add_command(tasks.command)
main.add_command(tensorboard.command, "tensorboard")
main.add_command(train.command, "train")
