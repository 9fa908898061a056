"""`tfnotes train`, run as people run it: killed, interrupted, resumed, and given nonsense."""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from tfnotes import ray_cluster
from tfnotes.cli import main
from tfnotes.errors import InputError
from tfnotes.training import launch, on_ray

ROOT = Path(__file__).parents[2]
EPOCHS = 8
TWO = '{"cluster": {"worker": ["a:1", "b:2"]}, "task": {"type": "worker", "index": 0}}'
# Whoever runs the tests in the background ignores SIGINT, and children inherit that. The child itself sets it back:
# what Popen could run between fork and exec isn't safe beside TensorFlow's threads.
COMMAND = (
    "import signal; signal.signal(signal.SIGINT, signal.default_int_handler); from tfnotes.cli import main; main()"
)


def run(folder, *arguments, moment=""):
    """The command line's status, output and errors; `moment` says when it gets a signal, see toy_task.py."""
    paths = [str(ROOT), str(ROOT / "tests" / "toy"), os.environ.get("PYTHONPATH", "")]
    process = subprocess.run(
        [sys.executable, "-c", COMMAND, "train", *arguments],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(paths), "TOY_SIGNAL": moment},
        capture_output=True,
        text=True,
    )
    return process.returncode, process.stdout, process.stderr


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory):
    """An undisturbed run through the command line, and what it printed."""
    folder = tmp_path_factory.mktemp("undisturbed")
    status, out, error = run(folder, "toy", "--epochs", str(EPOCHS))
    assert (status, error) == (0, "")
    return folder / "runs" / "toy-tiny-1", out


def arrays(run):
    with np.load(run / "checkpoints" / f"epoch-{EPOCHS:04d}" / "variables.npz") as stored:
        return dict(stored)


def assert_same_end(run, other):
    left, right = arrays(run), arrays(other)
    assert left.keys() == right.keys()
    assert all(np.array_equal(left[key], right[key]) for key in left)
    for name in ("metrics.jsonl", "test.json"):
        assert (run / name).read_bytes() == (other / name).read_bytes()


def test_what_it_prints_and_leaves(undisturbed):
    run, out = undisturbed
    lines = out.splitlines()
    assert lines[0] == "toy tiny on patterns: 320 train, 80 validation, 80 test examples; runs/toy-tiny-1"
    assert [line.split()[1] for line in lines[1:-5]] == [f"{k}/{EPOCHS}" for k in range(1, EPOCHS + 1)]
    test = json.loads((run / "test.json").read_text())
    assert lines[-5] == f"test  loss {test['loss']:.4f}  accuracy {test['accuracy']:.4f}  examples 80"
    assert lines[-3:] == [f"  tfnotes {verb} runs/toy-tiny-1" for verb in ("evaluate", "export", "tensorboard")]
    config = json.loads((run / "config.json").read_text())
    assert (config["task"], config["epochs"], config["seed"]) == ("toy", EPOCHS, 0)


def test_killed_three_times_at_odd_moments(undisturbed, tmp_path):
    command = ["toy", "--epochs", str(EPOCHS), "--run", "run"]
    # Among batches, with half a checkpoint written, and before what people read says what the checkpoint says.
    for moment in ("SIGKILL 2 batch", "SIGKILL 4 state.json", "SIGKILL 6 metrics.jsonl"):
        status, _, error = run(tmp_path, *command, moment=moment)
        assert status == -signal.SIGKILL, (moment, error)
        command = ["--resume", "run"]
    status, out, error = run(tmp_path, *command)
    assert (status, error) == (0, "")
    assert f"epoch {EPOCHS}/{EPOCHS}" in out
    assert_same_end(tmp_path / "run", undisturbed[0])


def test_interrupted(tmp_path):
    status, _, error = run(tmp_path, "toy", "--epochs", str(EPOCHS), "--run", "run", moment="SIGINT 3 batch")
    assert status == 130
    assert error == "Stopped after epoch 2, which run keeps; to continue: tfnotes train --resume run\n"
    assert len((tmp_path / "run" / "metrics.jsonl").read_text().splitlines()) == 2
    assert not (tmp_path / "run" / "test.json").exists()
    assert (tmp_path / "run" / "checkpoints" / "epoch-0002").is_dir()


