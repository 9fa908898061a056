"""What is measured, on a clock that a person can read: percentiles, examples in a second, in their units."""

import inspect
import json
import resource
import sys
from pathlib import Path

import numpy as np
import pytest

from tfnotes.errors import InputError
from tfnotes.serving import examples, latency, metadata


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


class Steady:
    """An export that takes 3 s to open, and then as long for each call as is said."""

    def __init__(self, clock, first=0.0, each=0.0):
        self.clock, self.costs, self.seen = clock, [first], []
        self.each = each

    def ask(self, endpoint, x):
        self.seen.append(len(x))
        self.clock[0] += self.costs.pop() if self.costs else self.each


@pytest.fixture
def steady(monkeypatch):
    """Makes `measure` meet such an export; gives what measures it."""

    def of(batches, seconds, **costs):
        clock, opened = [0.0], []

        def open_(folder, runtime, trust):
            clock[0] += 3.0
            opened.append((folder, runtime, trust, Steady(clock, **costs)))
            return opened[0][-1]

        monkeypatch.setattr(latency.exported, "Exported", open_)
        monkeypatch.setattr(latency.examples, "of", lambda folder, endpoint: {"x": np.arange(3)})
        rows = latency.measure("f", "onnx", "e", batches, seconds, True, clock=lambda: clock[0])
        assert opened[0][:3] == ("f", "onnx", True)
        return rows, opened[0][-1].seen

    return of


def test_the_first_answer_is_of_loading_and_each_batch_has_a_row(steady):
    rows, seen = steady([2, 7], 1e-9, first=2.0, each=0.5)
    assert seen == [1, *[2] * 25, *[7] * 25], "five to warm, and twenty at least"
    assert [row["batch"] for row in rows] == [2, 7]
    for row in rows:
        assert {key: row[key] for key in ("load_seconds", "p50_ms", "p99_ms")} == {
            "load_seconds": 5.0,
            "p50_ms": 500.0,
            "p99_ms": 500.0,
        }
    assert [row["examples_per_second"] for row in rows] == [4.0, 14.0]


def test_no_more_calls_than_are_wanted(steady, monkeypatch):
    assert (latency.BATCHES, latency._WARM, latency._FEWEST, latency._MOST) == ((1, 8, 64), 5, 20, 5000)
    monkeypatch.setattr(latency, "_MOST", 30)
    # Warming takes none of the time.
    assert len(steady([1], 1e3, each=1.0)[1]) == 1 + 5 + 30
    monkeypatch.setattr(latency, "_MOST", 5000)
    assert len(steady([1], 24.5, each=1.0)[1]) == 1 + 5 + 25


@pytest.mark.parametrize("platform", ["linux", "darwin"])
def test_the_peak_of_memory(steady, monkeypatch, platform):
    class Status:
        said = "VmPeak:\t 900 kB\nVmHWM:\t  123 kB\nVmRSS:\t 5 kB\n"

        def __init__(self, path):
            assert path == "/proc/self/status"

        def read_text(self, encoding):
            return self.said

    monkeypatch.setattr(latency, "Path", Status)
    assert steady([1], 1e-9, each=1.0)[0][0]["peak_bytes"] == 123 * 1024
    monkeypatch.setattr(Status, "said", "no such line")
    monkeypatch.setattr(latency.sys, "platform", platform)
    monkeypatch.setattr(resource, "getrusage", lambda who: type("usage", (), {"ru_maxrss": 7000}))
    assert steady([1], 1e-9, each=1.0)[0][0]["peak_bytes"] == (7000 if platform == "darwin" else 7000 * 1024)
    monkeypatch.setitem(sys.modules, "resource", None)
    assert steady([1], 1e-9, each=1.0)[0][0]["peak_bytes"] is None


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"batches": (4, 0)}, "latency: `batch` must be a positive integer. Received: batch=0."),
        ({"seconds": 0}, "latency: `seconds` must be a finite number above 0. Received: seconds=0."),
    ],
)
def test_settings_that_measure_nothing(tmp_path, options, sentence):
    with pytest.raises(InputError) as caught:
        latency.latency(tmp_path / "never looked at", **options)
    assert str(caught.value) == sentence


@pytest.fixture
def folder(tmp_path):
    """An export of two endpoints in two formats, of which only the second stands in both; the third has no examples."""
    tensor = {"x": {"shape": ["batch"], "dtype": "int32"}}
    ways = {name: {"inputs": tensor, "outputs": tensor} for name in ("one", "two", "three")}
    shared = {"two": {}, "three": {}}
    files = ("saved_model.pb", "variables/data", "onnx/two.onnx", "onnx/three.onnx", "keras/model.keras")
    for size, file in enumerate(files, 1):
        (tmp_path / file).parent.mkdir(exist_ok=True)
        (tmp_path / file).write_bytes(bytes(10**size))
    np.savez(tmp_path / examples.NAME, **{"one/x": np.arange(3), "two/x": np.arange(3)})
    about = {"task": "t", "model": "m", "data": "d", "labels": [], "decode": None, "endpoints": ways}
    formats = {"saved_model": {name: {} for name in ways}, "onnx": shared, "keras": {}}
    metadata.write(tmp_path, {**about, "formats": formats})
    return tmp_path


def test_an_endpoint_that_all_runtimes_have_and_its_files(folder, monkeypatch):
    asked = []
    monkeypatch.setattr(latency, "_child", lambda *given: asked.append(given) or [{"batch": 1}, {"batch": 8}])
    found = latency.latency(folder)
    assert found == {
        "path": str(folder),
        "endpoint": "two",
        "rows": [
            {"runtime": name, "batch": batch, "size_bytes": size}
            for name, size in (("tensorflow", 110), ("onnx", 1000))
            for batch in (1, 8)
        ],
    }
    assert asked == [(folder, name, "two", (1, 8, 64), 2.0, False) for name in ("tensorflow", "onnx")]
    with pytest.raises(InputError) as caught:
        latency.latency(folder, "one")
    assert str(caught.value) == (
        "latency: `endpoint` must be one of two, for which there are examples and a file for each of "
        f"tensorflow, onnx. Received: endpoint='one' of {folder}."
    )
    np.savez(folder / examples.NAME, **{"one/x": np.arange(3)})
    with pytest.raises(InputError) as caught:
        latency.latency(folder, "two")
    assert str(caught.value) == (
        "latency: `export` must have an endpoint with examples and with a file for each runtime that it is for. "
        f"Received: {folder}, which holds saved_model, onnx, keras."
    )


@pytest.mark.parametrize(
    ("stderr", "reason"),
    [("", "status 3"), ("Traceback\ntfnotes.errors.InputError: it is gone.\n", "it is gone."), ("a\nb: c", "b: c")],
)
def test_why_the_process_that_measures_failed(monkeypatch, stderr, reason):
    done = type("done", (), {"returncode": 3, "stdout": "", "stderr": stderr})
    monkeypatch.setattr(latency.subprocess, "run", lambda command, **_: done)
    with pytest.raises(InputError) as caught:
        latency._child(Path("f"), "onnx", "e", (1,), 0.5, False)
    assert str(caught.value) == f"latency: onnx can't run the endpoint e of f ({reason})."


def test_rows_stand_on_the_last_line_of_what_is_printed(monkeypatch):
    done = type("done", (), {"returncode": 0, "stdout": 'a word\n[{"batch": 1}]\n', "stderr": "a warning"})
    monkeypatch.setattr(latency.subprocess, "run", lambda command, **_: done)
    assert latency._child(Path("f"), "onnx", "e", (1,), 0.5, False) == [{"batch": 1}]
