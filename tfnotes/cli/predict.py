"""`tfnotes predict`: what an export says of files."""

import sys
from pathlib import Path

import click

from tfnotes.cli import _tensorflow

_PATH = click.Path(path_type=Path, allow_dash=True)


@click.command()
@click.argument("export", type=click.Path(path_type=Path))
@click.argument("files", type=_PATH, nargs=-1, required=True, metavar="FILE...")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON list.")
@click.pass_context
def command(ctx, export, files, as_json):
    """Predict each FILE with EXPORT: saved_models/mnist/1, or saved_models/mnist for its newest version.

    A FILE is an image of any common kind and size; or a folder, which stands for the images in it and
    its subfolders; or - for an image on standard input.
    """
    _tensorflow.load()
    from tfnotes.serving import predict
    from tfnotes.serving.exported import Exported

    bad = []

    def report(sentence):
        bad.append(sentence)
        click.echo(f"Error: {sentence}", err=True)

    exported = Exported(export)
    found = predict.expand(files, lambda sentence: click.echo(sentence, err=True), report)
    answers = predict.predict(exported, found, sys.stdin.buffer, report)
    if as_json:
        import json

        click.echo(json.dumps(answers))
    elif sys.stdout.isatty():
        _show(answers)
    else:
        for answer in answers:
            click.echo(f"{answer['file']}\t{answer['label']}\t{answer['probability']:.4f}")
    if bad:
        ctx.exit(1)


def _show(answers):
    from rich.console import Console
    from rich.table import Column, Table
    from rich.text import Text

    table = Table(Column("file", overflow="fold"), "prediction", "probability")
    for answer in answers:
        # Text, for a name may hold what rich takes for markup.
        table.add_row(Text(answer["file"]), answer["label"], f"{answer['probability']:.4f}")
    Console().print(table)
