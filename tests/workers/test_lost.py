"""A worker is killed or stopped at some instant: all begin anew, and the end is the undisturbed one's, bit for bit.

`make test-workers`; TFNOTES_TIMES says how often each, 1 unless told otherwise.
"""

import os
import random
import signal
import time

import pytest

from tests.workers import launched

TIMES = int(os.environ.get("TFNOTES_TIMES", "1"))


@pytest.mark.parametrize("number", range(TIMES))
@pytest.mark.parametrize("signum", [signal.SIGKILL, signal.SIGSTOP], ids=["killed", "stopped"])
def test_a_lost_worker_changes_nothing(undisturbed, tmp_path, signum, number):
    lose_one(tmp_path / "run", signum, random.Random(100 * signum + number))
    assert launched.same(tmp_path / "run", undisturbed)


def test_a_lost_worker_changes_nothing_of_a_stream(tmp_path, monkeypatch):
    monkeypatch.setenv("TFNOTES_STREAM_ABOVE", "0")
    launched.end(launched.start(tmp_path / "undisturbed"))
    lose_one(tmp_path / "run", signal.SIGKILL, random.Random(7))
    assert launched.same(tmp_path / "run", tmp_path / "undisturbed")


def lose_one(folder, signum, draw):
    """Trains to the end, while one of the workers gets a signal at some instant."""
    launcher = launched.start(folder)
    wanted = draw.randrange(3)
    while launched.epochs(folder) < wanted or len(launched.workers(launcher)) < 2:
        assert launcher.poll() is None
        time.sleep(0.02)
    time.sleep(draw.random() * (0.5 if wanted else 10))
    launched.workers(launcher)[draw.randrange(2)].send_signal(signum)
    assert "A worker was lost; all begin anew after epoch" in launched.end(launcher)


def test_a_worker_that_stops_on_its_way_is_lost_as_well(undisturbed, tmp_path):
    launcher = launched.start(tmp_path / "run")
    while len(launched.workers(launcher)) < 2:
        assert launcher.poll() is None
        time.sleep(0.02)
    launched.workers(launcher)[1].send_signal(signal.SIGSTOP)
    assert "A worker was lost; all begin anew after epoch 0" in launched.end(launcher)
    assert launched.same(tmp_path / "run", undisturbed)


def test_ctrl_c_ends_all_and_the_rest_is_the_same(undisturbed, tmp_path):
    launcher = launched.start(tmp_path / "run")
    while not launched.epochs(tmp_path / "run"):
        assert launcher.poll() is None
        time.sleep(0.02)
    workers = launched.workers(launcher)
    assert len(workers) == 2
    launcher.send_signal(signal.SIGINT)
    assert "Stopped" in launched.end(launcher, 130)
    assert not any(worker.is_running() for worker in workers)
    launched.end(launched.start(tmp_path / "run"))
    assert launched.same(tmp_path / "run", undisturbed)
