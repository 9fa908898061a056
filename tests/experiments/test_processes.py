"""The processes that share an experiment's seeds: none outlives the one that started it, and none gets its Ctrl-C."""

import signal
import threading
from types import SimpleNamespace

import pytest

from tfnotes.experiments import _processes


def test_a_process_ends_with_the_one_that_started_it(monkeypatch):
    ended, joined = threading.Event(), []
    parent = SimpleNamespace(join=lambda: joined.append(True))
    monkeypatch.setattr(_processes.multiprocessing, "parent_process", lambda: parent)
    monkeypatch.setattr(_processes.os, "_exit", lambda status: ended.set() if joined else None)
    monkeypatch.setattr(_processes, "_single_threaded", lambda: None)
    _processes._begin()
    assert ended.wait(10)


def test_seeds_that_nobody_waits_for_are_not_measured_on(monkeypatch):
    killed, masks = [], []
    process, other = (SimpleNamespace(kill=lambda name=name: killed.append(name)) for name in ("seed", "other"))
    there = [[other], [other, process]]
    monkeypatch.setattr(_processes.multiprocessing, "active_children", lambda: there.pop(0))

    class Pool:
        def __init__(self, *args, **kwargs):
            pass

        def map(self, function, *iterables):
            masks.append(signal.pthread_sigmask(signal.SIG_BLOCK, ()))
            return map(function, *iterables)

        def shutdown(self, **kwargs):
            killed.append("pool")

    monkeypatch.setattr(_processes, "ProcessPoolExecutor", Pool)
    before = signal.pthread_sigmask(signal.SIG_BLOCK, ())

    def interrupted():
        with _processes.mapped(3) as mapped:
            assert list(mapped(abs, [-1, 2])) == [1, 2]
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert killed == ["seed", "pool"]
    assert masks == [{*before, signal.SIGINT}]
    assert signal.pthread_sigmask(signal.SIG_BLOCK, ()) == before
