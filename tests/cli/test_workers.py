"""What `tfnotes train` does as one of several processes, and where it starts some: who is told what, and when."""

import json
import os
import signal
from types import SimpleNamespace

import click
import pytest
from click.testing import CliRunner

from tests.training.test_stored import CONFIG
from tfnotes import language
from tfnotes.cli import _training, _workers, train
from tfnotes.errors import InputError
from tfnotes.training import config as configs
from tfnotes.training import launch, loop, memory, on_ray, setup, sharing
from tfnotes.training.cluster import Cluster, Lost
from tfnotes.training.followed import Followed
from tfnotes.training.run import Run
from tfnotes.training.signals import Interrupted

CLUSTER = {"cluster": {"worker": ["a:1", "b:2"]}, "task": {"type": "worker", "index": 1}}


class Told:
    """In a cluster's place: what it was asked to do, in order."""

    size, rank, chief = 3, 1, False

    def __init__(self, said=None):
        self.said, self.asked = said, []

    def start(self):
        self.asked.append("start")

    def broadcast(self, data=None):
        self.asked.append(data)
        return json.dumps(self.said).encode()


class Ended(Exception):
    pass


@pytest.fixture
def ended(monkeypatch):
    """The status with which the process would have ended."""
    statuses = []

    def end(status):
        statuses.append(status)
        raise Ended

    monkeypatch.setattr(os, "_exit", end)
    return statuses


@pytest.fixture
def ctx():
    with click.Context(train.command) as made:
        made.params = {"resume": None, "no_test": False, "lang": "en"}
        yield made


def test_it_is_known_from_the_environment_and_its_port_is_tried(monkeypatch):
    done = []
    monkeypatch.setattr(Cluster, "check", lambda self: done.append((self.addresses, self.rank, self.wait)))
    monkeypatch.setattr(launch, "end_with_launcher", lambda: done.append("tethered"))
    monkeypatch.delenv("TF_CONFIG", raising=False)
    assert _workers.cluster(2, 5, "local", None) is None
    assert done == ["tethered"]
    monkeypatch.setenv("TF_CONFIG", json.dumps(CLUSTER))
    assert _workers.cluster(1, 5, "local", None).rank == 1
    assert done == ["tethered", "tethered", (["a:1", "b:2"], 1, 5)]


def test_threads_are_set_before_the_others_are_waited_for(monkeypatch):
    told = Told()
    monkeypatch.setattr(setup, "use_threads", told.asked.append)
    _workers.start(told, 7)
    assert told.asked == [7, "start"]
    _workers.send(told, {"run": "r"})
    _workers.send(told, None)
    assert told.asked[2:] == [b'{"run": "r"}', b"null"]


@pytest.mark.parametrize(
    ("workers", "batch_size", "share"), [(1, 64, 64), (1, 500, 100), (3, 64, 22), (3, 500, 34), (2, 64, 32)]
)
def test_the_model_the_data_and_whether_they_fit(monkeypatch, workers, batch_size, share):
    asked = []

    class Noted:
        task = SimpleNamespace(name="toy")

        def __init__(self, config):
            assert config == {"batch_size": batch_size}

        def build(self):
            asked.append("build")
            return "model"

        def selected(self, splits):
            return SimpleNamespace(train=range(100)) if splits == "splits" else None

    monkeypatch.setattr(setup, "Setup", Noted)
    monkeypatch.setattr(sharing, "check", lambda *given: asked.append(("shared", *given)))
    monkeypatch.setattr(_training, "read", lambda setup: asked.append("read") or "splits")
    monkeypatch.setattr(memory, "check_batch", lambda *given: asked.append(given))
    assert _workers.load({"batch_size": batch_size}, workers) == (Noted.task, "splits", "model")
    shared = [("shared", "toy", "model")] if workers > 1 else []
    assert asked == ["build", *shared, "read", ("toy", "model", share)]


