"""What the workers of a training on Ray say to each other; Ray itself, and trainings on it, are tests/ray."""

import signal
import sys
import threading
from pathlib import Path

import pytest

from tfnotes.training import launch, ray_carried, ray_worker
from tfnotes.training.cluster import Lost
from tfnotes.training.ray_desk import Desk


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    monkeypatch.setattr(ray_worker, "_PAUSE", 0.001)
    monkeypatch.setattr(ray_worker, "_PATIENCE", 0.5)


class Ends:
    """A process that ends so by itself, or when it is asked to."""

    def __init__(self, status, asked=None):
        self.ended, self._asked, self.killed = status, asked, False

    def status(self):
        return self.ended

    def terminate(self):
        self.ended = self._asked

    def end(self):
        self.killed = self.ended is None
        return -signal.SIGKILL if self.killed else self.ended

    def said(self, last=False):
        return [(2, "the last\n")] if last else []


def attended(desk, *processes, attempt="a"):
    """What becomes of the workers with these processes: "ended" or "lost" each."""
    lock, found = threading.Lock(), {}

    def ask(name, *arguments):
        with lock:
            return getattr(desk, name)(*arguments)

    def attend(rank):
        try:
            ray_worker.attend(processes[rank], ask, attempt, rank)
            found[rank] = "ended"
        except Lost:
            found[rank] = "lost"

    threads = [threading.Thread(target=attend, args=(rank,)) for rank in range(len(processes))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    return [found.get(rank) for rank in range(len(processes))]


@pytest.fixture
def desk():
    desk = Desk(0, 2)
    desk.begin("a", 0)
    return desk


def test_all_end_well(desk):
    assert attended(desk, Ends(0), Ends(0)) == ["ended", "ended"]
    assert desk.outcome() == (0, None)


@pytest.mark.parametrize("status", [launch.LOST, -signal.SIGKILL], ids=["left alone", "killed"])
def test_where_one_is_lost_all_leave_and_begin_anew(desk, status):
    stands_still = Ends(None)
    assert attended(desk, Ends(status), stands_still) == ["lost", "lost"]
    assert stands_still.killed
    assert desk.outcome() == (None, None)
    desk.begin("b", 2)
    assert desk.read() == [(2, "Warning: A worker was lost; all begin anew after epoch 2.\n")]
    assert attended(desk, Ends(0), Ends(0), attempt="b") == ["ended", "ended"]


def test_an_error_is_not_tried_again_and_is_said(desk):
    assert attended(desk, Ends(launch.LOST), Ends(1)) == ["ended", "ended"]
    assert desk.outcome() == (1, None)
    assert desk.read() == [(2, "the last\n")]


def test_asked_to_stop_the_chief_ends_by_itself_and_the_others_with_it(desk):
    desk.stop()
    assert attended(desk, Ends(None, asked=143), Ends(None)) == ["ended", "ended"]
    assert desk.outcome() == (128 + signal.SIGINT, None)


def test_asked_to_stop_before_it_can(desk):
    desk.stop()
    assert attended(desk, Ends(None, asked=-signal.SIGTERM), Ends(None)) == ["ended", "ended"]
    assert desk.outcome() == (-signal.SIGTERM, None)


def test_after_three_times_without_an_epoch_all_end(desk):
    for attempt in "bcd":
        desk.begin(attempt, 0)
        assert desk.look(attempt) == ("go on", 0)
    desk.begin("e", 0)
    assert desk.look("e") == ("end", 0)
    assert "3 times in a row" in desk.outcome()[1]


def test_a_process_says_what_the_chief_says_and_of_others_their_errors_alone(monkeypatch, tmp_path):
    program = "import sys; print(sys.argv[2]); print('wrong', file=sys.stderr)"
    monkeypatch.setattr(launch, "command", lambda arguments: [sys.executable, "-c", program, *arguments])
    given = {"config": {"threads": 1}, "arguments": [], "folder": str(tmp_path), "run": "mine", "variables": {}}
    said = []
    for rank in range(2):
        process = ray_worker.Process(given, Path("/elsewhere"), ["a:1", "b:1"], rank)
        process._process.wait()
        assert process.end() == 0
        said.append((process.said(), process.said(last=True)))
    assert sorted(said[0][0]) == [(1, "mine\n"), (2, "wrong\n")]
    assert said[1] == ([], [(2, "wrong\n")])


def test_a_run_is_carried_whole(tmp_path):
    (tmp_path / "run/checkpoints/epoch-0001").mkdir(parents=True)
    (tmp_path / "run/checkpoints/epoch-0001/state.json").write_text("{}")
    (tmp_path / "run/.model.partial-1.keras").write_text("half")
    ray_carried._copied(tmp_path / "run", tmp_path / "copy")
    ray_carried.unpack(ray_carried.packed(tmp_path / "copy"), tmp_path / "there")
    found = [str(p.relative_to(tmp_path / "there")) for p in sorted((tmp_path / "there").rglob("*"))]
    assert found == ["checkpoints", "checkpoints/epoch-0001", "checkpoints/epoch-0001/state.json"]
