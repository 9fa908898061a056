"""`tfnotes rerun`: whether a run, repeated from its config, is the same bit for bit."""

import json
from pathlib import Path

import click

from tfnotes.cli import _language, _paths, _tensorflow, _training, _words


@click.command()
@click.argument("run", type=_paths.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@_language.option
@click.pass_context
def command(ctx, run, as_json, lang):
    """Train what RUN was asked for once more, beside it, and compare weights, metrics and test figures bit for bit.

    The repetition goes when it is compared; RUN stays as it is. The status is 1 if anything differs."""
    _tensorflow.load()
    from rich.console import Console

    from tfnotes.callbacks import Progress
    from tfnotes.training.rerun import rerun
    from tfnotes.training.run import Run
    from tfnotes.training.signals import Interrupted

    opened = Run.open(run)
    try:
        with Progress(Console(stderr=as_json)) as progress:
            found = rerun(opened, [progress], _training.warn)
    except Interrupted as error:
        click.echo(_words.AS_IT_WAS.format(path=run)[lang], err=True)
        ctx.exit(128 + error.signum)
    if as_json:
        click.echo(json.dumps({"path": str(run), **found}))
    else:
        click.echo(_told(run, found, lang))
    ctx.exit(0 if found["same"] else 1)


def _told(run, found, lang):
    weights, epoch = found["weights"], found["first_other_epoch"]
    count = weights["numbers"]
    if found["same"]:
        return _words.REPEATS.format(path=run, count=count, epochs=found["epochs"])[lang]
    said = []
    if weights["other"]:
        said.append(_words.OTHER_NUMBERS.format(other=weights["other"], count=count, most=weights["largest"])[lang])
    if epoch:
        said.append(_words.OTHER_METRICS.format(epoch=epoch)[lang])
    for name, then in found["test"].items():
        now = found["test_again"].get(name)
        if now != then:
            said.append(_words.OTHER_FIGURE.format(name=name, then=then, now=now)[lang])
    return _words.REPEATS_NOT.format(path=run, what=("; " if lang == "en" else "；").join(said))[lang]