def test_a_follower_trains_what_the_chief_says(monkeypatch, ctx):
    told, trained = Told({"run": "there", "config": {"seed": 5}, "test": False}), []

    def noted(run, task, splits, *, report, **options):
        assert report("a sentence") is None
        trained.append((type(run), str(run.path), run.config["seed"], run.cluster, task, splits, options))

    monkeypatch.setattr(configs, "threads", lambda: 7)
    monkeypatch.setattr(setup, "use_threads", told.asked.append)
    monkeypatch.setattr(_workers, "load", lambda config, size: ("task", (config["seed"], size), "model"))
    monkeypatch.setattr(loop, "train", noted)
    _workers.follow(ctx, told)
    assert told.asked == [7, "start", None]
    options = {"model": "model", "test": False, "cluster": told}
    assert trained == [(Followed, "there", 5, told, "task", (5, 3), options)]

    def interrupted(*given, **options):
        raise Interrupted(signal.SIGTERM)

    monkeypatch.setattr(loop, "train", interrupted)
    with pytest.raises(click.exceptions.Exit) as raised:
        _workers.follow(ctx, told)
    assert raised.value.exit_code == 128 + signal.SIGTERM
    # Of a run that is complete there is nothing to train.
    told.said = None
    assert _workers.follow(ctx, told) is None


@pytest.fixture
def run(tmp_path):
    return Run.create(tmp_path / "run", CONFIG)


@pytest.mark.parametrize(("status", "no_test"), [(0, False), (3, True)])
def test_launched_here_or_on_ray(monkeypatch, ctx, run, status, no_test):
    asked = []
    monkeypatch.setattr(launch, "launch", lambda *given: asked.append(given) or status)
    monkeypatch.setattr(on_ray, "launch_on_ray", lambda *given: asked.append(given) or status)
    for engine in ("local", "ray"):
        with pytest.raises(click.exceptions.Exit) as raised:
            _workers.launch(ctx, run, 2, 7.5, no_test, engine, "s3://there")
        assert raised.value.exit_code == status
    told = ["--wait", "7.5", *(["--no-test"] if no_test else [])]
    assert asked == [
        (run, 2, ["--resume", str(run.path), *told], _training.warn),
        (run, 2, told, 7.5, "s3://there"),
    ]


@pytest.mark.parametrize(("resume", "epochs", "stays"), [(None, 0, False), ("run", 0, True), (None, 1, True)])
def test_a_new_run_that_ray_cannot_begin_goes(monkeypatch, ctx, run, resume, epochs, stays):
    def refuse(*given):
        raise InputError("too small")

    monkeypatch.setattr(on_ray, "launch_on_ray", refuse)
    ctx.params["resume"] = resume
    run.write_metrics([{"epoch": k + 1, "loss": 1.0} for k in range(epochs)])
    with pytest.raises(InputError, match="too small"):
        _workers.launch(ctx, run, 2, 7.5, False, "ray", None)
    assert run.path.exists() == stays


def test_a_worker_that_was_left_alone_says_how_to_go_on_unless_its_launcher_does(monkeypatch, capsys, ended, run):
    monkeypatch.delenv("TFNOTES_LAUNCHED", raising=False)
    again = f" Start all again with: tfnotes train --resume {run.path}"
    for which, more in ((run, again), (None, "")):
        with pytest.raises(Ended):
            _workers.end_lost(which, Lost("silent for 2 seconds"))
        said = f"Error: train: the other workers must stay. Received: one that is silent for 2 seconds.{more}\n"
        assert capsys.readouterr().err == said
    monkeypatch.setenv("TFNOTES_LAUNCHED", "1")
    with pytest.raises(Ended):
        _workers.end_lost(run, Lost("gone"))
    assert capsys.readouterr().err == ""
    assert ended == [launch.LOST] * 3


