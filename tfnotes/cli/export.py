"""`tfnotes export`: a run's model as a SavedModel."""

import json
from pathlib import Path

import click

from tfnotes.cli import _tensorflow

_PATH = click.Path(path_type=Path)


@click.command()
@click.argument("run", type=_PATH)
@click.option(
    "--to", type=_PATH, default="saved_models", show_default=True, help="Folder for the exports of all tasks."
)
@click.option("--data-dir", type=_PATH, help="Folder with the prepared data that it is checked with.")
def command(run, to, data_dir):
    """Export the model of RUN as the next version in saved_models/TASK."""
    _tensorflow.load()
    from tfnotes.serving.export import export
    from tfnotes.training.run import Run

    opened = Run.open(run)
    path = export(opened, to, data_dir)
    click.echo(f"{path} holds the SavedModel. Next:")
    metadata = json.loads((path / "metadata.json").read_text("utf-8"))
    ways, takes = metadata["endpoints"], metadata["decode"]
    if "sample" in ways:
        click.echo(f"  tfnotes sample {path}")
    elif takes == "texts" and "texts" in ways:
        click.echo(f"  tfnotes predict {path} TEXT")
    elif "encoded" in ways and opened.task().decode:
        click.echo(f"  tfnotes predict {path} {'IMAGE' if takes == 'images' else 'FILE'}")
    else:
        click.echo(f"  tfnotes evaluate {run}")
