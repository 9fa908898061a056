"""What is done when a worker of this machine is lost."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from types import SimpleNamespace

import pytest
import tensorflow as tf

from tfnotes.training import launch
from tfnotes.training.cluster import Lost


class Some:
    """A run whose workers end so: each time a status, after as many epochs."""

    def __init__(self, monkeypatch, *ends):
        self.ends, self.epochs, self.complete = list(ends), 0, False
        monkeypatch.setattr(launch, "_once", lambda *_: self._next())

    def _next(self):
        status, self.epochs = self.ends.pop(0)
        self.complete = status == 0
        return status

    def metrics(self):
        return [{}] * self.epochs


def test_all_begin_anew_from_the_last_epoch(monkeypatch):
    said = []
    run = Some(monkeypatch, (75, 0), (75, 2), (75, 2), (75, 2), (75, 3), (0, 4))
    assert launch.launch(run, 2, [], said.append) == 0
    assert [sentence[-8:] for sentence in said] == ["epoch 0.", "epoch 2.", "epoch 2.", "epoch 2.", "epoch 3."]


def test_what_fails_without_an_epoch_is_given_up(monkeypatch):
    run = Some(monkeypatch, *[(75, 1)] * 9)
    with pytest.raises(Lost, match="3 times in a row"):
        launch.launch(run, 2, [], lambda sentence: None)
    assert len(run.ends) == 5


def test_an_error_is_not_tried_again(monkeypatch):
    run = Some(monkeypatch, (1, 0), (0, 1))
    assert launch.launch(run, 2, [], lambda sentence: None) == 1


@pytest.mark.parametrize(
    ("ignoring", "status"), [("", -signal.SIGTERM), ("signal.signal(signal.SIGTERM, signal.SIG_IGN)", launch.LOST)]
)
def test_a_tethered_process_ends_with_the_one_that_started_it(ignoring, status):
    program = f"import signal, time; from tfnotes.training import launch; launch._GRACE = 0.1; {ignoring}\n"
    program += "launch.end_with_launcher(); time.sleep(60)"
    process = subprocess.Popen(
        [sys.executable, "-c", program], stdin=subprocess.PIPE, env={**os.environ, **launch.TETHERED}
    )
    process.stdin.close()
    assert process.wait(30) == status


@pytest.mark.parametrize(("status", "complete", "given"), [(75, True, 0), (1, True, 0), (2, False, 2)])
def test_a_complete_run_has_ended_well_whatever_was_lost_then(monkeypatch, status, complete, given):
    run = Some(monkeypatch, (status, 3))
    monkeypatch.setattr(launch, "_once", lambda *_: setattr(run, "complete", complete) or status)
    assert launch.launch(run, 2, [], pytest.fail) == given


def test_what_a_worker_is_told(monkeypatch):
    assert launch.command(["--resume", "run"]) == [sys.executable, "-m", "tfnotes", "train", "--resume", "run"]
    found = launch.variables({"threads": 3}, ["a:1", "b:2"], 1)
    cluster = {"cluster": {"worker": ["a:1", "b:2"]}, "task": {"type": "worker", "index": 1}}
    assert json.loads(found.pop("TF_CONFIG")) == cluster
    assert found == {"TF_NUM_INTRAOP_THREADS": "3", "TFNOTES_LAUNCHED": "1"}
    for value, expected in (("1", True), ("0", False)):
        monkeypatch.setenv("TFNOTES_LAUNCHED", value)
        assert launch.launched() == expected
    ports = launch.free_ports(3)
    assert len(set(ports)) == 3
    for port in ports:
        socket.create_server(("127.0.0.1", port)).close()


def test_each_worker_has_a_graphics_processor_of_its_own_where_there_are_some(monkeypatch):
    monkeypatch.delenv("CUDA_VISIBLE_DEVICES", raising=False)
    monkeypatch.setattr(tf.config, "list_physical_devices", lambda kind: [])
    assert launch._processor(1) == {}
    monkeypatch.setattr(tf.config, "list_physical_devices", lambda kind: [kind] * 2)
    assert [launch._processor(rank)["CUDA_VISIBLE_DEVICES"] for rank in range(3)] == ["0", "1", "0"]
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "4,7")
    assert [launch._processor(rank)["CUDA_VISIBLE_DEVICES"] for rank in range(3)] == ["4", "7", "4"]


@pytest.mark.parametrize(
    ("polls", "told"),
    [
        ([[None, 0], [None, None, 0]], (0, 0)),
        ([[None, 75], [None, None, 1]], (1, 1)),
        ([[None], [75]], (75, 0)),
        ([[-9], [None]], (75, 0)),
        ([[0], [3]], (3, 1)),
        ([[2], [3]], (2, 0)),
        ([[0], [None, -15]], (75, 0)),
    ],
)
def test_the_status_that_tells_most(monkeypatch, polls, told):
    monkeypatch.setattr(time, "sleep", lambda seconds: None)

    def child(codes):
        return SimpleNamespace(poll=lambda: codes.pop(0) if codes[1:] else codes[0])

    assert launch._ended([child(list(codes)) for codes in polls]) == told


# Ends with the status that stands at its place; "wait" waits, and "asked" ends by itself once it is asked to.
CHILD = """
import json, os, signal, sys, time
NAMES = "TF_CONFIG", "TF_NUM_INTRAOP_THREADS", "TFNOTES_LAUNCHED", "CUDA_VISIBLE_DEVICES"
rank = json.loads(os.environ["TF_CONFIG"])["task"]["index"]
what = sys.argv[1 + rank]
if what == "asked":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
print("out", rank, flush=True)
print("err", rank, file=sys.stderr, flush=True)
told = {name: os.environ[name] for name in NAMES}
told["leads"] = os.getsid(0) == os.getpid()
with open(f"{rank}.part", "w") as file:
    json.dump(told, file)
