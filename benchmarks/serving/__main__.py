"""What serving costs and withstands, on this machine: `python -m benchmarks.serving EXPORT`.

Without an option latency and throughput; it ends with status 1 if an answer failed or was wrong, or memory grew.
"""

import sys
from pathlib import Path

import click
from rich.console import Console

from benchmarks.serving import hostile, latency, saturation, swaps
from tfnotes.serving import runtimes


@click.command()
@click.argument("exports", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@click.option("--runtime", type=click.Choice(runtimes.NAMES), help="Default: the first that the export is for.")
@click.option("--swaps", "times", type=click.IntRange(1), help="Swap versions so often under load.")
@click.option("--minutes", type=click.IntRange(2), help="Saturate the server for so long.")
@click.option("--hostile", "attacked", is_flag=True, help="Send what shouldn't be sent.")
def main(exports, runtime, times, minutes, attacked):
    """Measure a server of an EXPORT; several take turns with --swaps."""
    options = ["--runtime", runtime] if runtime else []
    good = True
    if times:
        table, good = swaps.table(exports, options, runtime, times)
        Console().print(table)
    if minutes:
        good &= saturation.run(exports[0], options, minutes)
    if attacked:
        table, endured = hostile.table(exports[0], options)
        Console().print(table)
        good &= endured
    if not (times or minutes or attacked):
        Console().print(latency.table(exports[0], options, runtime))
    sys.exit(0 if good else 1)


if __name__ == "__main__":
    main()
