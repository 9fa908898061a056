"""Trainings by two workers that tests disturb."""

import json
import signal
import subprocess
import sys

import numpy as np
import psutil

OPTIONS = ["mnist", "--epochs", "3", "--set", "examples=1000", "--set", "filters=4", "--set", "units=16"]


def start(folder, *more):
    """Starts a launcher; a run that is there goes on."""
    begin = ["--resume", str(folder)] if (folder / "config.json").exists() else [*OPTIONS, "--run", str(folder)]
    command = [sys.executable, "-m", "tfnotes", "train", *begin, "--workers", "2", "--wait", "20", *more]
    return subprocess.Popen(
        command,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        # The tests may run as a background job, which ignores Ctrl-C, and so would what it starts.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )


def end(launcher, status=0):
    """What it has said on standard error."""
    said = launcher.communicate(timeout=900)[1]
    assert launcher.returncode == status, said
    return said


def epochs(folder):
    """How many are finished."""
    try:
        return len((folder / "metrics.jsonl").read_text().splitlines())
    except FileNotFoundError:
        return 0


def workers(launcher):
    """The processes below it that train, the chief first."""
    found = {}
    try:
        for process in psutil.Process(launcher.pid).children(recursive=True):
            try:
                if "train" in process.cmdline() and "TF_CONFIG" in (variables := process.environ()):
                    found[json.loads(variables["TF_CONFIG"])["task"]["index"]] = process
            except (psutil.Error, OSError):
                continue
    except psutil.NoSuchProcess:
        pass
    return [process for _, process in sorted(found.items())]


def same(folder, other):
    """Whether two runs are alike to the last bit."""
    ours, theirs = (np.load(f / "checkpoints" / "epoch-0003" / "variables.npz") for f in (folder, other))
    return all(
        (folder / name).read_bytes() == (other / name).read_bytes() for name in ("metrics.jsonl", "test.json")
    ) and all(np.array_equal(ours[key], theirs[key]) for key in theirs)
