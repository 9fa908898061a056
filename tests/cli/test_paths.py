"""An empty path is refused wherever a path is taken: Python takes it for the current folder."""

import click
import pytest
from click.testing import CliRunner

from tests.fuzz.commands import commands
from tfnotes.cli import _paths, main


def test_every_path_is_of_the_type_that_refuses_an_empty_one():
    paths = [p for _, command in commands(main) for p in command.params if isinstance(p.type, click.Path)]
    assert len(paths) > 25
    assert {type(p.type) for p in paths} == {_paths.Path}


@pytest.mark.parametrize(
    "arguments",
    [
        ("predict", "", "picture.png"),
        ("evaluate", ""),
        ("export", "run", "--to="),
        ("train", "mnist", "--run", ""),
        ("train", "--resume", ""),
        ("data", "prepare", "sample", "--data-dir", ""),
        ("serve", "saved_models", ""),
    ],
    ids=" ".join,
)
def test_an_empty_path(arguments, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    result = CliRunner().invoke(main, arguments)
    assert result.exit_code == 2
    assert result.stderr.splitlines()[-1].endswith("must name a file or a folder. Received: ''.")
    assert not list(tmp_path.iterdir())


def test_a_zero_byte():
    """No shell can type it, but what calls the commands from Python can."""
    result = CliRunner().invoke(main, ("evaluate", "a\0b"))
    assert result.exit_code == 2
    assert result.stderr.splitlines()[-1].endswith("must be a path without a zero byte. Received: 'a\\x00b'.")
