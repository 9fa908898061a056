"""`tfnotes compare`: a concept against its Keras twin, or a whole network of either kind of layers."""

from pathlib import Path

import click

from tfnotes import task as tasks
from tfnotes.cli import _paths, _tensorflow, _terminal, _training

_PATH = _paths.Path(path_type=Path)


@click.command("compare")
@click.argument("name")
@click.argument("model", required=False)
@click.option("--cases", type=click.IntRange(1), default=10, show_default=True, help="Random cases a sample.")
@click.option("--pairs", type=click.IntRange(4), default=30, show_default=True, help="Timings of each, in turn.")
@click.option("--data", help="With MODEL: one of the task's data sources.")
@click.option("--data-dir", type=_PATH, help="With MODEL: folder with the prepared data.")
@click.option("--epochs", type=int, help="With MODEL: how often each example is seen.")
@click.option("--set", "settings", multiple=True, metavar="KEY=VALUE", help="With MODEL: one of its settings.")
@click.option("--run", "path", type=_PATH, help="With MODEL: folder.  [default: runs/compare-NAME-MODEL-N]")
@click.option("--no-figures", is_flag=True, help="With MODEL: leave out the picture of the curves.")
@click.option("--gates", type=_PATH, metavar="PNG", help="Of a recurrent layer: a picture of its gates and Keras's.")
@click.option("--seed", type=click.IntRange(0), default=0, show_default=True, help="Of weights and inputs.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def command(name, model, cases, pairs, gates, seed, as_json, **options):
    """Compare the concept NAME with Keras's own: largest differences in values and gradients
    (float64), and the ratio of times (ours / theirs, less is faster).

    Or train the MODEL of the task NAME of our layers and of Keras's, from the same seed and weights: curves,
    time of a step, final figures."""
    if model is not None:
        if gates:
            raise click.UsageError("--gates goes with a concept, not with a MODEL.")
        _compare_networks(name, model, pairs, seed, as_json, **options)
        return
    given = [key for key, value in options.items() if value]
    if given:
        option = {"path": "run", "settings": "set"}.get(given[0], given[0])
        raise click.UsageError(f"--{option.replace('_', '-')} needs a MODEL.")
    _tensorflow.load()
    from dataclasses import asdict

    from tfnotes import compare, registry

    concept = registry.find(name)
    if gates:
        both = compare.gate_activations(concept, seed)
        from tfnotes.cli import _gates

        _gates.draw(gates, concept, *both)
    differences = compare.differences(concept, cases, seed)
    ratios = compare.speed(concept, pairs, seed)
    if as_json:
        import json

        report = {
            "name": concept.name,
            "kind": concept.kind,
            "twin": concept.twin,
            "cases": cases * len(concept.samples),
            "differences": differences,
            "ratios": {key: asdict(ratio) for key, ratio in ratios.items()},
        }
        click.echo(json.dumps(report, indent=2))
        return
    from rich.table import Table

    console = _terminal.console()
    table = Table("largest relative difference", "float64", title=f"{concept.kind}.{concept.name} and {concept.twin}")
    for key, value in differences.items():
        table.add_row(key, f"{value:.1e}")
    console.print(table)
    table = Table("time, ours / theirs", "median", "middle half", "ours", "theirs")
    for key, r in ratios.items():
        ours, theirs = f"{r.ours_ms:.3f} ms", f"{r.theirs_ms:.3f} ms"
        table.add_row(key, f"{r.median:.2f}", f"{r.low:.2f} to {r.high:.2f}", ours, theirs)
    console.print(table)
    if gates:
        console.print(_gates.table(*both))
        click.echo(f"{gates} shows them step by step.")
    if concept.slower:
        console.print(f"Slower because {concept.slower}", highlight=False)


def _compare_networks(name, model, pairs, seed, as_json, data, data_dir, epochs, settings, path, no_figures):
    if name not in tasks.names():
        # It raises at once, without the seconds that TensorFlow takes.
        tasks.load(name)
    _tensorflow.load()
    from rich.table import Table

    from tfnotes.callbacks import Progress
    from tfnotes.training import config, run, setup, side_by_side
    from tfnotes.training.signals import Interrupted

    task = tasks.load(name)
    options = {"data": data, "data_dir": data_dir, "epochs": epochs, "settings": settings, "seed": seed}
    # Wrong options are refused before the data are read.
    asked = config.configure(task, model=model, layers="keras", **options)
    path = path or run.next_free("runs", f"compare-{name}-{model}")
    run.refuse_existing(path)
    splits = _training.read(setup.Setup(asked, task))
    try:
        with Progress() as progress:
            bars = [] if as_json else [progress]
            report = side_by_side.side_by_side(
                task, model, path, splits, pairs=pairs, figures=not no_figures, callbacks=lambda: bars, **options
            )
    except Interrupted as error:
        left = f"; {path} holds what was trained" if path.exists() else ""
        click.echo(f"Stopped, with nothing compared{left}.", err=True)
        click.get_current_context().exit(128 + error.signum)
    if as_json:
        import json

        click.echo(json.dumps(report))
        return
    figures = list(report["runs"]["keras"]["test"])
    table = Table("layers", *figures, title=f"{name} {model} on the test split")
    for kind, found in report["runs"].items():
        table.add_row(kind, *(_shown(value) for value in found["test"].values()))
    _terminal.console().print(table)
    step = report["step"]
    click.echo(
        f"training step, ours / theirs: {step['median']:.2f} ({step['low']:.2f} to {step['high']:.2f}), "
        f"{step['ours_ms']:.1f} ms and {step['theirs_ms']:.1f} ms"
    )
    if report["draws"]:
        names = ", ".join(report["draws"])
        click.echo(f"What {names} drop or draw is another in each run, so the figures differ by more than rounding.")
    holds = "both runs" if no_figures else "both runs and curves.png"
    click.echo(f"{path} holds {holds}; overlaid: tfnotes tensorboard {path}")


def _shown(value):
    return f"{value:.4f}" if isinstance(value, float) else f"{value:,}"
