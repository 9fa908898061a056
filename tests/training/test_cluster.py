"""What `TF_CONFIG` says, and one sentence within seconds where it is wrong."""

import contextlib
import json
import socket
import threading
import time

import numpy as np
import pytest
import tensorflow as tf

from tfnotes import _share
from tfnotes.errors import InputError
from tfnotes.training.cluster import Cluster, Lost, _answers, connected, from_environment
from tfnotes.training.launch import TETHERED, free_ports

TWO = ["a:1", "b:2"]


def config(cluster, kind="worker", index=0):
    return {"TF_CONFIG": json.dumps({"cluster": cluster, "task": {"type": kind, "index": index}})}


def test_the_chief_is_the_first():
    found = from_environment(config({"worker": ["b:2", "c:3"], "chief": ["a:1"]}, index=1), 5)
    assert (found.addresses, found.rank, found.chief, found.size, found.wait) == (["a:1", "b:2", "c:3"], 2, False, 3, 5)
    assert from_environment(config({"worker": ["b:2"], "chief": ["a:1"]}, "chief")).chief
    assert from_environment(config({"worker": TWO})).chief


@pytest.mark.parametrize("environ", [{}, {"TF_CONFIG": ""}, config({"worker": ["a:1"]})], ids=["none", "empty", "one"])
def test_one_process_is_no_cluster(environ):
    assert from_environment(environ) is None


@pytest.mark.parametrize(
    ("environ", "expected"),
    [
        ({"TF_CONFIG": "{"}, "JSON"),
        ({"TF_CONFIG": "[]"}, '"cluster" lists addresses'),
        ({"TF_CONFIG": "{}"}, '"cluster" lists addresses'),
        ({"TF_CONFIG": json.dumps({"cluster": {"worker": TWO}})}, '"task" gives a "type"'),
        (config({"worker": TWO}, index=2), "with an index below 2"),
        (config({"worker": TWO}, index=-1), '"task" gives a "type"'),
        (config({"worker": TWO}, "chief"), '"task" gives a "type"'),
        (config({"worker": ["a", "b:2"]}), '"cluster" lists addresses'),
        (config({"worker": ["a:70000", "b:2"]}), '"cluster" lists addresses'),
        (config({"worker": ["a:65536", "b:2"]}), '"cluster" lists addresses'),
        (config({"worker": ["a:0", "b:2"]}), '"cluster" lists addresses'),
        (config({"worker": [":1", "b:2"]}), '"cluster" lists addresses'),
        (config({"worker": []}), '"cluster" lists addresses'),
        (config({"worker": TWO, "chief": "c:3"}), '"cluster" lists addresses'),
        (config({"worker": ["a:1", "a:1"]}), "differ from each other"),
        (config({"worker": TWO, "ps": ["c:3"]}), "without ps"),
        (config({"worker": TWO}, ["worker"]), '"task" gives a "type"'),
    ],
)
def test_what_is_no_cluster_is_refused(environ, expected):
    with pytest.raises(InputError, match=r"^train: `TF_CONFIG` must be ") as raised:
        from_environment(environ)
    assert expected in str(raised.value)
    assert str(raised.value).endswith(f"Received: {environ['TF_CONFIG']}")


def test_what_is_received_is_cut_short():
    with pytest.raises(InputError, match="nested too deeply") as raised:
        from_environment({"TF_CONFIG": "[" * 100_000})
    assert len(str(raised.value)) < 500


def test_a_port_in_use_and_a_worker_that_never_comes_are_said():
    port, silent = free_ports(2)
    addresses = [f"127.0.0.1:{port}", f"127.0.0.1:{silent}"]
    with socket.create_server(("", port)), pytest.raises(InputError, match=r"worker 0 a free port.*is in use"):
        Cluster(addresses, 0).check()
    Cluster(addresses, 0).check()
    with socket.create_server(("127.0.0.1", silent)):
        # What listens there without being one, TensorFlow would wait for.
        began = time.monotonic()
        with pytest.raises(InputError, match=rf"come within 0.2 seconds.*127.0.0.1:{silent}, worker 1 of 2"):
            Cluster(addresses, 0, wait=0.2).start()
        assert time.monotonic() - began >= 0.2
    with pytest.raises(InputError, match="doesn't answer as one"):
        Cluster(addresses, 0, wait=0.2).start()


