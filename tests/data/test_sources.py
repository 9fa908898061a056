"""Where prepared data stand, what they are called, and from which size on they are read as a stream."""

from pathlib import Path

import pytest

from tfnotes.data import sources
from tfnotes.errors import InputError
from tfnotes_tasks import sources as ours

SOURCE = sources.Source("task-name", "task", "one line", "set/plain", "1.2.3", {"train": 3})


def test_what_a_source_says_of_itself(tmp_path):
    assert (SOURCE.module, SOURCE.stream, SOURCE.window) == (None, None, 10_000)
    assert SOURCE.data == "name"
    assert sources.Source("task", "task", "", "set", "1", {}).data == "task"
    assert SOURCE.folder(tmp_path) == tmp_path / "set" / "plain" / "1.2.3"
    assert not SOURCE.is_prepared(tmp_path)
    (SOURCE.folder(tmp_path) / "dataset_info.json").mkdir(parents=True)
    assert not SOURCE.is_prepared(tmp_path), "a folder is no file"
    (SOURCE.folder(tmp_path) / "dataset_info.json").rmdir()
    (SOURCE.folder(tmp_path) / "dataset_info.json").touch()
    assert SOURCE.is_prepared(tmp_path)
    with pytest.raises(InputError, match=r"^Source task-name: `window` must be a positive integer"):
        sources.Source("task-name", "task", "", "set", "1", {}, window=0)


def test_the_folder_that_is_given_then_the_environments_then_the_homes(tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("TFDS_DATA_DIR", "~/elsewhere")
    assert sources.root("given") == Path("given")
    assert sources.root("~/given") == tmp_path / "given"
    assert sources.root() == SOURCE.folder().parents[2] == tmp_path / "elsewhere"
    for unset in ("", None):
        monkeypatch.setenv("TFDS_DATA_DIR", "") if unset == "" else monkeypatch.delenv("TFDS_DATA_DIR")
        assert sources.root() == tmp_path / "tensorflow_datasets"


@pytest.mark.parametrize(("said", "megabytes"), [(None, 1000), ("", 1000), ("0", 0), ("2.5", 2.5), ("1e4", 10_000)])
def test_the_size_of_a_stream_is_in_megabytes(monkeypatch, said, megabytes):
    monkeypatch.delenv("TFNOTES_STREAM_ABOVE", raising=False)
    if said is not None:
        monkeypatch.setenv("TFNOTES_STREAM_ABOVE", said)
    assert sources.stream_above() == megabytes * 10**6


@pytest.mark.parametrize("said", ["-1", "a lot", "inf"])
def test_a_size_that_is_none(monkeypatch, said):
    monkeypatch.setenv("TFNOTES_STREAM_ABOVE", said)
    with pytest.raises(InputError) as caught:
        sources.stream_above()
    assert str(caught.value) == (
        f"tfnotes: `TFNOTES_STREAM_ABOVE` must be a number of megabytes of at least 0. Received: {said!r}."
    )


def test_the_data_of_our_tasks():
    """What TFDS calls them, and how many examples each version of them has."""
    found = {
        source.name: (source.task, source.dataset, source.version, dict(source.examples), source.module)
        for source in (*ours.mnist(), *ours.imdb())
    }
    assert list(found.items()) == [
        ("full", ("mnist", "mnist", "3.0.1", {"train": 60_000, "test": 10_000}, None)),
        ("sample", ("mnist", "mnist_sample", "1.0.0", {"train": 4_000, "test": 1_000}, "tfnotes_tasks.mnist.sample")),
        ("imdb-full", ("imdb", "imdb_reviews/plain_text", "1.0.0", {"train": 25_000, "test": 25_000}, None)),
        (
            "imdb-sample",
            ("imdb", "imdb_sample", "1.0.0", {"train": 10_229, "test": 2_523}, "tfnotes_tasks.imdb.sample"),
        ),
    ]
    assert {source.stream for source in (*ours.mnist(), *ours.imdb())} == {None}


def test_a_function_declares_as_well_as_a_list(monkeypatch):
    def source(name, task):
        return sources.Source(name, task, "", "set", "1", {})

    twice = source("twice", "a")
    declared = {
        "a": lambda: iter([source("one", "a"), twice]),
        "b": (source("two", "b"), source("twice", "b")),
        "c": [source("three", "a")],
        "d": 5,
        "e": lambda: [source("four", "e"), "no source"],
    }
    monkeypatch.setattr(sources.plugins, "names", lambda group: list(declared) if group == "tfnotes.sources" else [])
    monkeypatch.setattr(sources.plugins, "load", lambda group, name, what: declared[name])
    said = []
    assert list(sources.installed(said.append)) == ["one", "two"]
    assert list(sources.installed()) == ["one", "two"]
    must = "must be tfnotes.data.sources.Source of that task. Received: "
    assert said[0] == "tfnotes: the data `twice` must be declared once. Received: those of the tasks a and b."
    assert said[1].startswith(f"tfnotes: the data of the task `c` {must}Source(name='three', task='a'")
    assert said[2] == "tfnotes: the data of the task `d` can't be listed: TypeError: 'int' object is not iterable."
    assert said[3] == f"tfnotes: the data of the task `e` {must}'no source'."
    assert len(said) == 4
