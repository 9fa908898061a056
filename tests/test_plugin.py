"""A task of another package does all that ours do: the package in tests/plugin is installed, and used."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner
from PIL import Image

from tfnotes.cli import main

PLUGIN = Path(__file__).parent / "plugin"


@pytest.fixture(scope="module")
def installed(tmp_path_factory):
    """A folder into which pip has installed the package, offline."""
    folder = tmp_path_factory.mktemp("installed")
    shutil.copytree(PLUGIN, folder / "source")
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--no-index", "--no-deps", "--no-build-isolation"]
    subprocess.run([*pip, "--target", folder / "site", folder / "source"], check=True)
    return folder / "site"


@pytest.fixture
def tfnotes(installed, tmp_path, monkeypatch):
    """Runs a command in an empty folder, with the package installed."""
    monkeypatch.syspath_prepend(installed)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TFDS_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("COLUMNS", "300")

    return lambda *arguments: CliRunner().invoke(main, list(map(str, arguments)))


def test_data_are_listed_without_tensorflow(installed):
    code = "import sys; from tfnotes.cli import main; main(['data', 'list'], standalone_mode=False); "
    code += "print([n for n in ('tensorflow', 'keras', 'numpy') if n in sys.modules])"
    env = {**os.environ, "PYTHONPATH": str(installed)}
    child = subprocess.run([sys.executable, "-c", code], env=env, capture_output=True, text=True, check=False)
    assert child.stderr == ""
    assert "glyphs" in child.stdout
    assert child.stdout.splitlines()[-1] == "[]"


def test_from_data_to_prediction(tfnotes, tmp_path, monkeypatch):
    def good(*arguments):
        done = tfnotes(*arguments)
        assert done.exit_code == 0, done.output[-2000:]
        return done.stdout

    assert "tfnotes data prepare glyphs-stored" in good("data", "list")
    missing = tfnotes("train", "glyphs")
    assert missing.exit_code == 1
    assert "glyphs: the data `stored` are not prepared" in missing.stderr
    assert "240 train, 60 test" in good("data", "prepare", "glyphs-stored")
    (line,) = [line for line in good("data", "list").splitlines() if "glyphs-stored" in line]
    assert [cell.strip() for cell in line.strip("│").split("│")][1:5] == [
        "glyphs",
        "signs of 8 x 8 characters, drawn",
        "240 train, 60 test",
        "yes",
    ]
    assert "label " in good("data", "extract", "glyphs-stored", "--index", 3, "--out", "sign.png")
    pixels = np.asarray(Image.open(tmp_path / "sign.png"))
    assert pixels.shape == (8, 8)

    assert "glyphs small on stored: 216 train, 24 validation, 60 test" in good("train", "glyphs", "--run", "run")
    figures = json.loads(good("evaluate", "run", "--json"))
    assert figures["accuracy"] > 0.9
    assert figures["labels"] == ["cross", "bar", "ring"]
    assert "tfnotes predict saved_models/glyphs/1 FILE" in good("export", "run")
    assert json.loads((tmp_path / "saved_models/glyphs/1/metadata.json").read_text())["decode"] is None
    assert json.loads(good("evaluate", "saved_models/glyphs", "--json"))["accuracy"] == figures["accuracy"]

    (tmp_path / "signs").mkdir()
    rows = ["........"] * 3 + ["########"] * 2 + ["........"] * 3
    (tmp_path / "signs" / "bar.txt").write_text("\n".join(rows))
    (answer,) = json.loads(good("predict", "saved_models/glyphs", "signs", "--json"))
    assert (answer["file"], answer["label"]) == ("signs/bar.txt", "bar")
    (tmp_path / "signs" / "bad.txt").write_text("no sign")
    bad = tfnotes("predict", "saved_models/glyphs", "signs")
    assert (bad.exit_code, len(bad.stdout.splitlines())) == (1, 1)
    assert bad.stderr == (
        "Error: signs/bad.txt: `file` must hold eight lines of eight characters, # or '.'. Received: another text.\n"
    )

    # Where the source says nothing of it, its size decides.
    monkeypatch.setenv("TFNOTES_STREAM_ABOVE", "0")
    assert json.loads(good("evaluate", "run", "--json")) == figures
    other = tfnotes("train", "--resume", "run", "--epochs", 16)
    assert other.exit_code == 1
    assert "Received: 'stored', which was held in memory then and is a stream now." in other.stderr
    assert "216 train, 24 validation, 60 test" in good("train", "glyphs", "--run", "streamed", "--epochs", 1)
    assert json.loads((tmp_path / "streamed/config.json").read_text())["streamed"]
