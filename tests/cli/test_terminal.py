"""What is shown to whom: a bar while somebody watches, colours on a terminal, all of it in a pipe."""

import io
from types import SimpleNamespace

import pytest
from click.testing import CliRunner
from rich.console import Console

from tfnotes.cli import _terminal, _training, main
from tfnotes.data import watch
from tfnotes.experiments import ledger


@pytest.fixture
def terminal(monkeypatch):
    """What a terminal of 40 columns is shown."""
    shown = io.StringIO()
    watched = Console(file=shown, width=40, force_terminal=True, color_system="truecolor")
    monkeypatch.setattr(_terminal, "console", lambda **options: watched)
    return shown


def test_a_bar_tells_how_far_it_is_while_somebody_watches(terminal):
    with _terminal.progress("Reading") as progress:
        progress(1, 4)
    assert "Reading" in terminal.getvalue()
    assert "25%" in terminal.getvalue()


def test_nobody_who_does_not_watch_is_shown_a_bar(capsys):
    with _terminal.progress("Reading", stderr=True) as progress:
        progress(1, 4)
    assert "Reading" not in "".join(capsys.readouterr())


def test_code_has_colours_on_a_terminal_and_none_elsewhere(terminal, monkeypatch, capsys):
    _terminal.code("def f(): pass")
    assert "\x1b[" in terminal.getvalue()
    monkeypatch.setattr(_terminal, "console", lambda: SimpleNamespace(is_terminal=False))
    _terminal.code("def f(): pass")
    assert capsys.readouterr().out == "def f(): pass\n"


def test_where_nobody_watches_lines_are_as_wide_as_what_they_say(capsys, monkeypatch):
    monkeypatch.setenv("COLUMNS", "20")
    _terminal.console().print("word " * 100)
    assert len(capsys.readouterr().out.splitlines()) == 1
    _terminal.console(stderr=True).print("aside")
    assert capsys.readouterr() == ("", "aside\n")


def test_reading_is_told_of_on_standard_error(monkeypatch):
    asked, told = [], []

    class Bar:
        def __enter__(self):
            return lambda done, total: told.append((done, total))

        def __exit__(self, *error):
            asked.append("closed")

    monkeypatch.setattr(_terminal, "progress", lambda what, **options: asked.append((what, options)) or Bar())
    setup = SimpleNamespace(config={"data": "sample"}, read=lambda: watch.tell(3, 9) or "splits")
    assert _training.read(setup) == "splits"
    assert (asked, told) == ([("Reading sample", {"stderr": True}), "closed"], [(3, 9)])
    watch.tell(4, 9)
    assert told == [(3, 9)]


def test_a_claims_row_and_the_counts(monkeypatch):
    def entry(name, verdict):
        said = {"statement_en": f"{name} holds.", "statement_zh": "成立。", "source": ["003:1", "004:2"]}
        return {"id": name, "verdict": verdict, **said, "condition_en": f"if {name}", "condition_zh": "如果"}

    measured = [entry("a", "CONFIRMED"), entry("b", "REFUTED"), entry("c", "REFUTED")]
    missing = [{"id": "x-1"}, {"id": "x-2"}]
    asked = []
    monkeypatch.setattr(ledger, "select", lambda *given: asked.append(given) or (measured, missing))
    result = CliRunner().invoke(main, ["claims", "w", "v", "--topic", "t", "--verdict", "refuted"])
    assert asked == [("t", "refuted", ("w", "v"))]
    lines = result.stdout.splitlines()
    rows = [[cell.strip() for cell in line.strip("│").split("│")] for line in lines if line.startswith("│")]
    assert rows[:2] == [["a", "a holds.", "CONFIRMED", "if a"], ["003:1 004:2", "成立。", "", ""]]
    assert [row[0] for row in rows[::2]] == ["a", "b", "c"]
    assert lines[-2:] == ["REFUTED 2  CONFIRMED 1", "Not yet measured, 2: x-1, x-2"]
    rows = CliRunner().invoke(main, ["claims", "--lang", "zh"]).stdout.splitlines()
    (row,) = [line for line in rows if line.startswith("│ a ")]
    assert [cell.strip() for cell in row.strip("│").split("│")] == ["a", "成立。", "成立", "如果"]
    assert rows[-2:] == ["不成立 2  成立 1", "尚未测量的 2 条：x-1, x-2"]
