"""What serving costs: `python -m benchmarks.serving EXPORT` starts a server on this machine and asks it.

Latency of one client against the bare signature in the same table, then examples a second of 1, 8 and 64 clients, each
of which asks for one example at a time, against one client in a loop without a server.
"""

import http.client
import json
import subprocess
import sys
import threading
import time

import numpy as np
from rich.console import Console
from rich.table import Table

_ASKED, _SECONDS = 300, 4


def main(path):
    """Prints the tables."""
    child = subprocess.Popen(
        [sys.executable, "-m", "tfnotes", "serve", path, "--port", "0"], stdout=subprocess.PIPE, text=True
    )
    try:
        while "Listening at" not in (line := child.stdout.readline()):
            if not line:
                raise SystemExit(f"{path} isn't served.")
        address = line.split()[-1].removeprefix("http://")
        connection = http.client.HTTPConnection(address, timeout=60)
        model = _got(connection, "GET", "/models")[0]
        endpoint = model["endpoints"][0]
        example = {
            name: np.ones([max(size, 1) for size in spec["shape"]], int).tolist()
            for name, spec in endpoint["inputs"].items()
        }
        target = f"/v1/models/{model['name']}:predict"
        body = json.dumps({"inputs": example})
        table = Table("batch 1", "p50 ms", "p99 ms", "examples/s", title=f"{model['name']}: {endpoint['name']}")
        bare = _bare(path, example)
        # The server has closed the connection in the meantime, as nothing was asked.
        connection.close()
        for name, ask in (
            ("bare signature", bare),
            ("through HTTP", lambda: _got(connection, "POST", target, body)),
        ):
            times = _timed(ask)
            table.add_row(name, *_figures(times, sum(times) / 1000))
        for clients in (1, 8, 64):
            times, seconds = _load(address, target, body, clients)
            table.add_row(f"{clients} clients", *_figures(times, seconds))
        Console().print(table)
    finally:
        child.terminate()
        child.wait(60)


def _bare(path, example):
    from tfnotes.serving.exported import Exported

    exported = Exported(path)
    inputs = [np.asarray(value) for value in example.values()]
    return lambda: exported.ask("serving_default", *inputs)


def _figures(times, seconds):
    return f"{np.median(times):.2f}", f"{np.quantile(times, 0.99):.2f}", f"{len(times) / seconds:.0f}"


def _timed(ask):
    times = []
    for k in range(_ASKED + 20):
        start = time.perf_counter()
        ask()
        # The first ones warm it.
        if k >= 20:
            times.append(1000 * (time.perf_counter() - start))
    return times


def _load(address, target, body, clients):
    """Milliseconds of each answer to so many clients at once, and how long it went on."""
    times, end, start = [], time.perf_counter() + _SECONDS, time.perf_counter()

    def client():
        connection = http.client.HTTPConnection(address, timeout=60)
        while time.perf_counter() < end:
            before = time.perf_counter()
            _got(connection, "POST", target, body)
            times.append(1000 * (time.perf_counter() - before))
        connection.close()

    threads = [threading.Thread(target=client) for _ in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return times, time.perf_counter() - start


def _got(connection, method, target, body=None):
    connection.request(method, target, body)
    answer = connection.getresponse()
    data = answer.read()
    if answer.status != 200:
        raise SystemExit(f"{target}: {answer.status} {data[:200]!r}")
    return json.loads(data)


if __name__ == "__main__":
    main(sys.argv[1])
