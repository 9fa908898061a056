"""`tfnotes experiment`: what goes together, and how times are told."""

import pytest
from click.testing import CliRunner

from tfnotes.cli import experiment, main


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
