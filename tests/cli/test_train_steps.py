"""What `tfnotes train` hands to the training, and what it says of it; the training itself is another's here."""

import signal
from types import SimpleNamespace

import pytest
from click.testing import CliRunner

from tests.training.test_stored import CONFIG
from tfnotes.cli import _training, _workers, main
from tfnotes.errors import InputError
from tfnotes.language import Words
from tfnotes.training import config as configs
from tfnotes.training import health, launch, loop
from tfnotes.training.cluster import Lost
from tfnotes.training.run import Run
from tfnotes.training.signals import Interrupted

FIGURES = {"loss": 0.5, "accuracy": 0.25, "examples": 1234}
EXAMPLES = {"train": 3200, "validation": 80, "test": 80}
BEGUN = "toy tiny on patterns: 3,200 train, 80 validation, 80 test examples; run"


@pytest.fixture
def trained(monkeypatch, tmp_path):
    """The arguments of each training, which gives figures, or raises what `fails` says."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("TF_CONFIG", raising=False)
    found, ill = [], SimpleNamespace(findings=[SimpleNamespace(said=Words("It is ill.", "它病了。"))])

    def train(run, *given, **options):
        found.append((str(run.path), *given, options))
        if train.fails:
            raise train.fails
        return FIGURES

    train.fails = None
    def load(config, workers):
        loaded.append(workers)
        return "task", workers, "model"

    loaded = []
    monkeypatch.setattr(_workers, "load", load)
    monkeypatch.setattr(loop, "train", train)
    monkeypatch.setattr(health, "examine", lambda path: ill)
    return SimpleNamespace(found=found, train=train, loaded=loaded)


@pytest.fixture
def run(trained):
    return Run.create("run", {**CONFIG, "examples": EXAMPLES})


def invoke(*arguments):
    return CliRunner().invoke(main, ["train", *arguments])


def test_what_is_said_of_a_training(run, trained):
    result = invoke("--resume", "run")
    assert result.exit_code == 0, result.output
    assert result.stdout.splitlines() == [
        BEGUN,
        "test  loss 0.5000  accuracy 0.2500  examples 1,234",
        "run holds the run. Next:",
        *(f"  tfnotes {verb} run" for verb in ("evaluate", "export", "tensorboard")),
    ]
    assert result.stderr == "Warning: It is ill.\n"
    ((path, task, workers, options),) = trained.found
    assert (path, task, workers) == ("run", "task", 1)
    (progress,) = options.pop("callbacks")
    assert type(progress).__name__ == "Progress"
    assert options == {"model": "model", "report": _training.warn, "test": True, "cluster": None}


def test_without_the_test_it_says_how_to_test(run, trained):
    result = invoke("--resume", "run", "--no-test", "--lang", "zh")
    assert result.stdout.splitlines() == [
        BEGUN,
        "这次训练存在 run。要在测试集上评估：tfnotes train --resume run",
    ]
    assert result.stderr == "警告：它病了。\n"
    assert trained.found[0][-1]["test"] is False


@pytest.mark.parametrize(("epochs", "signum"), [(0, signal.SIGTERM), (2, signal.SIGINT)])
def test_interrupted_between_two_batches(run, trained, epochs, signum):
    run.write_metrics([{"epoch": k + 1, "loss": 1.0} for k in range(epochs)])
    trained.train.fails = Interrupted(signum)
    result = invoke("--resume", "run")
    assert result.exit_code == 128 + signum
    assert result.stdout == f"{BEGUN}\n"
    assert result.stderr.startswith("Stopped after epoch 2, which run keeps" if epochs else "Stopped before run had")
    assert run.path.is_dir()


def test_several_workers_train_the_run_and_not_this_process(run, trained, monkeypatch):
    asked = []
    monkeypatch.setattr(launch, "launch", lambda run, *given: asked.append((str(run.path), *given)) or 3)
    result = invoke("--resume", "run", "--workers", "3")
    assert result.exit_code == 3
    assert asked == [("run", 3, ["--resume", "run", "--wait", "60.0"], _training.warn)]
    assert (trained.found, trained.loaded) == ([], [3])


@pytest.fixture
def asked(monkeypatch, toy):
    """The options that were given to `configure`."""
    found = []

    def configure(task, **options):
        found.append((task.name, options))
        return {**CONFIG, "layers": options["layers"] or "tfnotes", "threads": 7}

    monkeypatch.setattr(configs, "configure", configure)
    monkeypatch.setattr(configs, "describe_data", lambda splits: {"examples": EXAMPLES, "fingerprint": "ab"})
    return found


NOTHING = dict.fromkeys(
    ("model", "data", "data_dir", "epochs", "batch_size", "learning_rate", "learning_rate_decay", "patience", "layers")
)


def test_every_option_reaches_the_configuration(trained, asked, tmp_path):
    trained.train.fails = InputError("asked")
    assert invoke("toy").stderr == "Error: asked\n"
    nothing = {**NOTHING, "inspect": None, "source": None, "seed": 0, "freeze": (), "settings": ()}
    assert asked == [("toy", nothing)]
    assert trained.found[0][0] == "runs/toy-tiny-1"
    given = {"model": "linear", "data": "patterns", "epochs": 3, "batch_size": 7, "learning_rate": 0.5, "seed": 4}
    given |= {"learning_rate_decay": 0.25, "patience": 2, "layers": "keras", "inspect": "full"}
    options = [f"--{name.replace('_', '-')}={value}" for name, value in given.items()]
    options += ["--data-dir", "there", "--from", "before", "--freeze", "a*", "--freeze", "b"]
    invoke("toy", *options, "--set", "x=1", "--set", "y=2")
    _, found = asked[1]
    assert (str(found.pop("data_dir")), str(found.pop("source"))) == ("there", "before")
    assert found == {**given, "freeze": ("a*", "b"), "settings": ("x=1", "y=2")}
    # A run of Keras's layers is named so; one that failed before its first epoch is gone.
    assert trained.found[1][0] == "runs/toy-tiny-keras-1"
    assert not list((tmp_path / "runs").iterdir())


@pytest.mark.parametrize(
    ("error", "stays"), [(Lost("gone"), True), (InputError("x"), False), (OSError("x"), False), (None, True)]
)
def test_what_stays_of_a_run_that_fails_before_its_first_epoch(trained, asked, tmp_path, error, stays, monkeypatch):
    if error is None:
        error = InputError("it diverged")
        error.__cause__ = FloatingPointError()
    trained.train.fails = error
    monkeypatch.setattr(_workers, "end_lost", lambda run, error: None)
    invoke("toy", "--run", "new")
    assert (tmp_path / "new").exists() == stays


@pytest.mark.parametrize(("workers", "threads"), [(1, None), (2, 3), (3, 2), (20, 1)])
def test_workers_share_the_threads(trained, asked, tmp_path, monkeypatch, workers, threads):
    monkeypatch.setattr(launch, "launch", lambda *given: 0)
    assert invoke("toy", "--run", "new", "--workers", str(workers)).exit_code == 0
    config = Run.open(tmp_path / "new").config
    assert config["examples"] == EXAMPLES
    assert (config.get("workers"), config["threads"]) == ((workers, threads) if threads else (None, 7))
