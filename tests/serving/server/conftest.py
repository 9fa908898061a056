"""The export of the task `drawn` behind a server in this process."""

import pytest
from fastapi.testclient import TestClient

from tfnotes.serving.exported import Exported
from tfnotes.serving.server.app import create
from tfnotes.serving.server.settings import Settings


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