def test_of_workers_that_were_started_together_one_that_does_not_come_is_lost(monkeypatch):
    for name, value in TETHERED.items():
        monkeypatch.setenv(name, value)
    addresses = [f"127.0.0.1:{port}" for port in free_ports(2)]
    with pytest.raises(Lost, match=r"silent for 0\.2 seconds"):
        Cluster(addresses, 0, wait=0.2).start()


def test_workers_meet_each_other_and_leave_their_ports_free():
    addresses = [f"127.0.0.1:{port}" for port in free_ports(3)]
    met = []

    def meet(rank):
        worker = Cluster(addresses, rank, wait=20)
        worker._meet()
        met.append(rank)
        # In TensorFlow's place.
        with worker._listening() as listening:
            listening.settimeout(0.1)
            while len(met) < 3:
                with contextlib.suppress(OSError), listening.accept()[0] as called:
                    called.sendall(b"\x00\x00\x18\x04")

    threads = [threading.Thread(target=meet, args=(rank,), daemon=True) for rank in range(3)]
    for thread in threads:
        thread.start()
        time.sleep(0.2)
    for thread in threads:
        thread.join(20)
    assert sorted(met) == [0, 1, 2]


def test_an_index_may_be_a_text_and_workers_are_waited_for_for_a_minute():
    found = from_environment(config({"worker": TWO}, index="1"))
    assert (found.rank, found.wait) == (1, 60)
    assert Cluster(TWO, 0).wait == 60


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (tf.errors.UnavailableError, "gone: UnavailableError"),
        (tf.errors.DeadlineExceededError, "silent for 2.5 seconds"),
        (tf.errors.AbortedError, "gone: AbortedError"),
        (tf.errors.CancelledError, "gone: CancelledError"),
        (tf.errors.FailedPreconditionError, "gone: FailedPreconditionError"),
        (tf.errors.InternalError, "gone: InternalError"),
    ],
)
def test_a_collective_that_fails_is_a_lost_worker(error, said):
    with pytest.raises(Lost) as raised, connected(Cluster(TWO, 0, 2.5)):
        raise error(None, None, "x")
    assert str(raised.value) == said
    with pytest.raises(error), connected(None):
        raise error(None, None, "x")


@pytest.mark.parametrize("error", [tf.errors.DataLossError, tf.errors.ResourceExhaustedError])
def test_what_else_fails_is_no_lost_worker(error):
    with pytest.raises(error), connected(Cluster(TWO, 0)):
        raise error(None, None, "x")


def test_each_sum_has_a_key_of_its_own_and_functions_have_room_for_theirs(monkeypatch):
    asked = []
    monkeypatch.setattr(_share, "all_reduce", lambda x, *rest: asked.append(rest) or x)
    worker = Cluster([*TWO, "c:3"], 1, wait=7)
    assert worker.sum("x") == "x"
    worker.gather()
    assert asked == [(3, 0, 7), (3, 1, 7)]
    assert [worker.room(), worker.room()] == [1 << 16, 2 << 16]


@pytest.mark.parametrize("data", [b"", b"a", b"abcd", b"abcde", bytes(range(256))])
def test_all_get_the_bytes_that_the_chief_gives(monkeypatch, data):
    chief, other, given = Cluster(TWO, 0), Cluster(TWO, 1), []
    monkeypatch.setattr(chief, "sum", lambda x: given.append(x) or x)

    def sum(x):
        np.testing.assert_array_equal(x, np.zeros(x.shape, x.dtype.as_numpy_dtype))
        return x + given.pop(0)

    monkeypatch.setattr(other, "sum", sum)
    assert chief.broadcast(data) == data
    assert other.broadcast() == data
    assert given == []


@pytest.mark.parametrize(
    ("said", "answers"),
    [(b"tfnotes", True), (b"\x00\x00\x18\x04\x00", True), (b"HTTP/1.1 400", False), (b"\x04", False), (b"", False)],
)
def test_who_answers_as_a_worker(said, answers):
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def answer():
            with listening.accept()[0] as called:
                called.sendall(said)

        thread = threading.Thread(target=answer, daemon=True)
        thread.start()
        port = listening.getsockname()[1]
        assert _answers(f"127.0.0.1:{port}") is answers
        thread.join(5)
    assert not _answers(f"127.0.0.1:{port}")
