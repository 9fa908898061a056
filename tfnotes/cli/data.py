"""`tfnotes data`: get the data, see what is there, take one example out."""

from dataclasses import fields
from pathlib import Path

import click
from click.shell_completion import CompletionItem

from tfnotes.cli import _paths, _tensorflow, _terminal
from tfnotes.data import sources
from tfnotes.errors import InputError
from tfnotes.files import write_aside
from tfnotes.task import Splits


class _Data(click.ParamType):
    """The name of data; which there are is asked of the installed packages once a command needs it."""

    name = "data"

    def convert(self, value, param, ctx):
        wrong: list[str] = []
        known = sources.installed(wrong.append)
        if value in known:
            return known[value]
        reasons = "".join(f" {sentence}" for sentence in wrong)
        return self.fail(f"{value!r} is not one of {', '.join(map(repr, known))}.{reasons}", param, ctx)

    def shell_complete(self, ctx, param, incomplete):
        return [CompletionItem(name) for name in sources.installed() if name.startswith(incomplete)]


_NAME = click.argument("source", type=_Data(), metavar="NAME")
_DATA_DIR = click.option(
    "--data-dir",
    type=_paths.Path(file_okay=False),
    help="Data folder, instead of TFDS_DATA_DIR or TFDS's default.",
)


@click.group("data")
def command():
    """Prepare, list and look at the data that tasks learn from."""


@command.command()
@_NAME
@_DATA_DIR
@click.option("--force", is_flag=True, help="Fetch and store it anew, in place of what is there.")
def prepare(source, data_dir, force):
    """Fetch the data NAME and store it where training finds it."""
    name = source.name
    folder = source.folder(data_dir)
    if source.is_prepared(data_dir) and not force:
        click.echo(f"{name}: already prepared in {folder}")
        return
    _tensorflow.load()
    from tfnotes.data import prepared

    with _terminal.progress(f"Fetching and preparing {name}", stderr=True) as progress:
        prepared.prepare(source, data_dir, progress)
    click.echo(f"{name}: {_counts(source)} examples in {folder}")


@command.command("list")
@_DATA_DIR
@click.pass_context
def list_(ctx, data_dir):
    """Show which data there are, and which are prepared."""
    table = _terminal.table("name", "task", "what", "examples", "prepared", "where")
    wrong: list[str] = []
    for source in sources.installed(wrong.append).values():
        ready = source.is_prepared(data_dir)
        where = str(source.folder(data_dir)) if ready else f"tfnotes data prepare {source.name}"
        row = (source.name, source.task, source.about, _counts(source), "yes" if ready else "no", where)
        table.add_row(*row)
    _terminal.console().print(table)
    for sentence in wrong:
        click.echo(f"Error: {sentence}", err=True)
    if wrong:
        ctx.exit(1)


@command.command()
@_NAME
@click.option("--split", type=click.Choice([field.name for field in fields(Splits)]), default="test", show_default=True)
@click.option("--index", type=int, default=0, show_default=True, help="Which example of the split, from 0.")
@click.option("--out", type=_paths.Path(dir_okay=False), required=True, help="The file to write.")
@_DATA_DIR
def extract(source, split, index, out, data_dir):
    """Write one example of the data NAME as a PNG file, or as a TXT file if it is a text, and say its label."""
    _tensorflow.load()
    from PIL import Image

    from tfnotes import task

    declared, name = task.load(source.task), source.name
    ending = ".png" if declared.picture else ".txt"
    if Path(out).suffix.lower() != ending:
        raise InputError(f"data extract: `out` must end in {ending}. Received: {out}.")
    examples = getattr(declared.source(source.data)(data_dir), split)
    if not 0 <= index < len(examples):
        raise InputError(
            f"data extract: `index` must be from 0 to {len(examples) - 1} in the split {split} of {name}. "
            f"Received: {index}."
        )
    chosen = examples.take([index])
    example = chosen.x[0]
    if not declared.picture and not isinstance(example, bytes):
        raise InputError(
            f"data extract: the task {declared.name} must declare `picture`, as its examples aren't texts. "
            f"Received: picture=None."
        )
    with write_aside(out) as aside:
        if declared.picture:
            picture = declared.picture(example)
            Image.fromarray(picture[..., 0] if picture.shape[-1] == 1 else picture).save(aside, format="PNG")
        else:
            aside.write_bytes(example)
    click.echo(f"{out}: {name} {split} {index}, label {declared.labels[int(chosen.y[0])]}")


def _counts(source):
    return ", ".join(f"{n:,} {split}" for split, n in source.examples.items())
