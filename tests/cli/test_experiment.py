"""`tfnotes experiment`: what goes together, and how times are told."""

from types import SimpleNamespace

import pytest
from click.testing import CliRunner

from tfnotes.cli import experiment, main
from tfnotes.experiments import _experiment
from tfnotes.experiments import run as running


@pytest.mark.parametrize("options", [["--quick"], ["--seeds", "3"], ["--set", "points=3"]])
def test_only_experiments_as_they_stand_are_recorded(options, tmp_path):
    ledger = tmp_path / "ledger.json"
    result = CliRunner().invoke(main, ["experiment", "run", "sigmoid-half", *options, "--record", str(ledger)])
    assert result.exit_code == 2
    assert "--record takes the experiments as they stand" in result.stderr
    assert not ledger.exists()


@pytest.mark.parametrize("arguments", [[], ["sigmoid-half", "--all"], ["--all", "--set", "points=3"]])
def test_one_or_all(arguments):
    result = CliRunner().invoke(main, ["experiment", "run", *arguments])
    assert (result.exit_code, result.stdout) == (2, "")


@pytest.mark.parametrize(
    ("seconds", "told"),
    [(0.04, "0.0 s"), (59.9, "59.9 s"), (60, "1 min 0 s"), (90, "1 min 30 s"), (3599, "59 min 59 s")],
)
def test_durations(seconds, told):
    assert experiment._duration(seconds) == told


def test_with_all_the_changed_verdicts_of_all_are_counted(monkeypatch, tmp_path):
    found = [SimpleNamespace(name=f"e{k}") for k in range(3)]
    changed = dict(zip((e.name for e in found), (2, 1, 0), strict=True))
    monkeypatch.setattr(_experiment, "experiments", lambda: found)
    monkeypatch.setattr(running, "run", lambda e, *_: e)
    monkeypatch.setattr(experiment, "_kept", lambda console, e, *_, **__: changed[e.name])
    options = ["experiment", "run", "--all", "--no-figures", "--out", str(tmp_path)]
    expected = experiment._words.DIFFER.format(count=3).en
    assert expected in CliRunner().invoke(main, options, env={"COLUMNS": "200"}).output


def test_every_option_reaches_the_measuring(monkeypatch, tmp_path):
    asked = []

    def measured(e, seeds, settings, quick, progress, ray):
        asked.append((e.name, seeds, settings, quick))
        return e

    def kept(console, e, out, pictures, record, lang, standing):
        asked.append((e.name, out, pictures, record, lang, standing))
        return 0

    monkeypatch.setattr(running, "run", measured)
    monkeypatch.setattr(experiment, "_kept", kept)
    ask = ["experiment", "run", "sigmoid-half", "--no-figures", "--out", str(tmp_path), "--lang", "zh"]
    given = ["--seeds", "3", "--set", "points=3", "--quick"]
    assert CliRunner().invoke(main, [*ask, *given]).exit_code == 0
    assert CliRunner().invoke(main, [*ask, "--record", str(tmp_path / "ledger.json")]).exit_code == 0
    name = _experiment.find("sigmoid-half").name
    assert asked == [
        (name, 3, ("points=3",), True),
        (name, tmp_path, None, None, "zh", False),
        (name, None, (), False),
        (name, tmp_path, None, tmp_path / "ledger.json", "zh", True),
    ]
