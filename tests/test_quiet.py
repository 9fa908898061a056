"""What native code writes to standard error is held, and shown where it tells why something failed."""

import os
import subprocess
import sys

import pytest

from tfnotes import _quiet

NOISE = "import os\nos.write(2, b'noise of {}\\n')\n"
LOAD = """
import os, sys
sys.path.insert(0, ".")
from tfnotes.cli import _tensorflow
_tensorflow.load()
print(os.environ["TF_CPP_MIN_LOG_LEVEL"], os.environ["GRPC_VERBOSITY"], *(n in sys.modules for n in ("keras", "os")))
os.write(2, b"after")
_tensorflow.load()
"""


def test_what_is_written_is_held_and_some_of_it_shown_at_the_end(capfd):
    with _quiet.held(lambda line: line.startswith(b"E")):
        os.write(2, b"E one\nW two\n")
        assert capfd.readouterr().err == ""
    assert capfd.readouterr().err == "E one\n"
    with _quiet.held():
        os.write(2, b"E four\n")
    os.write(2, b"after\n")
    assert capfd.readouterr().err == "after\n"


def test_an_error_ends_the_holding(capfd):
    def fail():
        with _quiet.held(lambda line: True):
            os.write(2, b"why\n")
            raise ValueError("inside")

    with pytest.raises(ValueError, match="inside"):
        fail()
    os.write(2, b"after\n")
    assert capfd.readouterr().err == "why\nafter\n"


@pytest.mark.parametrize("fails", [False, True])
def test_tensorflow_is_loaded_without_noise_unless_it_fails(tmp_path, fails):
    """Two small modules stand for the large ones."""
    (tmp_path / "keras.py").write_text(NOISE.format("keras"))
    broken = "raise ImportError('broken')\n" if fails else ""
    (tmp_path / "tensorflow.py").write_text(NOISE.format("tensorflow") + broken)
    env = {k: v for k, v in os.environ.items() if k not in ("TF_CPP_MIN_LOG_LEVEL", "GRPC_VERBOSITY")}
    env["PYTHONPATH"] = os.pathsep.join([os.getcwd(), env.get("PYTHONPATH", "")])
    command = [sys.executable, "-c", LOAD]
    child = subprocess.run(command, cwd=tmp_path, env=env, capture_output=True, text=True, check=False)
    if fails:
        assert child.returncode == 1
        assert child.stderr.startswith("noise of keras\nnoise of tensorflow\n")
        assert child.stderr.endswith("ImportError: broken\n")
    else:
        assert (child.stdout, child.stderr) == ("3 NONE True True\n", "after")
    env |= {"TF_CPP_MIN_LOG_LEVEL": "0", "GRPC_VERBOSITY": "INFO"}
    child = subprocess.run(command, cwd=tmp_path, env=env, capture_output=True, text=True, check=False)
    assert child.stdout == ("" if fails else "0 INFO True True\n")
