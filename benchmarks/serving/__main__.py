"""What serving costs and withstands, on this machine: `python -m benchmarks.serving EXPORT`.

Without an option latency and throughput; it ends with status 1 if an answer failed or was wrong, or memory grew.
"""

import sys
from pathlib import Path

import click
from rich.console import Console

from benchmarks._markdown import as_markdown, machine, place
from benchmarks.serving import hostile, latency, saturation, swaps
from tfnotes.serving import runtimes


@click.command()
@click.argument("exports", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@click.option(
    "--runtime",
    type=click.Choice(runtimes.NAMES),
    help="Default: the first that the export is for; of latency and throughput each.",
)
@click.option("--swaps", "times", type=click.IntRange(1), help="Swap versions so often under load.")
@click.option("--minutes", type=click.IntRange(2), help="Saturate the server for so long.")
@click.option("--hostile", "attacked", is_flag=True, help="Send what shouldn't be sent.")
@click.option("--markdown", is_flag=True, help="Write the tables of docs/serving.md and docs/serving.zh.md.")
def main(exports, runtime, times, minutes, attacked, markdown):
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
        for page in latency.HEADS if markdown else ():
            place(page, "hostile", as_markdown(table))
        good &= endured
    if not (times or minutes or attacked):
        said = machine()
        found = list(latency.rows(exports[0], options, runtime))
        Console().print(latency.table(found))
        for page, sentence in zip(latency.HEADS, said, strict=True) if markdown else ():
            place(page, "throughput", f"{sentence}\n\n{as_markdown(latency.table(found, page))}")
    sys.exit(0 if good else 1)


if __name__ == "__main__":
    main()
