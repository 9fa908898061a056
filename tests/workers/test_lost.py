"""A worker is killed or stopped at some instant: all begin anew, and the end is the undisturbed one's, bit for bit.

`make test-workers`; TFNOTES_TIMES says how often each, 1 unless told otherwise.
"""

import json
import os
import random
import signal
import subprocess
import sys
import time

import numpy as np
import pytest

TIMES = int(os.environ.get("TFNOTES_TIMES", "1"))
OPTIONS = ["mnist", "--epochs", "4", "--set", "examples=1000", "--set", "filters=4", "--set", "units=16"]


def start(folder):
    command = [sys.executable, "-m", "tfnotes", "train", *OPTIONS, "--run", str(folder)]
    return subprocess.Popen([*command, "--workers", "2", "--wait", "20"], stderr=subprocess.PIPE, text=True)


def end(launcher):
    said = launcher.communicate(timeout=900)[1]
    assert launcher.returncode == 0, said
    return said


def rows(folder):
    try:
        return (folder / "metrics.jsonl").read_text().splitlines()
    except FileNotFoundError:
        return []


def read(folder, name):
    with open(os.path.join(folder, name)) as file:
        return file.read()


def workers(launcher):
    """The processes that it has started, the chief first."""
    found = []
    for folder in (f"/proc/{name}" for name in os.listdir("/proc") if name.isdecimal()):
        try:
            if int(read(folder, "stat").rpartition(")")[2].split()[1]) == launcher.pid:
                variables = dict(v.partition("=")[::2] for v in read(folder, "environ").split("\0"))
                found.append((json.loads(variables["TF_CONFIG"])["task"]["index"], int(os.path.basename(folder))))
        except (FileNotFoundError, ProcessLookupError, KeyError):
            continue
    return [process for _, process in sorted(found)]


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory):
    folder = tmp_path_factory.mktemp("undisturbed") / "run"
    end(start(folder))
    return folder


@pytest.mark.skipif(not os.path.isdir("/proc/self"), reason="the workers are found in /proc")
@pytest.mark.parametrize("number", range(TIMES))
@pytest.mark.parametrize("signum", [signal.SIGKILL, signal.SIGSTOP], ids=["killed", "stopped"])
def test_a_lost_worker_changes_nothing(undisturbed, tmp_path, signum, number):
    folder, draw = tmp_path / "run", random.Random(100 * signum + number)
    launcher = start(folder)
    wanted = draw.randrange(4)
    while len(rows(folder)) < wanted or len(workers(launcher)) < 2:
        assert launcher.poll() is None
        time.sleep(0.02)
    time.sleep(draw.random() * (0.5 if wanted else 10))
    lost = draw.randrange(2)
    os.kill(workers(launcher)[lost], signum)
    assert "A worker was lost; all begin anew after epoch" in end(launcher)
    for name in ("metrics.jsonl", "test.json"):
        assert (folder / name).read_bytes() == (undisturbed / name).read_bytes()
    ours, theirs = (np.load(f / "checkpoints" / "epoch-0004" / "variables.npz") for f in (folder, undisturbed))
    assert all(np.array_equal(ours[key], theirs[key]) for key in theirs)
