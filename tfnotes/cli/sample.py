"""`tfnotes sample`: images that a generative model draws, as one picture."""

from pathlib import Path

import click

from tfnotes.cli import _paths, _tensorflow, _trust
from tfnotes.serving import runtimes

_PATH = _paths.Path(path_type=Path)


@click.command()
@click.argument("export", type=_PATH)
@click.option("--n", "count", type=int, default=64, show_default=True, help="How many images.")
@click.option("--seed", type=int, default=0, show_default=True, help="Same seed, same images.")
@click.option("--out", type=_PATH, default=Path("samples.png"), show_default=True, help="The picture to write.")
@click.option("--runtime", type=click.Choice(runtimes.NAMES), help="Default: the first that the export is for.")
@_trust.option
def command(export, count, seed, out, runtime, trust):
    """Draw images with EXPORT, such as saved_models/autoencode/1, side by side in one picture."""
    exported = _tensorflow.exported(export, runtime, trust)
    from tfnotes.serving.sample import sample

    sample(exported, count, seed, out)
    click.echo(f"{out} holds {count:,} images.")
