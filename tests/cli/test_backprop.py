"""`tfnotes backprop` prints the example's numbers, and doesn't wait for TensorFlow to do so."""

import subprocess
import sys

from click.testing import CliRunner

from tfnotes.cli import main

IMPORTED = """
import sys
from click.testing import CliRunner
from tfnotes.cli import main
CliRunner().invoke(main, ["backprop", "--updates", "2"], catch_exceptions=False)
sys.exit(any(name in sys.modules for name in ("tensorflow", "keras", "jax", "torch")))
"""


def run(*arguments):
    return CliRunner().invoke(main, ["backprop", *arguments], env={"COLUMNS": "120"})


def test_prints_the_numbers_of_the_example():
    result = run("--updates", "10000")
    assert result.exit_code == 0
    for text in (
        "0.298371109",
        "0.149780716",
        "0.561370121",
        "0.291027774",
        "0.000035102",
        "0.000035085",
        "3.7e-05",
    ):
        assert text in result.output
    assert "b[2]" in result.output
    assert "2 x 1" in result.output
    assert "biases left as they are" in result.output


def test_biases():
    result = run("--updates", "1", "--biases")
    assert "0.280471447" in result.output
    assert "left as they are" not in result.output


def test_refuses_no_updates():
    result = run("--updates", "0")
    assert result.exit_code == 2
    assert "Traceback" not in result.output


def test_imports_no_backend():
    assert subprocess.run([sys.executable, "-c", IMPORTED], check=False).returncode == 0
