"""As many requests as the server takes, for minutes: its memory must stay what it is after the first one."""

import itertools
import time

from rich.console import Console
from rich.table import Table

from benchmarks.serving import load
from benchmarks.serving.child import Child, requests

_CLIENTS = 64
# The first minute fills caches: every size of batch has come by then.
_MOST = 1.05


def run(path, options, minutes):
    """Prints a row for each minute; False if an answer failed or memory grew by more than a twentieth."""
    columns = ("minute", "answers/s", "failed", "MiB")
    with Child(path, options=options) as child:
        model = child.got("/models")[0]
        prepared = [r for r, _ in requests(path, model["name"], model["endpoints"][0]["name"])]
        found, start = [(0, 0, child.memory())], time.perf_counter()
        count = failed = 0
        end = start + 60 * minutes
        for answer in load.ask(child.address, prepared, _CLIENTS, lambda: time.perf_counter() > end):
            count, failed = count + 1, failed + (answer.status != 200)
            if time.perf_counter() > start + 60 * len(found):
                found.append((count, failed, child.memory()))
                print(f"minute {len(found) - 1}: {found[-1][2]:.0f} MiB", flush=True)
    made = Table(*columns, title=f"{_CLIENTS} clients, {model['name']}, {model['runtime']}")
    for k, ((before, _, _), (now, wrong, memory)) in enumerate(itertools.pairwise(found), 1):
        made.add_row(str(k), f"{(now - before) / 60:.0f}", str(wrong), f"{memory:.0f}")
    Console().print(made)
    return not failed and all(memory <= _MOST * found[1][2] for _, _, memory in found[1:])
