"""`tfnotes predict`: lines, a table or JSON; standard input; bad files and their status."""

import json
import os
import subprocess
import sys

import pytest
from click.testing import CliRunner
from PIL import Image

from tfnotes.cli import main
from tfnotes.cli import predict as command


@pytest.fixture
def export(trained):
    return trained / "saved_models" / "drawn"


@pytest.fixture
def folder(drawn, tmp_path):
    import drawn_task

    for digit in (2, 5, 7):
        picture = drawn_task.on_paper(drawn_task.ink(digit, 130))
        Image.fromarray(picture.astype("uint8")).save(tmp_path / f"{digit}.png")
    return tmp_path


def predict(*arguments, **options):
    return CliRunner().invoke(main, ["predict", *map(str, arguments)], **options)


def test_a_line_for_each_file(export, folder):
    (folder / "notes.txt").write_text("not an image")
    result = predict(export, folder)
    assert result.exit_code == 0
    lines = [line.split("\t") for line in result.stdout.splitlines()]
    assert [line[:2] for line in lines] == [[str(folder / f"{digit}.png"), str(digit)] for digit in (2, 5, 7)]
    assert all(0.3 < float(line[2]) <= 1 for line in lines)
    assert result.stderr == f"{folder / 'notes.txt'}: skipped, its name isn't an image's.\n"


def test_json(export, folder):
    result = predict(export / "1", folder / "5.png", "--json")
    assert (result.exit_code, result.stderr) == (0, "")
    (answer,) = json.loads(result.stdout)
    assert {key: answer[key] for key in ("file", "digit", "label")} == {
        "file": str(folder / "5.png"),
        "digit": 5,
        "label": "5",
    }
    assert set(answer) == {"file", "digit", "label", "probability"}


def test_bad_files_give_the_status_and_keep_the_others(export, folder):
    (folder / "empty.png").touch()
    for options in ([], ["--json"]):
        result = predict(export, folder, folder / "none.png", *options)
        assert result.exit_code == 1
        files = [a["file"] for a in json.loads(result.stdout)] if options else result.stdout.splitlines()
        assert len(files) == 3
        empty, missing = result.stderr.splitlines()
        assert empty.startswith(f"Error: {folder / 'empty.png'}: `file` must be an image")
        assert missing == f"Error: {folder / 'none.png'}: No such file or directory."


def test_an_export_that_is_none(folder):
    result = predict(folder, folder / "2.png")
    assert (result.exit_code, result.stdout) == (1, "")
    assert "`export` must be the folder of an export" in result.stderr
    assert predict(folder).exit_code == 2


def test_a_table_shows_names_as_they_are(capsys):
    command._show([{"file": "a[bold]b.png", "label": "7", "probability": 0.98765}])
    (row,) = [line for line in capsys.readouterr().out.splitlines() if "bold" in line]
    assert [cell.strip() for cell in row.strip("│").split("│")] == ["a[bold]b.png", "7", "0.9877"]


def test_standard_input_without_the_task_and_without_noise(export, folder):
    """The child can't find the task `drawn`: the export alone is enough."""
    environment = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"}
    child = subprocess.run(
        [sys.executable, "-c", "from tfnotes.cli import main; main()", "predict", str(export), "-"],
        input=(folder / "7.png").read_bytes(),
        capture_output=True,
        env=environment,
        check=False,
    )
    assert (child.returncode, child.stderr) == (0, b"")
    assert child.stdout.startswith(b"-\t7\t")
