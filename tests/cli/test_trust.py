"""`--trust` of each command that runs an export reaches the look at what its SavedModel does."""

import pytest
from click.testing import CliRunner

from tfnotes.cli import main
from tfnotes.errors import InputError
from tfnotes.serving import exported, latency, runtimes, trusted
from tfnotes.serving.server import run

COMMANDS = {
    "predict": ["picture.png"],
    "sample": [],
    "evaluate": [],
    "export": ["--add-format", "litert"],
    "latency": [],
    "serve": ["--port", "0"],
}


@pytest.fixture
def stopped(monkeypatch):
    """Ends in one sentence where an export isn't trusted, and in another where its model would be loaded."""

    def end(sentence):
        def ended(*_):
            raise InputError(sentence)

        return ended

    monkeypatch.setattr(trusted, "check", end("It isn't trusted."))
    monkeypatch.setattr(runtimes, "load", lambda name: end("It is loaded."))
    # In this process, and without a server.
    monkeypatch.setattr(latency, "_child", latency.measure)
    monkeypatch.setattr(run, "run", lambda paths, about, *_: exported.Exported(paths[0], about.runtime, about.trust))


@pytest.mark.parametrize("command", COMMANDS)
def test_an_export_is_loaded_unseen_only_if_it_is_trusted(stopped, trained, drawn, command):
    ask = [command, str(trained / "saved_models" / "drawn" / "1"), *COMMANDS[command]]
    found = [CliRunner().invoke(main, [*ask, *trust]) for trust in ([], ["--trust"])]
    assert [result.output.splitlines()[-1] for result in found] == ["Error: It isn't trusted.", "Error: It is loaded."]
