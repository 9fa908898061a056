"""The export of the task `drawn` behind a server in this process."""

import subprocess
import sys
from contextlib import contextmanager

import pytest
from fastapi.testclient import TestClient

from tests.conftest import DRAWN
from tfnotes.serving.export import export as write
from tfnotes.serving.exported import Exported
from tfnotes.serving.server.app import create
from tfnotes.serving.server.settings import Settings
from tfnotes.training.run import Run


@pytest.fixture(scope="session")
def export(trained):
    return trained / "saved_models" / "drawn" / "1"


@pytest.fixture(scope="session")
def exported(export):
    return Exported(export)


@pytest.fixture(scope="module")
def client(export):
    with TestClient(create([export], Settings(max_batch=16)), raise_server_exceptions=False) as client:
        yield client


@pytest.fixture(scope="session")
def portable(trained, tmp_path_factory):
    """The export of the same run for ONNX Runtime alone, without a SavedModel."""
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(DRAWN)
        run = Run.open(trained / "runs" / "drawn")
        return write(run, tmp_path_factory.mktemp("portable"), wanted=("onnx",))


@pytest.fixture(scope="session")
def live(portable):
    """Serves that export in a process of its own, with further options; gives its address.

    With ONNX Runtime it starts in a moment.
    """

    @contextmanager
    def live(*options):
        command = [sys.executable, "-m", "tfnotes", "serve", str(portable), "--port", "0", *map(str, options)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as child:
            try:
                said = next(line for line in child.stdout if "Listening at" in line)
                yield said.split()[-1].removeprefix("http://")
            finally:
                child.terminate()
                child.wait(60)

    return live