@pytest.fixture
def invoke(toy, tmp_path, monkeypatch):
    """Runs the command line in this process and an empty folder."""
    monkeypatch.chdir(tmp_path)

    def invoke(*arguments):
        return CliRunner().invoke(main, ["train", *arguments])

    return invoke


def sentence(result, printed=False):
    """The one line of a failure, whose status isn't 0."""
    assert result.exit_code in (1, 2), result.output
    assert result.exception is None or isinstance(result.exception, SystemExit)
    # A usage error of click's shows the usage before the sentence.
    *usage, line = result.stderr.splitlines()
    assert line.startswith("Error: ")
    assert not usage or usage[0].startswith("Usage: ")
    assert printed or result.stdout == ""
    return line


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ("", "Missing argument 'TASK'"),
        ("tyo", "mnist, toy. Received: 'tyo'."),
        ("toy --model big", "toy: `model` must be one of tiny, linear. Received: 'big'."),
        ("toy --data none", "toy: `data` must be one of patterns. Received: 'none'."),
        ("toy --data-dir nowhere", "nowhere"),
        ("toy --epochs 0", "`epochs` must be a positive integer. Received: epochs=0."),
        ("toy --epochs 1.5", "'1.5' is not a valid integer"),
        ("toy --batch-size -1", "`batch_size` must be a positive integer. Received: batch_size=-1."),
        ("toy --learning-rate 0", "`learning_rate` must be a finite number above 0."),
        ("toy --learning-rate -1", "`learning_rate` must be a finite number above 0."),
        ("toy --learning-rate nan", "`learning_rate` must be a finite number above 0."),
        ("toy --learning-rate inf", "`learning_rate` must be a finite number above 0."),
        ("toy --learning-rate-decay 0", "`learning_rate_decay` must be a finite number above 0."),
        ("toy --learning-rate-decay 0.5", "toy: the options must suit the model and the optimizer."),
        ("toy --learning-rate fast", "'fast' is not a valid float"),
        ("toy --seed -1", "`seed` must be"),
        ("toy --patience 0", "`patience` must be a positive integer."),
        (
            "toy --set units=3",
            "defaults are filters=4, dropout=0.25, momentum=0.9, decay=0.95. Received: 'units=3'.",
        ),
        ("toy --set filters", "Received: 'filters'."),
        ("toy --set filters=many", "filters a value of type int. Received: 'filters=many'."),
        ("toy --set filters=-1", "toy: the options must suit the model and the optimizer."),
        ("toy --set dropout=7", "toy: the options must suit the model and the optimizer."),
        ("toy --layers keras", "toy: `layers` must be tfnotes for tiny, which has no twin."),
        ("toy --layers torch", "'torch' is not one of 'tfnotes', 'keras'"),
        ("toy --freeze conv", "toy: `freeze` must come with `from`. Received: conv alone."),
        ("toy --from folder", "`run` must be a run folder"),
        ("toy --run file", "`run` must be a new folder"),
        (
            "toy --run folder",
            "to continue one, tfnotes train --resume folder. Received: 'folder', which exists.",
        ),
        (
            "toy --run file/run",
            "`run` must be in a folder that can be written. Received: 'file/run' (Not a directory).",
        ),
        ("toy --run /proc/run", "`run` must be in a folder that can be written. Received: '/proc/run'"),
        ("--resume nowhere", "`run` must be a run folder, with a config.json. Received: 'nowhere'."),
        ("--resume folder", "`run` must be a run folder"),
        (
            "--resume folder --seed 1",
            "--resume takes everything but --epochs and --no-test from the run; leave out --seed.",
        ),
        ("toy --resume folder", "leave out TASK."),
        ("--resume folder --set filters=1", "leave out --set."),
    ],
)
def test_bad_input_is_one_sentence_and_writes_nothing(invoke, tmp_path, arguments, says):
    (tmp_path / "file").write_text("mine")
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "notes").write_text("mine")
    assert says in sentence(invoke(*arguments.split()))
    assert sorted(path.name for path in tmp_path.rglob("*")) == ["file", "folder", "notes"]


