"""One client's latency against the bare runtime's, then examples a second of several clients, one example a request."""

import itertools
import time

import numpy as np
from rich.table import Table

from benchmarks.serving import load
from benchmarks.serving.child import Child, requests
from tfnotes.serving import examples
from tfnotes.serving.exported import Exported

_ASKED, _SECONDS, _CLIENTS = 500, 5, (1, 8, 64)


def table(path, options, runtime):
    """A table; a server's row says how much processor time of the server an answer took."""
    with Child(path, options=options) as child:
        model = child.got("/models")[0]
        names = [endpoint["name"] for endpoint in model["endpoints"]]
        endpoint = next((name for name in names if examples.of(path, name)), names[0])
        prepared = list(requests(path, model["name"], endpoint))
        columns = ("", "p50 ms", "p99 ms", "examples/s", "server's CPU ms")
        made = Table(*columns, title=f"{model['name']}: {endpoint}, {model['runtime']}, one example a request")
        exported = Exported(path, runtime)
        bare = _bare(exported, endpoint, [inputs for _, inputs in prepared])
        made.add_row("one client in a loop, no server", *_figures(bare, sum(bare)), "")
        for clients in _CLIENTS:
            list(_asked(child, prepared, clients, 1))
            before, start = child.processor(), time.perf_counter()
            answers = list(_asked(child, prepared, clients, _SECONDS))
            seconds, worked = time.perf_counter() - start, child.processor() - before
            if any(answer.status != 200 for answer in answers):
                raise SystemExit("An answer failed.")
            times = [answer.seconds for answer in answers]
            row = _figures(times, seconds)
            made.add_row(f"{clients} client{'s' * (clients > 1)} over HTTP", *row, f"{1000 * worked / len(times):.2f}")
    return made


def _asked(child, prepared, clients, seconds):
    end = time.perf_counter() + seconds
    return load.ask(child.address, [r for r, _ in prepared], clients, lambda: time.perf_counter() > end)


def _bare(exported, endpoint, inputs):
    times = []
    for k, one in enumerate(itertools.islice(itertools.cycle(inputs), _ASKED + 50)):
        start = time.perf_counter()
        exported.ask(endpoint, **one)
        # The first ones warm it.
        if k >= 50:
            times.append(time.perf_counter() - start)
    return times


def _figures(times, seconds):
    return (
        f"{1000 * np.median(times):.2f}", f"{1000 * np.quantile(times, 0.99):.2f}", f"{len(times) / seconds:.0f}",
    )
