"""`tfnotes rerun`: whether a run, repeated from its config, is the same bit for bit."""

import json
from pathlib import Path

import click

from tfnotes.cli import _tensorflow


@click.command()
@click.argument("run", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.pass_context
def command(ctx, run, as_json):
    """Train what RUN was asked for once more, beside it, and compare weights, metrics and test figures bit for bit.

    The repetition goes when it is compared; RUN stays as it is. The status is 1 if anything differs."""
    _tensorflow.load()
    from rich.console import Console

    from tfnotes.callbacks import Progress
    from tfnotes.training.rerun import rerun
    from tfnotes.training.run import Run
    from tfnotes.training.signals import Interrupted

    def report(sentence):
        click.echo(f"Warning: {sentence}", err=True)

    opened = Run.open(run)
    try:
        with Progress(Console(stderr=as_json)) as progress:
            found = rerun(opened, [progress], report)
    except Interrupted as error:
        click.echo(f"Stopped; {run} is as it was.", err=True)
        ctx.exit(128 + error.signum)
    if as_json:
        click.echo(json.dumps({"path": str(run), **found}))
    else:
        click.echo(_told(run, found))
    ctx.exit(0 if found["same"] else 1)


def _told(run, found):
    weights, epoch = found["weights"], found["first_other_epoch"]
    if found["same"]:
        return (
            f"{run} repeats bit for bit: {weights['numbers']:,} numbers of the model, {found['epochs']} epochs' "
            "metrics, and the figures on the test split."
        )
    said = [f"{weights['other']:,} of {weights['numbers']:,} numbers of the model, by up to {weights['largest']:.2g}"]
    said += [f"the metrics from epoch {epoch} on"] if epoch else []
    said += [
        f"{name} on the test split, {value} and now {found['test_again'].get(name)}"
        for name, value in found["test"].items()
        if value != found["test_again"].get(name)
    ]
    return f"{run} does not repeat. What differs: {'; '.join(said)}."
