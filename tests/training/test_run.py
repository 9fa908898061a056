"""The run folder: what is refused, and that each file is whole or absent."""

import json
import os

import pytest

from tfnotes.errors import InputError
from tfnotes.task import Recipe
from tfnotes.training.config import configure, describe_data
from tfnotes.training.run import Run, next_free


@pytest.fixture
def config(toy):
    return configure(toy) | describe_data(toy.source("patterns")(None))


def test_create_and_open(config, tmp_path):
    run = Run.create(tmp_path / "new" / "run", config)
    assert Run.open(run.path).config == config
    assert [path.name for path in run.path.iterdir()] == ["config.json"]
    assert not run.complete
    assert run.metrics() == []
    assert run.test() is None
    with pytest.raises(InputError, match="must have finished an epoch"):
        run.model()


def test_an_empty_folder_may_be_used(config, tmp_path):
    assert Run.create(tmp_path, config).path == tmp_path


def test_what_stands_there_is_refused_and_left_alone(config, tmp_path):
    (tmp_path / "file").write_text("mine")
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "notes").write_text("mine")
    for name in ("file", "folder"):
        with pytest.raises(InputError, match=r"must be a new folder; .*--resume"):
            Run.create(tmp_path / name, config)
    assert sorted(path.name for path in tmp_path.rglob("*")) == ["file", "folder", "notes"]


@pytest.mark.parametrize("name", ["absent", "file", "folder"])
def test_what_is_no_run_is_refused(tmp_path, name):
    (tmp_path / "file").write_text("")
    (tmp_path / "folder").mkdir()
    with pytest.raises(InputError, match=r"`run` must be a run folder, with a config.json\. Received: "):
        Run.open(tmp_path / name)


@pytest.mark.parametrize(
    "harm",
    [
        lambda text: "",
        lambda text: text[:-20],
        lambda text: "[1, 2]",
        lambda text: "null",
        lambda text: text.replace('"epochs": 4', '"epochs": "4"'),
        lambda text: text.replace('"epochs": 4', '"epochs": -4'),
        lambda text: text.replace('"learning_rate": 0.02', '"learning_rate": NaN'),
        lambda text: text.replace('"seed"', '"sead"'),
        lambda text: "\udcff" + text,
    ],
)
def test_a_damaged_config_is_one_sentence(config, tmp_path, harm):
    run = Run.create(tmp_path / "run", config)
    path = run.path / "config.json"
    text = path.read_text()
    assert harm(text) != text
    path.write_bytes(harm(text).encode("utf-8", "surrogateescape"))
    with pytest.raises(InputError, match=r"config\.json is damaged") as error:
        Run.open(run.path)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize("name", ["metrics.jsonl", "test.json", "model.keras"])
def test_other_damaged_files_are_one_sentence(config, tmp_path, name):
    run = Run.create(tmp_path / "run", config)
    (run.path / name).write_text("{nonsense")
    read = {"metrics.jsonl": run.metrics, "test.json": run.test, "model.keras": run.model}[name]
    with pytest.raises(InputError, match=f"{name} is damaged") as error:
        read()
    assert "\n" not in str(error.value)


def test_a_failed_write_leaves_what_was_there(config, tmp_path, monkeypatch):
    run = Run.create(tmp_path / "run", config)
    run.write_metrics([{"epoch": 1}])

    def full(*args):
        raise OSError(28, "No space left on device")

    (run.path / "checkpoints" / "epoch-0001").mkdir(parents=True)
    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space left"):
        run.write_metrics([{"epoch": 1}, {"epoch": 2}])
    with pytest.raises(OSError, match="No space left"):
        run.extend(9)
    with pytest.raises(OSError, match="No space left"):
        Run.create(tmp_path / "other", config)
    assert run.metrics() == [{"epoch": 1}]
    assert Run.open(run.path).config == config
    assert sorted(path.name for path in tmp_path.rglob("*")) == [
        "checkpoints",
        "config.json",
        "epoch-0001",
        "metrics.jsonl",
        "run",
    ]


