"""`tfnotes evaluate`: a model's figures; for a classifier the confusion matrix and the worst mistakes too."""

from pathlib import Path

import click

from tfnotes.cli import _paths, _tensorflow, _terminal, _trust
from tfnotes.serving import runtimes

_PATH = _paths.Path(path_type=Path)


@click.command()
@click.argument("run_or_export", type=_PATH)
@click.option("--data", help="Another of the task's data sources than the run's.")
@click.option("--data-dir", type=_PATH, help="Folder with the prepared data.")
@click.option("--split", type=click.Choice(["test", "validation"]), default="test", show_default=True)
@click.option("--runtime", type=click.Choice(runtimes.NAMES), help="Of an export. Default: the first there.")
@_trust.option
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def command(run_or_export, as_json, runtime, trust, **where):
    """Measure a run, such as runs/mnist-cnn-1, or an export, such as saved_models/mnist/1."""
    _tensorflow.load()
    from tfnotes.serving import evaluate
    from tfnotes.serving.exported import Exported, find
    from tfnotes.training.run import Run

    if find(run_or_export):
        exported = Exported(run_or_export, runtime, trust)
        with _terminal.progress("evaluate", stderr=True) as progress:
            path, figures = exported.path, evaluate.evaluate_export(exported, **where, progress=progress)
    elif runtime or trust:
        name = "--runtime" if runtime else "--trust"
        raise click.UsageError(f"{name} is for an export, such as saved_models/mnist/1.")
    else:
        run = Run.open(run_or_export)
        with _terminal.progress("evaluate", stderr=True) as progress:
            path, figures = run.path, evaluate.evaluate_run(run, **where, progress=progress)
    if as_json:
        import json

        click.echo(json.dumps({"path": str(path), **figures}))
        return
    _show(path, figures)


def _show(path, figures):
    from rich.table import Table
    from rich.text import Text

    click.echo(f"{path} on {figures['data']} {figures['split']}: {figures['examples']:,} examples")
    numbers = {k: v for k, v in figures.items() if isinstance(v, float)}
    # The figure that people ask for stands first.
    first = sorted(numbers, key=lambda name: name != "accuracy")
    click.echo("  ".join(f"{name} {numbers[name]:.4f}" for name in first))
    if "confusion" not in figures:
        return
    console, labels = _terminal.console(), figures["labels"]
    table = Table("label", *labels, "found", title="predictions (columns) of each label (rows)")
    for label, row in zip(labels, figures["confusion"], strict=True):
        share = figures["per_class"][label]
        table.add_row(label, *(str(n) if n else "." for n in row), "-" if share is None else f"{share:.1%}")
    console.print(table)
    if figures["mistakes"]:
        texts = ["text"] if "example" in figures["mistakes"][0] else []
        table = Table("index", "label", "prediction", "probability", *texts, title="worst mistakes")
        for mistake in figures["mistakes"]:
            shown = (str(mistake["index"]), mistake["label"], mistake["prediction"], f"{mistake['probability']:.4f}")
            # Text, for a review may hold what rich takes for markup.
            table.add_row(*shown, *(Text(_short(mistake["example"])) for _ in texts))
        console.print(table)


def _short(text, most=200):
    text = " ".join(text.split())
    return text if len(text) <= most else text[: most - 1] + "…"
