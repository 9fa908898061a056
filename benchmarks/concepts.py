"""Every concept with a twin: time of forward pass and training step, ours over Keras's.

    python -m benchmarks.concepts [NAME ...]

Ends with status 1 if the geometric mean is above 1, or a ratio above 1.1 has no stated reason.
"""

import os
import statistics
import sys

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

from rich.console import Console
from rich.table import Column, Table

from tfnotes import compare, registry

MEAN_LIMIT, LIMIT, PAIRS = 1.0, 1.1, 30


def main(names=()):
    """Prints a table of ratios; true if all are within the limits."""
    chosen = [registry.find(n) for n in names] or [c for c in registry.concepts() if c.twin]
    table = Table(Column("concept", no_wrap=True), "pass", "ours / Keras", "middle half", "ours", "if slower, why")
    medians, unexplained = [], []
    for concept in chosen:
        for what, r in compare.speed(concept, PAIRS).items():
            medians.append(r.median)
            slow = r.median > LIMIT
            if slow and not concept.slower:
                unexplained.append(concept.name)
            reason = (concept.slower or "NO REASON STATED") if slow else ""
            row = (f"{r.median:.2f}", f"{r.low:.2f} to {r.high:.2f}", f"{r.ours_ms:.3f} ms", reason)
            table.add_row(f"{concept.kind}.{concept.name}", what, *row)
    mean = statistics.geometric_mean(medians)
    # A file has no width of its own.
    console = Console() if sys.stdout.isatty() else Console(width=150)
    console.print(table)
    slow = ", ".join(unexplained) or "none"
    console.print(f"geometric mean {mean:.3f} over {len(medians)} ratios; unexplained: {slow}")
    return mean <= MEAN_LIMIT and not unexplained


if __name__ == "__main__":
    sys.exit(0 if main(sys.argv[1:]) else 1)