os.rename(f"{rank}.part", f"{rank}.json")
if what in ("wait", "asked"):
    time.sleep(60)
sys.exit(int(what))
"""


@pytest.fixture
def once(monkeypatch, tmp_path, capfd):
    """Starts a process for each of such ends; gives the status and what was printed."""
    monkeypatch.chdir(tmp_path)
    sleep = time.sleep
    monkeypatch.setattr(time, "sleep", lambda seconds: sleep(min(seconds, 0.2)))
    monkeypatch.setattr(launch, "_processor", lambda rank: {"CUDA_VISIBLE_DEVICES": str(5 - rank)})
    monkeypatch.setattr(launch, "command", lambda ends: [sys.executable, "-S", "-c", CHILD, *ends])

    def once(*ends):
        run = SimpleNamespace(config={"threads": 3})
        return launch._once(run, len(ends), list(ends)), capfd.readouterr()

    return once


def test_the_chief_prints_and_each_knows_its_place(once, tmp_path):
    status, printed = once("0", "0", "0")
    assert (status, printed.out, printed.err) == (0, "out 0\n", "err 0\n")
    told = [json.loads((tmp_path / f"{rank}.json").read_text()) for rank in range(3)]
    clusters = [json.loads(one.pop("TF_CONFIG")) for one in told]
    assert [one.pop("CUDA_VISIBLE_DEVICES") for one in told] == ["5", "4", "3"]
    assert told == [{"TF_NUM_INTRAOP_THREADS": "3", "TFNOTES_LAUNCHED": "1", "leads": True}] * 3
    assert [c["task"]["index"] for c in clusters] == [0, 1, 2]
    assert len({tuple(c["cluster"]["worker"]) for c in clusters}) == 1
    assert len(set(clusters[0]["cluster"]["worker"])) == 3


@pytest.mark.parametrize(
    ("ends", "status", "said"),
    [(("wait", "5"), 5, "err 1\n"), (("5", "wait"), 5, ""), (("wait", "75"), 75, ""), (("75", "wait"), 75, "")],
)
def test_an_error_of_another_than_the_chief_is_printed(once, ends, status, said):
    found, printed = once(*ends)
    assert found == status
    assert printed.err.replace("err 0\n", "") == said


@pytest.mark.parametrize(("end", "status"), [("asked", 130), ("wait", None)])
def test_ctrl_c_lets_the_chief_end_by_itself(once, monkeypatch, tmp_path, end, status):
    def interrupted(children):
        while not all((tmp_path / f"{rank}.json").exists() for rank in range(2)):
            assert [child.poll() for child in children] == [None, None]
            time.sleep(0.01)
        raise KeyboardInterrupt

    monkeypatch.setattr(launch, "_ended", interrupted)
    if status:
        assert once(end, "wait")[0] == status
    else:
        with pytest.raises(KeyboardInterrupt):
            once(end, "wait")
