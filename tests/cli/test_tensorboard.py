"""`tfnotes tensorboard` starts TensorBoard on the folder, or says that there is none."""

import os
import sys

import pytest
from click.testing import CliRunner

from tfnotes.cli import main


@pytest.fixture
def started(monkeypatch, tmp_path):
    """What would be executed."""
    monkeypatch.chdir(tmp_path)
    calls = []
    monkeypatch.setattr(os, "execv", lambda path, arguments: calls.append(arguments))
    return calls


def test_it_starts_on_the_runs(started, tmp_path):
    (tmp_path / "runs").mkdir()
    assert CliRunner().invoke(main, ["tensorboard"]).exit_code == 0
    assert started == [
        [
            sys.executable,
            "-m",
            "tensorboard.main",
            "--logdir",
            "runs",
            "--host",
            "localhost",
            "--port",
            "6006",
        ]
    ]


def test_folder_host_and_port(started, tmp_path):
    (tmp_path / "mine").mkdir()
    assert (
        CliRunner().invoke(main, ["tensorboard", "mine", "--host", "0.0.0.0", "--port", "0"]).exit_code == 0
    )
    assert started[0][3:] == ["--logdir", "mine", "--host", "0.0.0.0", "--port", "0"]


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ([], "Error: tensorboard: `runs` must be a folder that `tfnotes train` wrote to. Received: 'runs'."),
        (["--port", "-1"], "-1 is not in the range"),
        (["file"], "Received: 'file'."),
    ],
)
def test_bad_input(started, tmp_path, arguments, says):
    (tmp_path / "file").write_text("")
    result = CliRunner().invoke(main, ["tensorboard", *arguments])
    assert result.exit_code in (1, 2)
    assert says in result.stderr
    assert started == []
