"""A version swapped under load: each answer must be that of the version that gave it, and none may fail."""

import json
import shutil
import tempfile
import threading
import time
from collections import Counter
from pathlib import Path

import numpy as np
from rich.table import Table

from benchmarks.serving import load
from benchmarks.serving.child import Child, requests
from tfnotes.serving.exported import Exported

_PATIENCE = 120


def table(paths, options, runtime, swaps, clients=8):
    """Serves the exports `paths` by turns, each as the next version of one model, and counts the answers.

    Two versions of different weights tell whose an answer is; each client asks another example, which tells whether
    it got its own.
    """
    with tempfile.TemporaryDirectory() as folder:
        folder = Path(folder, "model")
        _put(paths[0], folder, 1)
        with Child(folder, options=[*options, "--poll-seconds", 0.1]) as child:
            endpoint = child.got("/models")[0]["endpoints"][0]["name"]
            prepared = list(requests(paths[0], "model", endpoint))
            wanted = [[Exported(path, runtime).ask(endpoint, **inputs) for _, inputs in prepared] for path in paths]
            said, before = [], child.memory()
            changing = threading.Thread(target=_change, args=(paths, folder, child, swaps, said))
            changing.start()
            found = Counter()
            for answer in load.ask(child.address, [r for r, _ in prepared], clients, lambda: not changing.is_alive()):
                found[_whose(answer, [answers[answer.client % len(prepared)] for answers in wanted])] += 1
            changing.join()
            after = child.memory()
        drained = sum(line.endswith("is let go.") for line in child.said)
    made = Table("swaps", "seconds each", "let go", *(f"of {path}" for path in paths), "wrong", "failed", "MiB before")
    made.add_column("MiB after")
    rows = [str(found[k]) for k in range(len(paths))]
    made.add_row(str(len(said)), f"{np.median(said):.1f}", str(drained), *rows, str(found["wrong"]),
                 str(found["failed"]), f"{before:.0f}", f"{after:.0f}")  # fmt: skip
    return made, len(said) == swaps and not found["wrong"] and not found["failed"]


def _put(path, folder, version):
    """As an export does: written beside, then renamed."""
    aside = folder / f".{version}.partial"
    shutil.copytree(path, aside)
    aside.rename(folder / str(version))


def _change(paths, folder, child, swaps, said):
    for version in range(2, swaps + 2):
        start = time.perf_counter()
        _put(paths[(version - 1) % len(paths)], folder, version)
        while child.got("/models")[0]["versions"] != [version]:
            if time.perf_counter() - start > _PATIENCE:
                return
            time.sleep(0.1)
        said.append(time.perf_counter() - start)
        shutil.rmtree(folder / str(version - 1))


def _whose(answer, wanted):
    """The number of the export whose answer it is."""
    if answer.status != 200:
        return "failed"
    outputs = json.loads(answer.body)["outputs"]
    for k, expected in enumerate(wanted):
        got = outputs if isinstance(outputs, dict) else {next(iter(expected)): outputs}
        if all(np.allclose(got[name], value, rtol=1e-4, atol=1e-5) for name, value in expected.items()):
            return k
    return "wrong"
