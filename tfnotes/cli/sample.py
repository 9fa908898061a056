"""`tfnotes sample`: images that a generative model draws, as one picture."""

from pathlib import Path

import click

from tfnotes.cli import _tensorflow

_PATH = click.Path(path_type=Path)


@click.command()
@click.argument("export", type=_PATH)
@click.option("--n", "count", type=int, default=64, show_default=True, help="How many images.")
@click.option("--seed", type=int, default=0, show_default=True, help="Same seed, same images.")
@click.option("--out", type=_PATH, default=Path("samples.png"), show_default=True, help="The picture to write.")
def command(export, count, seed, out):
    """Draw images with EXPORT, such as saved_models/autoencode/1, side by side in one picture."""
    _tensorflow.load()
    from tfnotes.serving.exported import Exported
    from tfnotes.serving.sample import sample

    sample(Exported(export), count, seed, out)
    click.echo(f"{out} holds {count:,} images.")
