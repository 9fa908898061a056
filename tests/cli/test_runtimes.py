"""Other runtimes print TensorFlow's answers, in a process that never imports it."""

import json
import shutil
import subprocess
import sys

import pytest
from click.testing import CliRunner
from PIL import Image

from tfnotes.cli import main
from tfnotes.errors import InputError
from tfnotes.serving import runtimes
from tfnotes.serving.add_format import add_format

CHILD = """
import sys
from tfnotes.cli import main
main(sys.argv[1:], standalone_mode=False)
assert not {"tensorflow", "keras"} & set(sys.modules)
"""


def child(*arguments):
    command = [sys.executable, "-c", CHILD, *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, ""), done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def portable(trained, tmp_path_factory):
    """The export of the task `drawn` in all runtimes' formats."""
    folder = shutil.copytree(trained / "saved_models" / "drawn" / "1", tmp_path_factory.mktemp("portable") / "1")
    add_format(folder, ["onnx", "litert"])
    return folder


@pytest.fixture
def pictures(drawn, tmp_path):
    import drawn_task

    for digit in (2, 5, 7):
        picture = drawn_task.on_paper(drawn_task.ink(digit, 130))
        Image.fromarray(picture.astype("uint8")).save(tmp_path / f"{digit}.png")
    Image.fromarray(drawn_task.like_mnist(drawn_task.ink(3, 60))).convert("P").save(tmp_path / "small.gif")
    return tmp_path


def test_pictures(portable, pictures):
    expected = json.loads(CliRunner().invoke(main, ["predict", str(portable), str(pictures), "--json"]).stdout)
    assert [answer["label"] for answer in expected] == ["2", "5", "7", "3"]
    for runtime in ("onnx", "litert"):
        got = json.loads(child("predict", portable, pictures, "--json", "--runtime", runtime))
        for ours, theirs in zip(got, expected, strict=True):
            assert ours.pop("probability") == pytest.approx(theirs["probability"], abs=1e-5)
            assert ours == {key: value for key, value in theirs.items() if key != "probability"}


def test_latency(portable):
    found = json.loads(child("latency", portable, "--seconds", 0.01, "--batch", 1, "--batch", 3, "--json"))
    assert (found["path"], found["endpoint"]) == (str(portable), "pixels")
    rows = found["rows"]
    assert [(r["runtime"], r["batch"]) for r in rows] == [(name, n) for name in runtimes.NAMES for n in (1, 3)]
    for row in rows:
        assert 0 < row["p50_ms"] <= row["p99_ms"]
        assert row["examples_per_second"] > 0
        assert row["load_seconds"] > 0
    sizes = {row["runtime"]: row["size_bytes"] for row in rows}
    assert sizes["onnx"] == (portable / "onnx" / "pixels.onnx").stat().st_size
    assert sizes["litert"] == (portable / "litert" / "pixels.tflite").stat().st_size
    assert sizes["tensorflow"] > (portable / "saved_model.pb").stat().st_size + 1000
    peaks = {row["runtime"]: row["peak_bytes"] for row in rows}
    assert peaks["tensorflow"] > 2 * peaks["onnx"]


def test_latency_as_a_table_and_of_what_isnt_there(portable, monkeypatch):
    from tfnotes.serving import latency

    row = {"batch": 8, "load_seconds": 0.123, "p50_ms": 1.5, "p99_ms": 2, "examples_per_second": 5000.4}
    monkeypatch.setattr(latency, "_child", lambda *asked: [{**row, "peak_bytes": None}])
    monkeypatch.setenv("COLUMNS", "120")
    output = CliRunner().invoke(main, ["latency", str(portable)]).output
    rows = [[cell.strip() for cell in line.strip("│").split("│")] for line in output.splitlines()]
    (onnx,) = [row for row in rows if row[0] == "onnx"]
    size = (portable / "onnx" / "pixels.onnx").stat().st_size
    assert onnx == ["onnx", "8", "0.12", "1.500", "2.000", "5,000", f"{size / 1e6:.2f}", "-"]
    result = CliRunner().invoke(main, ["latency", str(portable), "--endpoint", "encoded"])
    assert result.exit_code == 1
    assert "`endpoint` must be one of pixels, layers, for which there are examples" in result.output


def test_every_option_reaches_the_latency(monkeypatch):
    from tfnotes.serving import latency

    asked = []

    def noted(export, **options):
        asked.append((str(export), options))
        raise InputError("asked")

    monkeypatch.setattr(latency, "latency", noted)
    options = "there --endpoint pixels --batch 2 --batch 5 --seconds 0.5 --trust"
    assert "asked" in CliRunner().invoke(main, ["latency", *options.split()]).output
    assert asked == [("there", {"endpoint": "pixels", "batches": (2, 5), "seconds": 0.5, "trust": True})]


def test_a_runtime_that_fails_is_told_of_in_a_sentence(portable, tmp_path):
    folder = shutil.copytree(portable, tmp_path / "1")
    (folder / "onnx" / "pixels.onnx").write_bytes(b"no model")
    result = CliRunner().invoke(main, ["latency", str(folder), "--seconds", "0.01"])
    assert result.exit_code == 1
    (line,) = result.output.splitlines()
    assert line.startswith("Error: latency: onnx can't run the endpoint pixels of ")
    assert "(Exported: " in line


def test_a_missing_extra(portable, monkeypatch):
    monkeypatch.setitem(sys.modules, "ai_edge_litert.interpreter", None)
    result = CliRunner().invoke(main, ["predict", str(portable), "a.png", "--runtime", "litert"])
    assert result.exit_code == 1
    sentence = "--runtime litert needs ai-edge-litert, of the extra `litert`: pip install 'tfnotes[litert]'."
    assert result.output == f"Error: {sentence}\n"
    monkeypatch.setitem(sys.modules, "ai_edge_litert", None)
    with pytest.raises(InputError, match="the format litert needs ai-edge-litert, of the extra `litert`"):
        add_format(portable, ["litert"])
