"""`tfnotes sweep` and `tfnotes experiment run` on Ray give the figures of local processes (`make test-ray`)."""

import contextlib
import json
import os
import subprocess
import sys
import time

import psutil
import pytest

from tests.toy import toy_task

pytest.importorskip("ray", reason="ray, of the extra `ray`, isn't installed")

SWEEP = ["sweep", "toy", "--model", "linear", "--set", "learning_rate=1e-6,0.002,0.004", "--epochs", "40"]
NAME = "hidden-activations"
EXPERIMENT = ["experiment", "run", NAME, "--seeds", "3", "--set", "steps=20", "--no-figures"]


@pytest.fixture
def start(monkeypatch, tmp_path):
    monkeypatch.setenv("PYTHONPATH", os.path.dirname(toy_task.__file__))
    monkeypatch.chdir(tmp_path)

    def start(*arguments):
        command = [sys.executable, "-m", "tfnotes", *arguments]
        return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)

    return start


def end(process):
    said, wrong = process.communicate(timeout=600)
    assert process.returncode == 0, wrong
    return said


def results(folder):
    with open(f"{folder}/results.json") as file:
        return json.loads(file.read().replace(f"{folder}/", ""))


def process_of(launcher, path):
    """The process that trains this run."""
    for child in psutil.Process(launcher.pid).children(recursive=True):
        with contextlib.suppress(psutil.Error):
            if path in child.cmdline() and child.parent().name().startswith("ray::"):
                return child
    return None


def epochs(path):
    try:
        with open(f"{path}/metrics.jsonl") as file:
            return len(file.readlines())
    except FileNotFoundError:
        return 0


def test_a_sweep_gives_the_same_though_a_worker_of_ray_is_killed(start):
    end(start(*SWEEP, "--folder", "local"))
    process = start(*SWEEP, "--folder", "ray", "--engine", "ray", "--jobs", "2")
    while not process_of(process, "ray/trials/1") or not epochs("ray/trials/1"):
        assert process.poll() is None, process.stderr.read()
        time.sleep(0.02)
    process_of(process, "ray/trials/1").parent().kill()
    end(process)
    assert results("ray") == results("local")


def test_an_experiments_seeds_are_measured_the_same(start):
    end(start(*EXPERIMENT, "--out", "local"))
    end(start(*EXPERIMENT, "--out", "ray", "--engine", "ray"))
    here, there = (results(f"{folder}/{NAME}") for folder in ("local", "ray"))
    assert here == there
    assert len(here["samples"]) > 1
