import pytest

from tests.workers import launched


@pytest.fixture(scope="session")
def undisturbed(tmp_path_factory):
    """The run that two workers train undisturbed."""
    folder = tmp_path_factory.mktemp("undisturbed") / "run"
    launched.end(launched.start(folder))
    return folder