def test_extend_makes_a_complete_run_incomplete(config, tmp_path):
    run = Run.create(tmp_path / "run", config)
    run.write_test({"loss": 0.5, "accuracy": 0.75, "examples": 80})
    assert run.complete
    assert run.test()["accuracy"] == 0.75
    (run.path / "checkpoints" / "epoch-0003").mkdir(parents=True)
    run.extend(9)
    assert not run.complete
    assert json.loads((run.path / "config.json").read_text()) == {**config, "epochs": 9}


@pytest.mark.parametrize("name", ["metrics.jsonl", "model.keras", "test.json"])
def test_what_has_no_checkpoint_is_not_extended(config, tmp_path, name):
    run = Run.create(tmp_path / "run", config)
    (run.path / "checkpoints").mkdir()
    run.extend(9)
    (run.path / name).write_text("{}")
    with pytest.raises(InputError, match=rf"must have a checkpoint to go on from\. .*, with {name} and nothing in"):
        run.extend(10)
    assert Run.open(run.path).config["epochs"] == 9
    assert (run.path / name).read_text() == "{}"


def test_a_folder_that_goes_while_it_is_locked(config, tmp_path):
    run = Run.create(tmp_path / "run", config)
    run.check()
    with run.locked():
        run.check()
        run.path.rename(tmp_path / "elsewhere")
        with pytest.raises(FileNotFoundError, match="deleted or renamed while it was trained"):
            run.check()
        run.path.mkdir()
        with pytest.raises(FileNotFoundError, match="deleted or renamed while it was trained"):
            run.check()


def test_what_a_killed_writer_left_is_swept(config, tmp_path):
    run = Run.create(tmp_path / "run", config)
    (run.path / ".metrics.partial-1.jsonl").write_text("half")
    with run.locked():
        assert [path.name for path in run.path.iterdir()] == ["config.json"]


def test_next_free(tmp_path):
    assert next_free(tmp_path / "runs", "toy-tiny").name == "toy-tiny-1"
    for name in ("toy-tiny-2", "toy-tiny-10", "toy-tiny-x", "toy-tiny-wide-30", "toy-tin-99"):
        (tmp_path / name).mkdir()
    assert next_free(tmp_path, "toy-tiny").name == "toy-tiny-11"


def test_a_run_is_taken_away_as_long_as_it_is_the_one_that_was_made(config, tmp_path):
    run = Run.create(tmp_path / "run", config)
    with run.locked():
        run.path.rename(tmp_path / "elsewhere")
        run.path.mkdir()
        (run.path / "another's").touch()
        run.discard()
    assert sorted(path.name for path in tmp_path.rglob("*")) == ["another's", "config.json", "elsewhere", "run"]
    other = Run.create(tmp_path / "other", config)
    with other.locked():
        other.discard()
    assert not other.path.exists()
    other.discard()


def test_what_is_written_can_be_read(config, tmp_path):
    class Model:
        def save(self, path):
            path.write_text("a model")

    run = Run.create(tmp_path / "run", config)
    run.write_model(Model())
    run.write_model(Model(), "preparation.keras")
    run.write_metrics([{"epoch": 1, "loss": 0.5}, {"epoch": 2, "loss": 0.25}])
    run.write_test({"loss": 0.25})
    written = ["config.json", "metrics.jsonl", "model.keras", "preparation.keras", "test.json"]
    assert sorted(path.name for path in run.path.iterdir()) == written
    assert (run.path / "metrics.jsonl").read_text() == '{"epoch": 1, "loss": 0.5}\n{"epoch": 2, "loss": 0.25}\n'
    assert (run.path / "test.json").read_text() == '{\n  "loss": 0.25\n}\n'
    again = Run.open(run.path)
    assert [row["loss"] for row in again.metrics()] == [0.5, 0.25]
    assert (again.test(), again.complete) == ({"loss": 0.25}, True)


def test_a_preparation_that_is_not_learned_yet_is_none(config, tmp_path):
    run = Run.create(tmp_path / "run", config)
    assert run.prepare(Recipe(len, prepare=abs)) is abs
    assert run.prepare(Recipe(len, prepare=abs, fit=len)) is None


def test_where_the_task_is_not_there_that_is_said_rather_than_what_is_missing(config, tmp_path):
    run = Run.create(tmp_path / "run", {**config, "task": "unheard of"})
    with pytest.raises(InputError, match=r"`task` must be one of .*'unheard of'"):
        run.model()
