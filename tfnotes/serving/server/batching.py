"""Requests to one endpoint, run together: each caller gets the rows of its own examples.

    waiting:  a a | b | c c c        a batch holds whole requests, in the order they came, up to `max_batch` rows
    batch:    [a a b c c c] -> rows 0-1, row 2, rows 3-5

One batch runs at a time, in a thread of its own, so that a slow endpoint holds up no other; what comes meanwhile
waits and goes together. Only requests with equal shapes past the first axis share a batch: nothing is padded, and so
nothing that stands beside an example can change its answer. If a batch fails, its requests run one by one, and the
one that is to blame fails alone.
"""

import asyncio
from collections import deque
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np


@dataclass
class _Waiting:
    inputs: dict
    rows: int
    key: object
    since: float
    answer: asyncio.Future


class Batcher:
    """Runs one endpoint.

    Args:
        ask: a function of a dict of arrays that gives a dict of arrays; it is called in a thread.
        signature: the endpoint's `tfnotes.serving.server.signature.Signature`.
        settings: a `tfnotes.serving.server.settings.Settings`.
        observe: called with the number of rows of each batch.
    """

    def __init__(self, ask, signature, settings, observe=lambda rows: None):
        self._ask, self._signature, self._settings, self._observe = ask, signature, settings, observe
        self._waiting: deque[_Waiting] = deque()
        self._thread = ThreadPoolExecutor(1, f"tfnotes-{signature.name}")
        self._running: asyncio.Task | None = None
        self._came = asyncio.Event()

    async def submit(self, inputs):
        """One request's answer.

        Args:
            inputs: a dict of arrays of the signature's dtypes and shapes.

        Raises:
            Exception: what `ask` raises of these inputs.
        """
        loop = asyncio.get_running_loop()
        rows = len(next(iter(inputs.values()))) if self._signature.batched else 1
        # A key of its own is equal to no other's.
        key = tuple(array.shape[1:] for array in inputs.values()) if self._signature.batched else object()
        one = _Waiting(inputs, rows, key, loop.time(), loop.create_future())
        self._waiting.append(one)
        self._came.set()
        if self._running is None:
            self._running = loop.create_task(self._run())
        return await one.answer

    def close(self):
        """Lets the thread end once nothing runs there."""
        self._thread.shutdown(wait=False)

    async def _run(self):
        try:
            while self._waiting:
                await self._fill()
                group = self._take()
                if group:
                    await self._answer(group)
        finally:
            self._running = None

    async def _fill(self):
        """Waits for a full batch, at most `max_wait_ms` after the first request came."""
        loop, until = asyncio.get_running_loop(), self._waiting[0].since + self._settings.max_wait_ms / 1000
        while loop.time() < until and sum(one.rows for one in self._waiting) < self._settings.max_batch:
            self._came.clear()
            try:
                async with asyncio.timeout_at(until):
                    await self._came.wait()
            except TimeoutError:
                return

    def _take(self):
        group: list[_Waiting] = []
        left: deque[_Waiting] = deque()
        rows = 0
        for one in self._waiting:
            if one.answer.done():
                # Its caller has gone.
                continue
            fits = not group or (one.key == group[0].key and rows + one.rows <= self._settings.max_batch)
            if fits:
                group.append(one)
                rows += one.rows
            else:
                left.append(one)
        self._waiting = left
        return group

    async def _answer(self, group):
        try:
            together = group[0].inputs
            if len(group) > 1:
                together = {name: np.concatenate([one.inputs[name] for one in group]) for name in together}
            rows = sum(one.rows for one in group)
            self._observe(rows)
            outputs = await asyncio.get_running_loop().run_in_executor(self._thread, self._ask, together)
            if self._signature.batched and any(len(value) != rows for value in outputs.values()):
                raise RuntimeError(f"{self._signature.name}: not as many rows came out as went in.")
        except Exception as error:
            if len(group) > 1:
                for one in group:
                    await self._answer([one])
            elif not group[0].answer.done():
                group[0].answer.set_exception(error)
            return
        start = 0
        for one in group:
            if not one.answer.done():
                part = slice(start, start + one.rows)
                shared = len(group) > 1
                one.answer.set_result({k: v[part] if shared else v for k, v in outputs.items()})
            start += one.rows