def test_the_chief_waits_for_the_others_and_sends_them_home_where_all_is_done(monkeypatch, capsys, run):
    done = []
    monkeypatch.setattr(_workers, "start", lambda *given: done.append(given))
    monkeypatch.setattr(_workers, "send", lambda *given: done.append(given))
    assert train._reopen(run.path, None, None).path == run.path
    assert done == []
    assert train._reopen(run.path, 4, "cluster").config == CONFIG
    assert done == [("cluster", CONFIG["threads"])]
    run.write_test({"loss": 0.25, "examples": 1234})
    run.write_metrics([{"epoch": 1, "loss": 1.0}])
    assert train._reopen(run.path, None, "cluster") is None
    assert done[1:] == [("cluster", CONFIG["threads"]), ("cluster", None)]
    told = f"{run.path} is complete: 1 epochs; loss 0.2500  examples 1,234 on the test split.\n"
    assert capsys.readouterr().out == told
    with pytest.raises(InputError, match=r"^train: `epochs` must be at least the run's 4\. Received: epochs=3\.$"):
        train._reopen(run.path, 3, None)
    (run.path / "checkpoints" / "epoch-0001").mkdir(parents=True)
    found = train._reopen(run.path, 5, None)
    assert (found.config["epochs"], found.complete, Run.open(run.path).config["epochs"]) == (5, False, 5)


@pytest.mark.parametrize(
    ("error", "status", "said"),
    [
        (InputError("toy: `x` must fit."), 1, "Error: toy: `x` must fit.\n"),
        (OSError("the disk is full"), 1, "Error: the disk is full\n"),
        (click.exceptions.Exit(9), 9, ""),
        (Lost("gone"), launch.LOST, "Error: train: the other workers must stay. Received: one that is gone.\n"),
    ],
)
def test_one_of_several_ends_at_once_whatever_it_ends_with(monkeypatch, capsys, ended, error, status, said):
    """It would wait at its exit for the others, which wait for it."""
    monkeypatch.delenv("TFNOTES_LAUNCHED", raising=False)
    monkeypatch.setattr(_workers, "cluster", lambda *given: Told())

    def fail(*given):
        raise error

    monkeypatch.setattr(_workers, "follow", fail)
    with pytest.raises(Ended):
        train.command.main(["toy"], standalone_mode=False)
    assert ended == [status]
    assert capsys.readouterr().err == said


@pytest.mark.parametrize(("engine", "ends"), [("local", []), ("ray", [128 + signal.SIGINT])])
def test_ctrl_c_before_there_is_a_run_and_what_ray_would_wait_for(monkeypatch, ended, engine, ends):
    monkeypatch.setattr(_workers, "cluster", lambda *given: None)

    def interrupted(**options):
        raise KeyboardInterrupt

    monkeypatch.setattr(train, "_begin", interrupted)
    result = CliRunner().invoke(train.command, ["toy", "--engine", engine, "--lang", "zh"])
    assert ended == ends
    assert isinstance(result.exception, Ended) if ends else result.exit_code == 128 + signal.SIGINT
    assert result.stderr == "在训练开始之前停止；什么也没有改变。\n"


@pytest.mark.parametrize(
    ("epochs", "lang", "said"),
    [
        (0, "en", "Stopped before {0} had finished an epoch; to continue: tfnotes train --resume {0}\n"),
        (2, "en", "Stopped after epoch 2, which {0} keeps; to continue: tfnotes train --resume {0}\n"),
        (2, "zh", "在第 2 轮之后停止，{0} 保留了它；继续训练：tfnotes train --resume {0}\n"),
    ],
)
def test_where_it_stopped(capsys, ctx, run, epochs, lang, said):
    ctx.params["lang"] = lang
    run.write_metrics([{"epoch": k + 1, "loss": 1.0} for k in range(epochs)])
    with pytest.raises(click.exceptions.Exit) as raised:
        train._stop(ctx, run, signal.SIGTERM)
    assert raised.value.exit_code == 143
    assert capsys.readouterr().err == said.format(run.path)
    assert lang in language.LANGUAGES
