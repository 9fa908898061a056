"""The processes that share an experiment's seeds: none outlives the one that started it, and none gets its Ctrl-C."""

import itertools
import signal
import threading
from types import SimpleNamespace

import pytest

from tfnotes.experiments import _processes
from tfnotes.training import config


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


class Pool:
    """Stands for the pool of processes; `made` has what each was asked for."""

    made: list = []

    def __init__(self, workers, context, initializer):
        self.made.append((workers, context.get_start_method(), initializer))

    def map(self, function, *iterables):
        return map(function, *iterables)

    def shutdown(self, **options):
        self.made.append(options)


@pytest.mark.parametrize(("most", "workers"), [(3, 3), (9, 4)])
def test_as_many_processes_as_there_are_seeds_or_cores(monkeypatch, most, workers):
    monkeypatch.setattr(config, "cores", lambda: 4)
    monkeypatch.setattr(_processes, "ProcessPoolExecutor", Pool)
    monkeypatch.setattr(Pool, "made", [])
    killed = SimpleNamespace(kill=lambda: pytest.fail("nothing went wrong"))
    there = [[], [killed]]
    monkeypatch.setattr(_processes.multiprocessing, "active_children", lambda: there.pop(0))
    with _processes.mapped(most) as mapped:
        assert list(mapped(pow, [2, 3], [3, 2])) == [8, 9]
    assert Pool.made == [(workers, "spawn", _processes._begin), {"wait": False, "cancel_futures": True}]


class Ray:
    """Stands for the package: seats are objects of this process, and calls are made at once."""

    def __init__(self, cores):
        self.asked, self.killed, self.seats = [], [], []
        self.util = SimpleNamespace(ActorPool=self._pool)
        self.cluster_resources = lambda: {"CPU": cores}
        self.kill = self.killed.append

    def remote(self, kind):
        assert kind is _processes.Seat

        def options(**given):
            self.asked.append(given)
            return SimpleNamespace(remote=self._seat)

        return SimpleNamespace(options=options)

    def _seat(self):
        seat = SimpleNamespace(call=SimpleNamespace(remote=lambda function, *row: function(*row)))
        self.seats.append(seat)
        return seat

    def _pool(self, seats):
        assert seats == self.seats
        return SimpleNamespace(map=lambda call, rows: [call(seats[0], row) for row in rows])


@pytest.mark.parametrize(("most", "seats", "set_to"), [(3, 3, None), (9, 4, "2")])
def test_seats_of_a_cluster(monkeypatch, most, seats, set_to):
    monkeypatch.setattr(config, "cores", lambda: 7)
    monkeypatch.delenv("OMP_NUM_THREADS", raising=False)
    if set_to:
        monkeypatch.setenv("OMP_NUM_THREADS", set_to)
    ray = Ray(4.0)
    with _processes.mapped_on_ray(ray, most) as mapped:
        # Columns that never end, as the name and the parameters are.
        assert list(mapped(pow, itertools.repeat(2), range(4))) == [1, 2, 4, 8]
        assert (len(ray.seats), ray.killed) == (seats, [])
    environ = {"env_vars": {"OMP_NUM_THREADS": set_to or "7"}}
    assert ray.asked == [{"num_cpus": 1, "max_restarts": -1, "max_task_retries": 3, "runtime_env": environ}]
    assert ray.killed == ray.seats


def test_a_process_of_many_takes_one_core(monkeypatch):
    import tensorflow as tf

    told = []
    for pool in ("intra", "inter"):
        name = f"set_{pool}_op_parallelism_threads"
        monkeypatch.setattr(tf.config.threading, name, lambda count, pool=pool: told.append((pool, count)))
    seat = _processes.Seat()
    assert told == [("intra", 1), ("inter", 1)]
    assert seat.call(divmod, 7, 2) == (3, 1)


def test_the_process_that_nobody_started_waits_for_none(monkeypatch):
    told = []
    monkeypatch.setattr(_processes.multiprocessing, "parent_process", lambda: None)
    monkeypatch.setattr(_processes.threading, "Thread", lambda **_: pytest.fail("there is no parent"))
    monkeypatch.setattr(_processes, "_single_threaded", lambda: told.append(True))
    _processes._begin()
    assert told == [True]