def test_no_data_are_read_before_the_options_are_known_to_be_right(toy, invoke, monkeypatch):
    def read(data_dir):
        pytest.fail("data are read")

    monkeypatch.setitem(toy.sources, "patterns", read)
    for arguments in ("--epochs 0", "--set filters=0", "--run /proc/run", "--set units=3"):
        sentence(invoke("toy", *arguments.split()))


def test_workers_are_told_all_that_they_are_to_heed(toy, invoke, monkeypatch):
    asked = {}
    monkeypatch.setattr(launch, "launch", lambda run, *given: asked.update(local=(str(run.path), *given[:2])) or 0)
    monkeypatch.setattr(on_ray, "launch_on_ray", lambda run, *given: asked.update(ray=(str(run.path), *given)) or 0)
    monkeypatch.setattr(ray_cluster, "needed", lambda who, module: None)
    for name, options in (("local", ""), ("ray", " --engine ray --storage s3://there")):
        result = invoke(*f"toy --model linear --workers 2 --run {name} --no-test --wait 7{options}".split())
        assert result.exit_code == 0, result.output
    told = ["--wait", "7.0", "--no-test"]
    assert asked == {
        "local": ("local", 2, ["--resume", "local", *told]),
        "ray": ("ray", 2, told, 7.0, "s3://there"),
    }


def test_a_complete_run(undisturbed, invoke, tmp_path):
    shutil.copytree(undisturbed[0], tmp_path / "run")
    before = {path: path.read_bytes() for path in (tmp_path / "run").rglob("*") if path.is_file()}
    for arguments in ((), ("--epochs", str(EPOCHS))):
        result = invoke("--resume", "run", *arguments)
        assert result.exit_code == 0
        assert result.output.startswith(f"run is complete: {EPOCHS} epochs; loss ")
    assert {path: path.read_bytes() for path in before} == before
    assert "`epochs` must be at least the run's 8. Received: epochs=2." in sentence(
        invoke("--resume", "run", "--epochs", "2")
    )
    (tmp_path / "run" / "config.json").write_text("{")
    assert "config.json is damaged" in sentence(invoke("--resume", "run"))


def test_options_reach_the_run_and_numbers_go_on(invoke, tmp_path):
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "seed").write_text("5")
    for number in (1, 2):
        options = "--model linear --epochs 1 --batch-size 32 --learning-rate 0.5 --seed 3 --patience 4"
        result = invoke("toy", *f"{options} --set momentum=0 --set decay=1 --data-dir data".split())
        assert result.exit_code == 0, result.output
        config = json.loads((tmp_path / "runs" / f"toy-linear-{number}" / "config.json").read_text())
    assert config["settings"] == {"momentum": 0.0, "decay": 1.0}
    assert config["data_dir"] == str(tmp_path / "data")
    del config["versions"], config["fingerprint"], config["threads"], config["settings"], config["data_dir"]
    assert config == {
        "task": "toy",
        "model": "linear",
        "data": "patterns",
        "epochs": 1,
        "batch_size": 32,
        "learning_rate": 0.5,
        "learning_rate_decay": 1.0,
        "seed": 3,
        "patience": 4,
        "inspect": "basic",
        "layers": "tfnotes",
        "from": None,
        "freeze": [],
        "examples": {"train": 320, "validation": 80, "test": 80},
        "streamed": False,
    }
    result = invoke("--resume", "runs/toy-linear-2", "--epochs", "2")
    assert result.exit_code == 0
    assert "epoch 2/2" in result.output
    assert "epoch 1/2" not in result.output
    (tmp_path / "data" / "seed").write_text("6")
    result = invoke("--resume", "runs/toy-linear-2", "--epochs", "3")
    assert result.exit_code == 1
    assert "toy: `data` must be what runs/toy-linear-2 began with." in result.stderr


