"""`tfnotes play`: which models the page is made of, where it stands, and how long."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from tfnotes.cli import _tensorflow, main
from tfnotes.cli import play as command
from tfnotes.play import page, serve, source
from tfnotes.serving import exported


@pytest.fixture
def play(monkeypatch, tmp_path):
    """Runs the command without a page, a server or a browser; gives the result and what was asked for."""
    monkeypatch.chdir(tmp_path)
    asked = {"loaded": 0}

    class Server:
        server_address = ("127.0.0.1", 4321)

        def __enter__(self):
            return self

        def __exit__(self, *error):
            asked["ended"] = True

        def serve_forever(self):
            raise KeyboardInterrupt

    def write(found, out, language):
        asked.update(found=found, out=out, language=language, scratch=out.parent.name)
        return {"one": ["digit", "replay"], "two": []}

    monkeypatch.setattr(page, "check", lambda: None)
    monkeypatch.setattr(page, "write", write)
    monkeypatch.setattr(source, "sources", lambda paths, exports, report: [str(path) for path in paths])
    monkeypatch.setattr(serve, "server", lambda folder, port: asked.update(served=folder, port=port) or Server())
    monkeypatch.setattr("webbrowser.open", lambda address: asked.update(opened=address))
    monkeypatch.setattr(_tensorflow, "load", lambda: asked.update(loaded=asked["loaded"] + 1))
    return lambda *arguments: (CliRunner().invoke(main, ["play", *arguments]), asked)


def test_the_page_is_served_and_opened_until_ctrl_c(play):
    result, asked = play("a", "b", "--port", "12", "--lang", "zh")
    assert result.exit_code == 130
    assert result.stdout.splitlines() == [
        "one: digit, replay",
        "two: no widget is for this model",
        "The page is at http://127.0.0.1:4321/ until Ctrl-C.",
    ]
    assert (asked["found"], asked["language"], asked["port"], asked["loaded"]) == (["a", "b"], "zh", 12, 0)
    assert (asked["opened"], asked["ended"], asked["served"]) == ("http://127.0.0.1:4321/", True, asked["out"])
    assert asked["scratch"].startswith("tfnotes-play-")
    assert not asked["out"].parent.exists()


def test_without_a_browser_and_for_the_browsers_language(play):
    _, asked = play("a", "--no-open")
    assert "opened" not in asked
    assert (asked["language"], asked["port"]) == ("", 8502)


def test_a_page_for_any_server_is_written_and_nothing_served(play):
    result, asked = play("a", "--out", "mine")
    assert result.exit_code == 0
    said = "mine holds the page. To look at it: python -m http.server --bind 127.0.0.1 -d mine"
    assert result.stdout.splitlines()[-1] == said
    assert (asked["out"], "served" in asked) == (Path("mine"), False)


def test_without_arguments_the_exports_of_all_tasks_are_taken(play, tmp_path, monkeypatch):
    monkeypatch.setattr(command, "_needs_tensorflow", lambda path: path.name == "b")
    for name in ("b/1", "a/10", "c", "d/x"):
        (tmp_path / "saved_models" / name).mkdir(parents=True)
        (tmp_path / "saved_models" / name / "metadata.json").write_text("{}")
    (tmp_path / "saved_models" / "file").write_text("")
    _, asked = play()
    assert (asked["found"], asked["loaded"]) == (["saved_models/a", "saved_models/b"], 1)


@pytest.mark.parametrize(
    ("run", "formats", "needs"),
    [(True, None, True), (False, ["saved_model"], True), (False, ["onnx"], False), (False, None, None)],
)
def test_only_what_must_be_exported_first_needs_tensorflow(monkeypatch, tmp_path, run, formats, needs):
    if run:
        (tmp_path / "config.json").write_text("{}")
    monkeypatch.setattr(exported, "find", lambda path: path if formats else None)
    monkeypatch.setattr(exported, "described", lambda folder: (folder, {"formats": formats}))
    assert command._needs_tensorflow(tmp_path) is needs
