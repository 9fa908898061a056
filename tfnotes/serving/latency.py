"""How fast an export answers in each runtime, each in a process of its own, whose start and memory nothing else shares.

    load        from the runtime's import to the first answer
    p50, p99    of an answer to one batch
    examples/s  the batch over the mean time
    memory      the process's peak until then
    size        of the endpoint's file; of a SavedModel, which holds all endpoints, the whole
"""

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import numpy as np

from tfnotes import _checks
from tfnotes.errors import InputError
from tfnotes.serving import examples, exported, metadata, runtimes

BATCHES = (1, 8, 64)
_WARM, _FEWEST, _MOST = 5, 20, 5000


def latency(path, endpoint=None, batches=BATCHES, seconds=2.0, trust=False):
    """Measures each runtime that an export is for.

    Args:
        path: the version's folder, or its task's folder for the newest.
        endpoint: its name; None for the first that all these runtimes have.
        batches: how many examples are asked at once, in turn.
        seconds: for each batch.
        trust: as for `tfnotes.serving.exported.Exported`.

    Returns:
        A dict of "path", "endpoint" and "rows": a list of dicts with "runtime", "batch", "load_seconds", "p50_ms",
        "p99_ms", "examples_per_second", "size_bytes" and "peak_bytes" (None where the system doesn't tell).

    Raises:
        InputError: there is no such export, or endpoint, or no examples to ask, or a runtime fails.
    """
    for batch in batches:
        _checks.integer("latency", "batch", batch)
    _checks.number("latency", "seconds", seconds, low=0, exclusive=True)
    folder, about = exported.described(path)
    formats = about["formats"]
    names = [name for name in runtimes.NAMES if runtimes.FORMATS[name] in formats]
    shared = [n for n in about["endpoints"] if all(n in formats[runtimes.FORMATS[name]] for name in names)]
    asked = [name for name in shared if names and examples.of(folder, name)]
    chosen = endpoint or next(iter(asked), None)
    if not asked:
        raise InputError(
            "latency: `export` must have an endpoint with examples and with a file for each runtime that it is for. "
            f"Received: {folder}, which holds {', '.join(formats)}."
        )
    if chosen not in asked:
        raise InputError(
            f"latency: `endpoint` must be one of {', '.join(asked)}, for which there are examples and a file "
            f"for each of {', '.join(names)}. Received: endpoint={endpoint!r} of {folder}."
        )
    rows = []
    for name in names:
        size = sum((folder / file).stat().st_size for file in about["files"] if _holds(file, name, chosen))
        measured = _child(folder, name, chosen, batches, seconds, trust)
        rows += [{"runtime": name, **row, "size_bytes": size} for row in measured]
    return {"path": str(folder), "endpoint": chosen, "rows": rows}


def _holds(file, runtime, endpoint):
    kind = runtimes.FORMATS[runtime]
    return metadata.format_of(file) == kind and (kind == "saved_model" or Path(file).stem == endpoint)


def _child(folder, runtime, endpoint, batches, seconds, trust):
    settings = json.dumps([str(folder), runtime, endpoint, list(batches), seconds, trust])
    quiet = {**os.environ, "TF_CPP_MIN_LOG_LEVEL": "3"}
    command = [sys.executable, "-m", __name__, settings]
    child = subprocess.run(command, capture_output=True, text=True, env=quiet, check=False)
    if child.returncode:
        reason = (child.stderr.strip().splitlines() or [f"status {child.returncode}"])[-1]
        # An error of ours is a sentence without its class.
        reason = reason.removeprefix(f"{InputError.__module__}.{InputError.__name__}: ")
        raise InputError(f"latency: {runtime} can't run the endpoint {endpoint} of {folder} ({reason}).")
    return json.loads(child.stdout.splitlines()[-1])


def measure(folder, runtime, endpoint, batches, seconds, trust=False, clock=time.perf_counter):
    """What the child does: the rows of one runtime, without its name and size."""
    stored = examples.of(folder, endpoint)
    start = clock()
    opened = exported.Exported(folder, runtime, trust)
    opened.ask(endpoint, **_batch(stored, 1))
    load, rows = clock() - start, []
    for size in batches:
        inputs, times = _batch(stored, size), list[float]()
        for _ in range(_WARM):
            opened.ask(endpoint, **inputs)
        end = clock() + seconds
        while len(times) < _FEWEST or (len(times) < _MOST and clock() < end):
            before = clock()
            opened.ask(endpoint, **inputs)
            times.append(clock() - before)
        p50, p99 = 1000 * np.quantile(times, [0.5, 0.99])
        row = {"batch": size, "load_seconds": load, "p50_ms": float(p50), "p99_ms": float(p99)}
        rows.append({**row, "examples_per_second": size / float(np.mean(times)), "peak_bytes": _peak()})
    return rows


def _batch(stored, size):
    return {name: value[np.arange(size) % len(value)] if value.ndim else value for name, value in stored.items()}


def _peak():
    """The most memory that this process has had."""
    try:
        # What `getrusage` says counts the parent's before the start.
        status = Path("/proc/self/status").read_text("utf-8")
        return int(status.split("VmHWM:")[1].split()[0]) * 1024
    except (OSError, IndexError):
        return _peak_elsewhere()


def _peak_elsewhere():
    try:
        import resource
    except ImportError:
        return None
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else 1024 * peak


if __name__ == "__main__":
    sys.stdout.write(json.dumps(measure(*json.loads(sys.argv[1]))) + "\n")
