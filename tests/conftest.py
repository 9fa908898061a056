"""Fixtures that several folders of tests share."""

from pathlib import Path

import pytest

TOY = Path(__file__).parent / "toy"


@pytest.fixture
def toy(monkeypatch):
    """The task `toy`, found as an installed task is; see tests/toy/toy_task.py."""
    monkeypatch.syspath_prepend(TOY)
    from tfnotes import task

    return task.load("toy")
