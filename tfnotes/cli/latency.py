"""`tfnotes latency`: how fast an export answers in each runtime."""

from pathlib import Path

import click

from tfnotes.cli import _paths, _terminal, _trust


@click.command()
@click.argument("export", type=_paths.Path(path_type=Path))
@click.option("--endpoint", help="Default: the first that all runtimes have.")
@click.option("--batch", "batches", type=click.IntRange(1), multiple=True, default=[1, 8, 64], show_default=True)
@click.option("--seconds", type=click.FloatRange(0, min_open=True), default=2, show_default=True, help="A batch.")
@_trust.option
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def command(export, as_json, **settings):
    """Measure EXPORT, such as saved_models/mnist/1, in each runtime that it has a format for."""
    from tfnotes.serving import latency

    found = latency.latency(export, **settings)
    if as_json:
        import json

        click.echo(json.dumps(found))
        return
    _show(found)


def _show(found):
    from rich.table import Column, Table

    names = ("batch", "load s", "p50 ms", "p99 ms", "examples/s", "file MB", "peak MB")
    title = f"{found['path']}: {found['endpoint']}"
    table = Table("runtime", *(Column(name, justify="right", overflow="fold") for name in names), title=title)
    for row in found["rows"]:
        peak = "-" if row["peak_bytes"] is None else f"{row['peak_bytes'] / 1e6:,.0f}"
        times = (f"{row['load_seconds']:.2f}", f"{row['p50_ms']:.3f}", f"{row['p99_ms']:.3f}")
        rest = (f"{row['examples_per_second']:,.0f}", f"{row['size_bytes'] / 1e6:.2f}", peak)
        table.add_row(row["runtime"], str(row["batch"]), *times, *rest)
    _terminal.console().print(table)
