"""What the commands that train have in common."""

from pathlib import Path

import click
from click.core import ParameterSource

from tfnotes.cli import _paths, _terminal

_OPTIONS = (
    click.option("--model", help="One of the task's models."),
    click.option("--data", help="One of the task's data sources."),
    click.option("--data-dir", type=_paths.Path(path_type=Path), help="Folder with the prepared data."),
    click.option("--epochs", type=int, help="How often each example is seen."),
    click.option("--batch-size", type=int, help="Examples in one step."),
    click.option("--learning-rate", type=float, help="Of the optimizer, in the first epoch."),
    click.option("--learning-rate-decay", type=float, help="The learning rate's factor after each epoch."),
    click.option("--patience", type=int, help="Epochs without a better validation loss to stop after."),
    click.option("--layers", type=click.Choice(["tfnotes", "keras"]), help="Build the model from these layers."),
)


def options(command):
    """Adds what is trained, on what, and for how long."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


def refuse_others(ctx, kept, takes):
    """Refuses what is given beside --resume and would not count.

    Args:
        ctx: of a command.
        kept: the names of the parameters that count.
        takes: what --resume does, the beginning of the sentence.
    """
    for parameter in ctx.command.params:
        given = ctx.get_parameter_source(parameter.name) is ParameterSource.COMMANDLINE
        if given and parameter.name not in kept:
            name = "TASK" if parameter.name == "task" else parameter.opts[0]
            raise click.UsageError(f"--resume {takes}; leave out {name}.")


def read(setup):
    """The `Splits` of a `tfnotes.training.setup.Setup`, with a bar on standard error while they are read."""
    from tfnotes.data import watch

    with _terminal.progress(f"Reading {setup.config['data']}", stderr=True) as progress, watch.watched(progress):
        return setup.read()


def warn(sentence):
    """Tells the person something on standard error."""
    click.echo(f"Warning: {sentence}", err=True)
