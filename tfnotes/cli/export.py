"""`tfnotes export`: a run's model as a SavedModel, and in other formats."""

import json
from pathlib import Path

import click
from click.core import ParameterSource

from tfnotes.cli import _paths, _tensorflow, _terminal, _trust

_PATH = _paths.Path(path_type=Path)
_FORMATS, _CONVERTED = ("saved_model", "onnx", "litert", "keras"), ("onnx", "litert")


@click.command()
@click.argument("run", type=_PATH)
@click.option(
    "--to", type=_PATH, default="saved_models", show_default=True, help="Folder for the exports of all tasks."
)
@click.option(
    "--format",
    "formats",
    type=click.Choice([*_FORMATS, "all"]),
    multiple=True,
    default=["saved_model"],
    show_default=True,
    help="What to write; repeatable.",
)
@click.option(
    "--add-format",
    "added",
    type=click.Choice(_CONVERTED),
    multiple=True,
    help="Add this to RUN, which is an export, such as saved_models/mnist/1; repeatable.",
)
@click.option("--quantize", type=click.Choice(["dynamic", "float16"]), help="Weights of 8 or 16 bits in litert.")
@click.option(
    "--accuracy-loss",
    type=click.FloatRange(0, 1),
    default=0.01,
    show_default=True,
    help="What --quantize may cost on the test split.",
)
@click.option("--data-dir", type=_PATH, help="Folder with the prepared data that it is checked with.")
@_trust.option
@click.pass_context
def command(ctx, run, to, formats, added, quantize, accuracy_loss, data_dir, trust):
    """Export the model of RUN as the next version in saved_models/TASK."""
    given = {name for name in ctx.params if ctx.get_parameter_source(name) is not ParameterSource.DEFAULT}
    if added and given & {"formats", "to"}:
        raise click.UsageError("--format and --to are for a run, and --add-format is for an export: leave one out.")
    if "accuracy_loss" in given and not quantize:
        raise click.UsageError("--accuracy-loss is for --quantize.")
    if trust and not added:
        raise click.UsageError("--trust is for --add-format.")
    _tensorflow.load()
    from tfnotes.serving import export
    from tfnotes.serving.add_format import add_format
    from tfnotes.training.run import Run

    def report(sentence):
        click.echo(sentence, err=True)

    if added:
        wanted = list(dict.fromkeys(added))
        path = add_format(run, wanted, report, quantize, accuracy_loss, data_dir, trust)
        click.echo(f"{path} holds {', '.join(wanted)} too.")
        return
    wanted = list(_FORMATS) if "all" in formats else list(dict.fromkeys(formats))
    opened = Run.open(run)
    with _terminal.progress("export", stderr=True) as progress:
        path = export.export(opened, to, data_dir, wanted, report, quantize, accuracy_loss, progress)
    what = " and ".join("the SavedModel" if name == "saved_model" else name for name in wanted)
    click.echo(f"{path} holds {what}. Next:")
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
