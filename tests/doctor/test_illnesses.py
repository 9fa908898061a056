"""Runs made sick on purpose, and healthy ones: each illness is found, and none where there is none."""

import pytest

from tests.doctor import illnesses
from tfnotes.training.health import examine
from tfnotes_tasks.mnist import TASK

# Steps that are too long kill units, and dead units pass no gradient on.
FOLLOWS = {"learning rate too high": {"dead units", "vanishing gradients"}}


@pytest.fixture(scope="module")
def splits():
    return TASK.source("sample")(None)


@pytest.mark.parametrize("illness", illnesses.SICK)
def test_the_illness_is_found(illness, splits, tmp_path):
    recipe, options = illnesses.SICK[illness]
    report = examine(illnesses.train(tmp_path / "run", recipe, splits, **options).path)
    found = {finding.illness for finding in report.findings}
    assert illness in found
    assert found <= {illness} | FOLLOWS.get(illness, set())
    assert not report.healthy


@pytest.mark.parametrize("name", illnesses.HEALTHY)
def test_no_false_alarm(name, splits, tmp_path):
    recipe, options = illnesses.HEALTHY[name]
    report = examine(illnesses.train(tmp_path / "run", recipe, splits, **options).path)
    assert (report.findings, report.unseen, report.epochs) == ((), (), 3)
