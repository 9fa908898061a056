"""How fast exports answer in each runtime they are for: the table of docs/runtimes.md.

    python -m benchmarks.runtimes EXPORT ... [--markdown]
"""

from pathlib import Path

import click
from rich.console import Console
from rich.table import Table

from benchmarks._markdown import as_markdown, machine, place
from tfnotes.serving import latency, metadata

HEADS = {
    "runtimes.md": "model|endpoint|runtime|batch|load s|p50 ms|p99 ms|examples/s|file MB|peak MB",
    "runtimes.zh.md": "模型|接口|运行时|批|load s|p50 ms|p99 ms|样本/s|文件 MB|峰值 MB",
}


def rows(path):
    """A table's rows of an export."""
    found = latency.latency(path)
    about = metadata.read(found["path"])
    for row in found["rows"]:
        times = (f"{row['load_seconds']:.2f}", f"{row['p50_ms']:.3f}", f"{row['p99_ms']:.2f}")
        sizes = (f"{row[name] / 1e6:,.2f}" for name in ("size_bytes", "peak_bytes"))
        per_second = f"{row['examples_per_second']:,.0f}"
        model = f"{about['task']} {about['model']}"
        yield (model, f"`{found['endpoint']}`", row["runtime"], str(row["batch"]), *times, per_second, *sizes)


@click.command()
@click.argument("exports", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@click.option("--markdown", is_flag=True, help="Write the tables of docs/runtimes.md and docs/runtimes.zh.md.")
def main(exports, markdown):
    """Latency of each EXPORT in each runtime."""
    said = machine()
    found = [row for path in exports for row in rows(path)]
    for (page, heads), sentence in zip(HEADS.items(), said, strict=True):
        table = Table(*heads.split("|"))
        for row in found:
            table.add_row(*row)
        if markdown:
            place(page, "latency", f"{sentence}\n\n{as_markdown(table)}")
        elif page == "runtimes.md":
            Console().print(table)


if __name__ == "__main__":
    main()
