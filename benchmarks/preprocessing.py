"""`adapt` against scikit-learn's `fit` at 60,000 x 784 float32: time in turn, memory in a process each.

    python -m benchmarks.preprocessing

It needs scikit-learn, which nothing else does: without it, it says so and ends well. Memory is what the
process takes above what it held with the data loaded, as Linux counts it.
Ends with status 1 if an `adapt` is slower, at the median, than its `fit`, without a stated reason.
"""

import os
import statistics
import subprocess
import sys
import time
from pathlib import Path

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import numpy as np
from rich.console import Console
from rich.table import Table

SHAPE, PAIRS, LIMIT = (60_000, 784), 7, 1.0
# Why some may be slower.
CENTERED = "it centers each block before the product, for the digits of large means; scikit-learn subtracts after it"
REASONS = {"PCA / PCA": CENTERED, "PCAWhitening / PCA(whiten=True)": CENTERED}


def data():
    """Numbers of which some features are correlated and some are constant, as those of digits are."""
    rng = np.random.default_rng(0)
    x = rng.normal(size=SHAPE).astype("float32")
    x[:, 1:] += 0.7 * x[:, :-1]
    x[:, ::16] = 3
    return x


def pairs():
    """Names, with what is timed of ours and of theirs."""
    from sklearn import decomposition
    from sklearn import preprocessing as theirs

    from tfnotes import preprocessing as ours

    return {
        "MeanCentering / StandardScaler(with_std=False)": (
            lambda x: ours.MeanCentering().adapt(x),
            lambda x: theirs.StandardScaler(with_std=False).fit(x),
        ),
        "MinMaxScaling / MinMaxScaler": (
            lambda x: ours.MinMaxScaling().adapt(x),
            lambda x: theirs.MinMaxScaler().fit(x),
        ),
        "Standardization / StandardScaler": (
            lambda x: ours.Standardization().adapt(x),
            lambda x: theirs.StandardScaler().fit(x),
        ),
        "PCA / PCA": (lambda x: ours.PCA().adapt(x), lambda x: decomposition.PCA().fit(x)),
        "PCAWhitening / PCA(whiten=True)": (
            lambda x: ours.PCAWhitening().adapt(x),
            lambda x: decomposition.PCA(whiten=True).fit(x),
        ),
    }


def peak(name, side):
    """The megabytes that one of a pair takes, in a process of its own."""
    command = [sys.executable, "-m", "benchmarks.preprocessing", "--peak", name, str(side)]
    return float(subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()[-1])


def measure_peak(name, side):
    """Runs one of a pair and prints its megabytes."""
    x, run = data(), pairs()[name][side]
    run(x[:2000])
    Path("/proc/self/clear_refs").write_text("5")
    before = _status("VmRSS")
    run(x)
    print((_status("VmHWM") - before) / 1024)


def _status(key):
    line = next(line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith(key))
    return int(line.split()[1])


def main():
    """Prints the table; true if no `adapt` is slower without a reason."""
    # A file has no width of its own.
    console = Console() if sys.stdout.isatty() else Console(width=150)
    try:
        compared = pairs()
    except ImportError as error:
        console.print(f"benchmarks.preprocessing: left out, {error}")
        return True
    x, slower = data(), []
    columns = "time ratio", "middle half", "ours", "theirs", "memory, ours", "theirs", "if slower, why"
    table = Table("ours / scikit-learn", *columns)
    for name, (ours, theirs) in compared.items():
        times = []
        for k in range(PAIRS + 1):
            order = (ours, theirs) if k % 2 else (theirs, ours)
            taken = {run: _time(run, x) for run in order}
            times.append((taken[ours], taken[theirs]))
        times = times[1:]
        ratios = [a / b for a, b in times]
        low, median, high = statistics.quantiles(ratios, n=4)
        reason = REASONS.get(name, "NO REASON STATED") if median > LIMIT else ""
        if median > LIMIT and name not in REASONS:
            slower.append(name)
        seconds = [f"{statistics.median(column):.3f} s" for column in zip(*times, strict=True)]
        memory = [f"{peak(name, side):.0f} MB" for side in (0, 1)]
        table.add_row(name, f"{median:.2f}", f"{low:.2f} to {high:.2f}", *seconds, *memory, reason)
    console.print(table)
    console.print(f"slower without a reason: {', '.join(slower) or 'none'}")
    return not slower


def _time(run, x):
    start = time.perf_counter()
    run(x)
    return time.perf_counter() - start


if __name__ == "__main__":
    if "--peak" in sys.argv:
        measure_peak(sys.argv[2], int(sys.argv[3]))
        sys.exit(0)
    sys.exit(0 if main() else 1)