def test_a_run_starts_from_another_and_says_so(undisturbed, invoke, tmp_path):
    result = invoke("toy", "--from", str(undisturbed[0]), "--freeze", "conv", "--freeze", "norm*", "--epochs", "1")
    assert result.exit_code == 0, result.stderr
    config = json.loads((tmp_path / "runs" / "toy-tiny-1" / "config.json").read_text())
    assert (config["from"], config["freeze"]) == (str(undisturbed[0]), ["conv", "norm*"])
    runs = (tmp_path / "runs" / "toy-tiny-1", undisturbed[0])
    tuned, other = (json.loads((run / "metrics.jsonl").read_text().splitlines()[0])["loss"] for run in runs)
    assert tuned < 0.7 * other


def test_what_fails_before_its_first_epoch_leaves_no_run(invoke, tmp_path, monkeypatch):
    from tfnotes.training import loop

    def fail(run, *args, **kwargs):
        assert run.path.is_dir()
        raise InputError("toy: `x` must fit.")

    monkeypatch.setattr(loop, "train", fail)
    assert sentence(invoke("toy", "--run", "new", "--set", "filters=1"), printed=True) == "Error: toy: `x` must fit."
    assert not list(tmp_path.iterdir())


def test_a_run_that_is_resumed_stays_whatever_fails(toy, invoke, tmp_path, monkeypatch):
    from tfnotes.training import config, loop
    from tfnotes.training.run import Run

    def fail(run, *args, **kwargs):
        raise InputError("toy: `x` must fit.")

    Run.create(tmp_path / "begun", config.configure(toy) | config.describe_data(toy.source("patterns")(None)))
    monkeypatch.setattr(loop, "train", fail)
    assert sentence(invoke("--resume", "begun"), printed=True) == "Error: toy: `x` must fit."
    assert (tmp_path / "begun" / "config.json").is_file()


def test_divergence_is_one_sentence(invoke, tmp_path):
    result = invoke("toy", "--learning-rate", "1e30", "--run", "hot")
    assert result.exit_code == 1
    assert re.fullmatch(
        r"Error: toy: `learning_rate` must be small enough for a finite loss\. "
        r"Received: learning_rate=1e\+30; \w+ became \S+ in epoch 1\. hot keeps no epoch\.",
        result.stderr.strip(),
    )
    # Its events tell `doctor` of it.
    assert (tmp_path / "hot" / "config.json").is_file()


def test_ctrl_c_before_there_is_a_run(toy, invoke, tmp_path, monkeypatch):
    def read(data_dir):
        raise KeyboardInterrupt

    monkeypatch.setitem(toy.sources, "patterns", read)
    result = invoke("toy")
    assert result.exit_code == 130
    assert result.stderr == "Stopped before training began; nothing is changed.\n"
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("config", "arguments", "expected"),
    [
        ("{", [], "Error: train: `TF_CONFIG` must be JSON"),
        (TWO, ["--workers", "2"], "--workers starts processes, and by TF_CONFIG this is one of some: leave one out"),
        (TWO, ["--engine", "ray"], "--engine ray starts processes, and by TF_CONFIG this is one of some"),
        ("", ["--storage", "s3://bucket"], "--storage belongs to --engine ray."),
    ],
    ids=["damaged", "twice", "ray", "storage"],
)
def test_a_wrong_cluster_is_said_before_anything_is_written(tmp_path, monkeypatch, config, arguments, expected):
    monkeypatch.setenv("TF_CONFIG", config)
    monkeypatch.chdir(tmp_path)
    result = CliRunner().invoke(main, ["train", "mnist", *arguments])
    assert result.exit_code != 0
    assert expected in " ".join(result.output.split())
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    "arguments",
    ["train mnist", "train mnist --workers 2", "sweep mnist --set units=1,2", "experiment run hidden-activations"],
)
def test_without_ray_the_extra_is_named(tmp_path, monkeypatch, arguments):
    for name in ("ray", "ray.train"):
        monkeypatch.setitem(sys.modules, name, None)
    monkeypatch.chdir(tmp_path)
    result = CliRunner().invoke(main, [*arguments.split(), "--engine", "ray"])
    assert result.exit_code == 1
    who = arguments.split()[0]
    assert result.output == f"Error: {who}: engine `ray` needs ray, of the extra `ray`: pip install 'tfnotes[ray]'.\n"
    assert not list(tmp_path.iterdir())
