"""The export of the task `drawn` behind a server in this process."""

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
