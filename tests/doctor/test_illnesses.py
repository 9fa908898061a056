"""Runs made sick on purpose, and healthy ones: each illness is found, and none where there is none."""

import pytest

from tests.doctor import illnesses
from tfnotes.training.health import examine
from tfnotes_tasks.mnist import TASK


@pytest.fixture(scope="module")
def splits():
    return TASK.source("sample")(None)


@pytest.mark.parametrize("illness", illnesses.SICK)
def test_the_illness_is_found(illness, splits, tmp_path):
    recipe, options = illnesses.SICK[illness]
    report = examine(illnesses.train(tmp_path / "run", recipe, splits, **options).path)
    # What else is found, as the units that steps too long killed, is said to follow from it.
    assert {finding.illness for finding in report.findings if finding.cause is None} == {illness}
    assert not report.healthy


@pytest.mark.parametrize("name", illnesses.HEALTHY)
def test_no_false_alarm(name, splits, tmp_path):
    recipe, options = illnesses.HEALTHY[name]
    report = examine(illnesses.train(tmp_path / "run", recipe, splits, **options).path)
    assert (report.findings, report.unseen, report.epochs) == ((), (), 3)
