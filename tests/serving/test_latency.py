"""What is measured, on a clock that a person can read: percentiles, examples in a second, in their units."""

import inspect
import json
from pathlib import Path

import numpy as np
import pytest

from tfnotes.serving import latency


def test_percentiles_and_rates_by_hand(monkeypatch):
    # Calls 1 to 100 of a batch take 1, 2, ... 100 ms; what is loaded and warm takes none.
    clock, calls, seen = [0.0], [], []

    class Opened:
        def __init__(self, folder, runtime, trust):
            clock[0] += 3.0

        def ask(self, endpoint, x):
            seen.append(len(x))
            calls.append(len(x))
            k = len(calls) - 1 - latency._WARM - 1
            clock[0] += max(k + 1, 0) / 1000

    monkeypatch.setattr(latency.exported, "Exported", Opened)
    monkeypatch.setattr(latency.examples, "of", lambda folder, endpoint: {"x": np.arange(3)})
    # 100 calls take 5.05 seconds.
    (row,) = latency.measure("f", "onnx", "e", [4], 5.05 - 0.001, clock=lambda: clock[0])
    assert seen[0] == 1
    assert set(seen[1:]) == {4}
    assert row["load_seconds"] == pytest.approx(3)
    assert row["p50_ms"] == pytest.approx(50.5)
    assert row["p99_ms"] == pytest.approx(99.01)
    assert row["examples_per_second"] == pytest.approx(4 / 0.0505)


def test_a_batch_goes_round_the_examples():
    stored = {"x": np.arange(3), "seed": np.array(7)}
    found = latency._batch(stored, 5)
    assert found["x"].tolist() == [0, 1, 2, 0, 1]
    assert found["seed"] == 7


@pytest.mark.parametrize("trust", [True, False])
def test_all_that_is_asked_reaches_the_process_that_measures(monkeypatch, trust):
    asked = []

    class Done:
        returncode, stdout = 0, "[]\n"

    monkeypatch.setattr(latency.subprocess, "run", lambda command, **_: asked.append(json.loads(command[-1])) or Done)
    assert latency._child(Path("f"), "onnx", "e", (1, 8), 0.5, trust) == []
    given = inspect.signature(latency.measure).bind(*asked[0]).arguments
    wanted = {"folder": "f", "runtime": "onnx", "endpoint": "e", "batches": [1, 8], "seconds": 0.5, "trust": trust}
    assert given == wanted
