"""`tfnotes train --engine ray`: the figures of local processes, whatever is lost on the way (`make test-ray`)."""

import signal
import time

import pytest

from tests.workers import launched
from tests.workers.conftest import undisturbed  # noqa: F401

pytest.importorskip("ray.train", reason="ray, of the extra `ray`, isn't installed")


def until(launcher, folder, wanted):
    """Waits for so many epochs, and gives the workers' processes."""
    while True:
        assert launcher.poll() is None, launcher.stderr.read()
        if launched.epochs(folder) >= wanted and len(found := launched.workers(launcher)) == 2:
            return found
        time.sleep(0.05)


def test_lost_workers_change_nothing(undisturbed, tmp_path):  # noqa: F811
    launcher = launched.start(tmp_path / "run", "--engine", "ray")
    # A worker of Ray, and with it the process that it has started.
    chief = until(launcher, tmp_path / "run", 1)[0]
    chief.parent().kill()
    chief.wait(60)
    # A process that stands still, while its worker of Ray doesn't.
    second = until(launcher, tmp_path / "run", 2)[1]
    second.suspend()
    said = launched.end(launcher)
    assert "A worker was lost; all begin anew after epoch 1." in said
    assert "A worker was lost; all begin anew after epoch 2." in said
    assert not second.is_running()
    assert launched.same(tmp_path / "run", undisturbed)


def test_a_run_is_carried_to_where_its_chief_begins_anew(undisturbed, tmp_path):  # noqa: F811
    folder, storage = tmp_path / "run", tmp_path / "storage"
    launcher = launched.start(folder, "--engine", "ray", "--storage", str(storage))
    while not list(storage.glob("*/checkpoint*/metrics.jsonl")):
        assert launcher.poll() is None, launcher.stderr.read()
        time.sleep(0.05)
    # What is trained stands elsewhere.
    assert launched.epochs(folder) == 0
    launched.workers(launcher)[0].parent().kill()
    assert "A worker was lost; all begin anew after epoch" in launched.end(launcher)
    assert launched.same(folder, undisturbed)


def test_ctrl_c_ends_all_and_the_rest_is_the_same(undisturbed, tmp_path):  # noqa: F811
    launcher = launched.start(tmp_path / "run", "--engine", "ray")
    workers = until(launcher, tmp_path / "run", 1)
    launcher.send_signal(signal.SIGINT)
    assert "Stopped" in launched.end(launcher, 130)
    assert not any(worker.is_running() for worker in workers)
    launched.end(launched.start(tmp_path / "run"))
    assert launched.same(tmp_path / "run", undisturbed)
