"""`tfnotes tensorboard` starts TensorBoard on the folder, or says that there is none."""

import socket

import pytest
from click.testing import CliRunner
from tensorboard import program

from tfnotes.cli import main


@pytest.fixture
def shown(monkeypatch, tmp_path):
    """The flags of each TensorBoard that would serve; Ctrl-C ends it."""
    monkeypatch.chdir(tmp_path)
    flags = []

    def serve(board):
        flags.append(board.flags)
        raise KeyboardInterrupt

    monkeypatch.setattr(program.TensorBoard, "main", serve)
    return flags


def test_it_starts_on_the_runs(shown, tmp_path):
    (tmp_path / "runs").mkdir()
    assert CliRunner().invoke(main, ["tensorboard"]).exit_code == 130
    assert [(f.logdir, f.host, f.port) for f in shown] == [("runs", "localhost", 6006)]


def test_folder_host_and_port(shown, tmp_path):
    (tmp_path / "mine").mkdir()
    CliRunner().invoke(main, ["tensorboard", "mine", "--host", "0.0.0.0", "--port", "0"])
    assert [(f.logdir, f.host, f.port) for f in shown] == [("mine", "0.0.0.0", 0)]


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ([], "Error: tensorboard: `runs` must be a folder that `tfnotes train` wrote to. Received: 'runs'."),
        (["--port", "-1"], "-1 is not in the range"),
        (["file"], "Received: 'file'."),
    ],
)
def test_bad_input(shown, tmp_path, arguments, says):
    (tmp_path / "file").write_text("")
    result = CliRunner().invoke(main, ["tensorboard", *arguments])
    assert result.exit_code in (1, 2)
    assert says in result.stderr
    assert not shown


def test_a_port_in_use_is_a_failure(tmp_path):
    with socket.create_server(("localhost", 0)) as taken:
        port = taken.getsockname()[1]
        result = CliRunner().invoke(main, ["tensorboard", str(tmp_path), "--port", str(port)])
    assert result.exit_code == 1


@pytest.mark.parametrize("failed", [0, 1])
def test_its_failure_is_ours(monkeypatch, tmp_path, failed):
    monkeypatch.setattr(program.TensorBoard, "main", lambda board: failed)
    assert CliRunner().invoke(main, ["tensorboard", str(tmp_path)]).exit_code == failed
