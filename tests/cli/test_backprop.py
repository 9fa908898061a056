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


def rows(output, first):
    """The rows of the tables whose first cell is that."""
    found = [[cell.strip() for cell in line.strip("│").split("│")] for line in output.splitlines()]
    return [row[1:] for row in found if row[0] == first]


def test_each_number_stands_in_its_place():
    output = run("--updates", "3").output
    assert rows(output, "a[0]") == [["2 x 1", "0.050000000"]]
    assert rows(output, "w[1]") == [["2 x 2", "0.150000000 0.200000000"]]
    assert rows(output, "b[2]") == [["2 x 1", "0.600000000"]]
    assert rows(output, "dw[2]") == [["2 x 2", "0.082167041 0.082667628"]]
    assert rows(output, "dw[1]") == [["2 x 2", "0.000438568 0.000877135"]]
    order = [line.split()[1] for line in output.splitlines() if line.startswith(("│ d", "│ w1"))]
    assert order == ["dw[2]", "db[2]", "dw[1]", "db[1]", "w1"]
    assert rows(output, "w2") == [["0.20", "0.199561432", "0.199635277", "7.4e-05"]]
    first, third = rows(output, "1") + rows(output, "3")
    assert first[::2] == ["0.291027774", "0.291027924"]
    assert third == ["0.275943289", "[0.722538849 0.779821583]", "0.275943523", "[0.722539564 0.779822891]"]
    assert "One update, rate 0.5, biases left as they are" in output
    assert len(rows(run("--updates", "1").output, "1")) == 1
    assert rows(run().output, "1000")
