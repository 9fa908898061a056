"""`tfnotes data`: get the data, see what is there, take one example out."""

from dataclasses import fields
from pathlib import Path

import click

from tfnotes.cli import _tensorflow
from tfnotes.data.sources import SOURCES
from tfnotes.errors import InputError
from tfnotes.files import write_aside
from tfnotes.task import Splits

_NAME = click.argument("name", type=click.Choice(tuple(SOURCES)))
_DATA_DIR = click.option(
    "--data-dir",
    type=click.Path(file_okay=False),
    help="Data folder, instead of TFDS_DATA_DIR or TFDS's default.",
)


@click.group("data")
def command():
    """Prepare, list and look at the data that tasks learn from."""


@command.command()
@_NAME
@_DATA_DIR
@click.option("--force", is_flag=True, help="Fetch and store it anew, in place of what is there.")
def prepare(name, data_dir, force):
    """Fetch the data NAME and store it where training finds it."""
    source = SOURCES[name]
    folder = source.folder(data_dir)
    if source.is_prepared(data_dir) and not force:
        click.echo(f"{name}: already prepared in {folder}")
        return
    _tensorflow.load()
    from rich.console import Console

    from tfnotes.data import prepared

    with Console(stderr=True).status(f"Fetching and preparing {name} ..."):
        prepared.prepare(source, data_dir)
    click.echo(f"{name}: {_counts(source)} examples in {folder}")


@command.command("list")
@_DATA_DIR
def list_(data_dir):
    """Show which data there are, and which are prepared."""
    from rich.console import Console
    from rich.table import Column, Table

    table = Table("name", "task", "what", "examples", "prepared", Column("where", overflow="fold"))
    for source in SOURCES.values():
        ready = source.is_prepared(data_dir)
        where = str(source.folder(data_dir)) if ready else f"tfnotes data prepare {source.name}"
        row = (source.name, source.task, source.about, _counts(source), "yes" if ready else "no", where)
        table.add_row(*row)
    Console().print(table)


@command.command()
@_NAME
@click.option(
    "--split", type=click.Choice([field.name for field in fields(Splits)]), default="test", show_default=True
)
@click.option("--index", type=int, default=0, show_default=True, help="Which example of the split, from 0.")
@click.option("--out", type=click.Path(dir_okay=False), required=True, help="The file to write.")
@_DATA_DIR
def extract(name, split, index, out, data_dir):
    """Write one example of the data NAME as a PNG file, or as a TXT file if it is a text, and say its label."""
    _tensorflow.load()
    from PIL import Image

    from tfnotes import task

    source = SOURCES[name]
    declared = task.load(source.task)
    ending = ".png" if declared.picture else ".txt"
    if Path(out).suffix.lower() != ending:
        raise InputError(f"data extract: `out` must end in {ending}. Received: {out}.")
    examples = getattr(declared.source(source.data)(data_dir), split)
    if not 0 <= index < len(examples):
        raise InputError(
            f"data extract: `index` must be from 0 to {len(examples) - 1} in the split {split} of {name}. "
            f"Received: {index}."
        )
    with write_aside(out) as aside:
        if declared.picture:
            picture = declared.picture(examples.x[index])
            Image.fromarray(picture[..., 0] if picture.shape[-1] == 1 else picture).save(aside, format="PNG")
        else:
            aside.write_bytes(examples.x[index])
    click.echo(f"{out}: {name} {split} {index}, label {declared.labels[int(examples.y[index])]}")


def _counts(source):
    return ", ".join(f"{n:,} {split}" for split, n in source.examples.items())
