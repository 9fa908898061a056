"""`tfnotes experiment`: what goes together, and how times are told."""

import io
from types import SimpleNamespace

import pytest
from click.testing import CliRunner
from rich.console import Console

from tfnotes import ray_cluster
from tfnotes.cli import experiment, main
from tfnotes.experiments import _experiment, ledger
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


def entry(name, verdict, **more):
    return {"id": name, "verdict": verdict, "statement_en": "[bold]It holds.", "statement_zh": "成立。", **more}


FIGURES = {
    "share": {"value": 0.123456789, "low": 0.1, "high": 1234567.0, "n": 5},
    "counted": {"value": 11935},
    "who": {"value": "relu"},
}


@pytest.mark.parametrize("standing", [True, False])
def test_verdicts_and_figures_are_told(monkeypatch, standing):
    monkeypatch.setattr(ledger, "condition", lambda entry, lang: f"if {entry['id']}" if entry["id"] == "a" else "")
    monkeypatch.setattr(ledger, "changed", lambda entry: "REFUTED" if entry["id"] == "a" else None)
    entries = [entry("a", "CONFIRMED", figures=FIGURES, experiment="e"), entry("b", "QUALIFIED")]
    console = Console(file=io.StringIO(), width=200)
    assert experiment._report(console, entries, 75, "en", standing) == 1
    lines = [line.rstrip() for line in console.file.getvalue().splitlines()]
    why = "" if standing else ", which was measured with the default parameters"
    assert lines[:8] == [
        *("a  CONFIRMED", "  [bold]It holds.", "  成立。", "  if a"),
        f"  CHANGED: the recorded ledger says REFUTED{why}.",
        *("b  QUALIFIED", "  [bold]It holds.", "  成立。"),
    ]
    cells = [[cell.strip() for cell in line.strip("│").split("│")] for line in lines if line.startswith("│")]
    assert cells == [
        ["share", "0.123457", "0.1 to 1.23457e+06", "5"],
        ["counted", "11935", "exact", "1"],
        ["who", "relu", "exact", "1"],
    ]
    assert "e took 1 min 15 s." in lines
    console = Console(file=io.StringIO(), width=200)
    experiment._report(console, entries, 3, "zh", standing)
    said = console.file.getvalue()
    assert all(word in said for word in ("a  成立", "有变化：账本里是“不成立”", "0.1 至 1.23457e+06", "e 用时 3.0 s"))


@pytest.mark.parametrize("record", [None, "ledger.json"])
@pytest.mark.parametrize("draws", [True, False])
def test_what_was_measured_is_kept_where_it_is_asked_for(monkeypatch, tmp_path, record, draws):
    kept = []
    pictures = SimpleNamespace(save=lambda *given: kept.append(("pictures", *given)))
    result = SimpleNamespace(experiment=SimpleNamespace(name="e"), seconds=5)
    monkeypatch.setattr(running, "save", lambda *given: kept.append(("results", *given)))
    monkeypatch.setattr(running, "entries", lambda result: iter(["entry"]))
    monkeypatch.setattr(ledger, "record", lambda *given: kept.append(("ledger", *given)))
    monkeypatch.setattr(experiment, "_report", lambda *given: kept.append(("said", *given)) or 7)
    given = ("console", result, tmp_path, pictures if draws else None, record, "zh", False)
    assert experiment._kept(*given) == 7
    drawn = [("pictures", result, tmp_path / "e")] if draws else []
    written = [("ledger", ["entry"], record)] if record else []
    told = ("said", "console", ["entry"], 5, "zh", False)
    assert kept == [("results", result, tmp_path / "e"), *drawn, told, *written]


def test_on_ray_one_processor_is_enough(monkeypatch):
    monkeypatch.setattr(ray_cluster, "joined", lambda *given: given)
    assert experiment._joined("ray") == ("experiment", 1)
    with experiment._joined("local") as nothing:
        assert nothing is None


def test_where_the_results_stand_and_how_long_all_took(monkeypatch, tmp_path):
    found = [SimpleNamespace(name="e")]
    monkeypatch.setattr(_experiment, "experiments", lambda: found)
    monkeypatch.setattr(_experiment, "find", lambda name: found[0])
    monkeypatch.setattr(running, "run", lambda e, *_: e)
    monkeypatch.setattr(experiment, "_kept", lambda *_, **__: 0)
    said = {}
    for options in ("--all", "--all --no-figures", "e"):
        result = CliRunner().invoke(main, ["experiment", "run", *options.split(), "--out", str(tmp_path)])
        said[options] = result.output.splitlines()
    assert said["--all"][0] == f"Raw results and pictures: {tmp_path}"
    assert said["--all"][1].startswith("Total time: 0.")
    assert said["--all --no-figures"][0] == f"Raw results: {tmp_path}"
    assert said["e"] == [f"Raw results and pictures: {tmp_path}"]
