"""`tfnotes compare`: a concept against its Keras twin."""

import click

from tfnotes.cli import _tensorflow


@click.command("compare")
@click.argument("name")
@click.option("--cases", type=click.IntRange(1), default=10, show_default=True, help="Random cases a sample.")
@click.option("--pairs", type=click.IntRange(4), default=30, show_default=True, help="Timings of each, in turn.")
@click.option("--seed", type=click.IntRange(0), default=0, show_default=True, help="Of weights and inputs.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def command(name, cases, pairs, seed, as_json):
    """Compare the concept NAME with Keras's own: largest differences in values and gradients
    (float64), and the ratio of times (ours / theirs, less is faster)."""
    _tensorflow.load()
    from dataclasses import asdict

    from tfnotes import compare, registry

    concept = registry.find(name)
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
    from rich.console import Console
    from rich.table import Table

    console = Console()
    table = Table("largest relative difference", "float64", title=f"{concept.kind}.{concept.name} and {concept.twin}")
    for key, value in differences.items():
        table.add_row(key, f"{value:.1e}")
    console.print(table)
    table = Table("time, ours / theirs", "median", "middle half", "ours", "theirs")
    for key, r in ratios.items():
        ours, theirs = f"{r.ours_ms:.3f} ms", f"{r.theirs_ms:.3f} ms"
        table.add_row(key, f"{r.median:.2f}", f"{r.low:.2f} to {r.high:.2f}", ours, theirs)
    console.print(table)
    if concept.slower:
        console.print(f"Slower because {concept.slower}", highlight=False)
