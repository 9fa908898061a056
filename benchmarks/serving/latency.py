"""One client's latency against the bare runtime's, then examples a second of several clients, in each runtime."""

import itertools
import time

import numpy as np
from rich.table import Table

from benchmarks.serving import load
from benchmarks.serving.child import Child, binary_requests, requests
from tfnotes.serving import examples, runtimes
from tfnotes.serving.exported import Exported, described

_ASKED, _SECONDS, _MANY = 500, 4, 8
HEADS = {
    "serving.md": ("runtime", "who asks", "p50 ms", "p99 ms", "examples/s", "server's CPU ms an example"),
    "serving.zh.md": ("运行时", "谁在问", "p50 ms", "p99 ms", "样本/s", "服务器每个样本的 CPU ms"),
}
WHO = {
    "serving.md": {
        "bare": "a loop, no server",
        "json": "clients: {}, JSON",
        "binary": "clients: {}, binary v2",
        "many": f"clients: {{}}, binary v2, {_MANY} examples a request",
    },
    "serving.zh.md": {
        "bare": "一个循环，没有服务器",
        "json": "客户端：{}，JSON",
        "binary": "客户端：{}，v2 二进制",
        "many": f"客户端：{{}}，v2 二进制，每个请求 {_MANY} 个样本",
    },
}


def rows(path, options, runtime=None):
    """What was measured in each runtime of an export, or in one: its name, who asks, how many of them, the figures."""
    formats = described(path)[1]["formats"]
    for name in [runtime] if runtime else [n for n in runtimes.NAMES if runtimes.FORMATS[n] in formats]:
        for row in _of_runtime(path, [*options, "--runtime", name], name):
            yield name, *row


def table(found, page="serving.md"):
    """The rows as a table for a page of the docs."""
    made = Table(*HEADS[page])
    for runtime, who, clients, *figures in found:
        made.add_row(runtime, WHO[page][who].format(clients), *figures)
    return made


def _of_runtime(path, options, runtime):
    with Child(path, options=options) as child:
        model = child.got("/models")[0]
        names = [endpoint["name"] for endpoint in model["endpoints"]]
        endpoint = next((name for name in names if examples.of(path, name)), names[0])
        prepared = list(requests(path, model["name"], endpoint))
        bare = _bare(Exported(path, runtime), endpoint, [inputs for _, inputs in prepared])
        yield "bare", 1, *_figures(bare, len(bare) / sum(bare)), ""
        binary, many = (list(binary_requests(path, model["name"], endpoint, size)) for size in (1, _MANY))
        asking = [("json", prepared, clients) for clients in (1, 8, 64)]
        for who, asked, clients in (*asking, ("binary", binary, 64), ("many", many, 64)):
            list(_asked(child, asked, clients, 1))
            before, start = child.processor(), time.perf_counter()
            answers = list(_asked(child, asked, clients, _SECONDS))
            seconds, worked = time.perf_counter() - start, child.processor() - before
            if any(answer.status != 200 for answer in answers):
                raise SystemExit("An answer failed.")
            count = len(answers) * (_MANY if who == "many" else 1)
            figures = _figures([answer.seconds for answer in answers], count / seconds)
            yield who, clients, *figures, f"{1000 * worked / count:.2f}"


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


def _figures(times, per_second):
    return f"{1000 * np.median(times):.2f}", f"{1000 * np.quantile(times, 0.99):.2f}", f"{per_second:,.0f}"
