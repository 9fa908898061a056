"""Runs and exports become a static page, whole or not at all."""

import json
import math
import shutil
import threading
import urllib.request
from types import SimpleNamespace

import numpy as np
import pytest
from click.testing import CliRunner

from tests.play.test_weights import numbers
from tfnotes.cli import main
from tfnotes.errors import InputError
from tfnotes.play import page, widgets
from tfnotes.play.serve import server
from tfnotes.play.source import Source, sources


@pytest.fixture(scope="module")
def given(trained, tmp_path_factory):
    """A run and an export without ONNX as sources, and what was said on the way."""
    scratch, said = tmp_path_factory.mktemp("scratch"), []
    with pytest.MonkeyPatch.context() as patch:
        from tests.conftest import DRAWN

        patch.syspath_prepend(DRAWN)
        paths = [trained / "runs" / "drawn", trained / "saved_models" / "drawn"]
        return sources(paths, scratch, said.append), said


@pytest.fixture
def built(tmp_path, monkeypatch):
    """What `make play` builds, as far as Python looks at it."""
    folder = tmp_path / "built"
    (folder / "data").mkdir(parents=True)
    (folder / "play.js").write_text("// code\n")
    (folder / "index.html").write_text('<html lang="">\n')
    (folder / "data" / "hills.json").write_text("{}\n")
    monkeypatch.setattr(page, "BUILT", folder)
    return folder


def test_a_run_is_exported_and_an_export_without_onnx_is_copied_first(given, trained):
    (of_run, of_export), said = given
    assert (of_run.name, of_run.run.path.name, of_run.title) == ("drawn", "drawn", "drawn: drawn mlp")
    assert (of_export.name, of_export.run) == ("drawn-1", None)
    assert "--add-format onnx" in said[1]
    assert not (trained / "saved_models" / "drawn" / "1" / "onnx").exists()
    # Both are the same model.
    pixels = np.random.default_rng(0).integers(0, 256, (2, 28, 28), "uint8")
    answers = [source.ask("pixels", pixels=pixels)["probabilities"] for source in (of_run, of_export)]
    np.testing.assert_allclose(*answers, atol=1e-6)


def test_an_export_with_onnx_is_taken_as_it_stands_and_names_are_apart(given, tmp_path):
    (of_run, _), _ = given
    found = sources([of_run.folder] * 3, tmp_path)
    assert {source.folder for source in found} == {of_run.folder}
    assert [source.name for source in found] == ["drawn-1", "drawn-1-2", "drawn-1-3"]


def test_what_is_no_model_is_refused(tmp_path):
    with pytest.raises(InputError, match="`run or export` must be the folder"):
        sources([tmp_path], tmp_path)


def test_the_page_holds_the_export_and_what_the_widgets_need(given, built, drawn, tmp_path):
    (of_run, _), _ = given
    out = tmp_path / "page"
    assert page.write([of_run], out, "zh") == {"drawn": ["digit", "replay"]}
    assert (out / "index.html").read_text() == '<html lang="zh">\n'
    index = json.loads((out / "models" / "index.json").read_text())
    files = {"digit": "digit.json", "replay": "replay.json"}
    entry = {"name": "drawn", "folder": "drawn", "title": "drawn: drawn mlp", "widgets": files}
    assert index == {"schema": 1, "models": [entry], "prepared": ["hills"]}
    for name in ("metadata.json", "onnx/pixels.onnx", "onnx/layers.onnx"):
        assert (out / "models" / "drawn" / name).read_bytes() == (of_run.folder / name).read_bytes()
    digit = json.loads((out / "models" / "drawn" / "digit.json").read_text())
    assert digit["endpoint"] == "pixels"
    # The first layer's kernel is too large for the page.
    _, second, *_ = digit["layers"]
    kernel, bias = of_run.run.model().get_layer(second["name"]).get_weights()
    np.testing.assert_allclose(numbers(second["kernel"], second["shape"]), kernel, rtol=1e-6)
    np.testing.assert_allclose(numbers(second["bias"]), bias, atol=1e-7)


def test_files_that_no_widget_asks_stay_out(given, built, tmp_path, monkeypatch):
    monkeypatch.setitem(widgets.ENDPOINTS, "digit", ())
    page.write(given[0][1:], tmp_path / "page")
    assert [path.name for path in (tmp_path / "page" / "models" / "drawn-1" / "onnx").iterdir()] == ["pixels.onnx"]


def test_files_that_a_preparation_reads_are_copied_beside_the_models(given, built, tmp_path):
    (of_run, _), _ = given
    folder = shutil.copytree(of_run.folder, tmp_path / "export")
    for name in ("words.txt", "b.txt", "other.txt"):
        (folder / name).write_text(name)
    source = Source("texts", folder)
    texts = {"via": {"endpoint": "pixels", "preparation": "", "files": ["words.txt", "b.txt"]}}
    source.about = {**source.about, "endpoints": {**source.about["endpoints"], "texts": texts}}
    page.write([source], tmp_path / "page")
    copied = {path.name: path.read_text() for path in (tmp_path / "page" / "models" / "texts").glob("*.txt")}
    assert copied == {"words.txt": "words.txt", "b.txt": "b.txt"}


def test_a_failure_leaves_nothing_behind(given, built, tmp_path, monkeypatch):
    monkeypatch.setattr(widgets, "load", lambda name: SimpleNamespace(data=lambda source: {"bad": math.nan}))
    with pytest.raises(ValueError, match="JSON"):
        page.write(given[0], tmp_path / "page")
    assert [path.name for path in tmp_path.iterdir()] == ["built"]


def test_what_stands_there_is_kept(built, tmp_path):
    (tmp_path / "page").mkdir()
    (tmp_path / "page" / "mine").write_text("mine")
    with pytest.raises(InputError, match="`out` must be a new folder"):
        page.write([], tmp_path / "page")
    assert [path.name for path in (tmp_path / "page").iterdir()] == ["mine"]


def test_the_command_writes_a_page_and_ends(given, built, tmp_path):
    (of_run, _), _ = given
    found = CliRunner().invoke(main, ["play", str(of_run.folder), "--out", str(tmp_path / "page"), "--lang", "zh"])
    assert found.exit_code == 0, found.output
    assert (tmp_path / "page" / "index.html").read_text() == '<html lang="zh">\n'
    assert "drawn-1: digit" in found.output
    assert (tmp_path / "page" / "models" / "drawn-1" / "digit.json").is_file()


def test_a_page_that_isnt_built_is_told_of_before_anything_is_done(tmp_path, monkeypatch):
    monkeypatch.setattr(page, "BUILT", tmp_path / "nothing")
    found = CliRunner().invoke(main, ["play", str(tmp_path)])
    assert found.exit_code == 1
    assert "`make play`" in found.output
    assert "Node 20" in found.output


def test_it_is_served_to_this_machine_alone(tmp_path):
    (tmp_path / "a.wasm").write_bytes(b"\0asm")
    with server(tmp_path, 0) as running:
        threading.Thread(target=running.serve_forever, daemon=True).start()
        host, port = running.server_address
        with urllib.request.urlopen(f"http://{host}:{port}/a.wasm", timeout=30) as answer:
            assert (answer.headers["Content-Type"], answer.read()) == ("application/wasm", b"\0asm")
        with pytest.raises(InputError, match=f"`port` must be one that is free.*port={port}"):
            server(tmp_path, port)
        running.shutdown()
    assert host == "127.0.0.1"
