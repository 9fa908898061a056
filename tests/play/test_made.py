"""Pages, sources and widgets of models that are made up."""

import base64
import json
import threading
import urllib.request
from types import SimpleNamespace

import numpy as np
import pytest

from tests.play.widgets.sources import drawn, endpoint, source
from tfnotes.errors import InputError
from tfnotes.play import digits, packed, page, prepared, widgets
from tfnotes.play import source as sources_module
from tfnotes.play.prepared import __main__ as prepare
from tfnotes.play.serve import server
from tfnotes.play.source import Source, sources
from tfnotes.play.widgets import digit, gibbs, latent, review


@pytest.fixture
def built(tmp_path, monkeypatch):
    folder = tmp_path / "built"
    (folder / "data").mkdir(parents=True)
    for name, text in (("play.js", ""), ("index.html", '<html lang="">'), ("data/b.json", "{}"), ("data/a.json", "{}")):
        (folder / name).write_text(text)
    monkeypatch.setattr(page, "BUILT", folder)
    return folder


@pytest.fixture
def model(tmp_path):
    """A source of three endpoints in ONNX, and of one that needs a file beside it."""
    folder = tmp_path / "export"
    (folder / "onnx").mkdir(parents=True)
    names = ("first", "second", "third", "asked")
    for name in names:
        (folder / "onnx" / f"{name}.onnx").write_text(name)
    (folder / "words.txt").write_text("words")
    (folder / "metadata.json").write_text("{}")
    found = Source("one", folder)
    found.about = {
        "task": "digits", "model": "mlp", "formats": {"onnx": names},
        "endpoints": {"first": {}, "texts": {"via": {"files": ["words.txt"]}}},
    }  # fmt: skip
    return found


def test_what_a_page_has_of_a_model(built, model, tmp_path, monkeypatch):
    given = {"digit": {"endpoint": "asked", "名": 0.5}, "review": {}, "latent": None}
    seen = []

    def load(name):
        return SimpleNamespace(data=lambda source: seen.append((name, source)) or given[name])

    monkeypatch.setattr(widgets, "NAMES", tuple(given))
    monkeypatch.setattr(widgets, "ENDPOINTS", {"digit": ("first",), "review": ("second", "none"), "latent": ("third",)})
    monkeypatch.setattr(widgets, "load", load)
    out = tmp_path / "page"
    out.mkdir()
    assert page.write([model], out) == {"one": ["digit", "review"]}
    assert seen == [(name, model) for name in given]
    assert (out / "index.html").read_text() == '<html lang="">'
    folder = out / "models" / "one"
    files = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    assert files == {
        "metadata.json",
        "words.txt",
        "digit.json",
        *(f"onnx/{n}.onnx" for n in ("first", "second", "asked")),
    }
    assert (folder / "digit.json").read_text("utf-8") == '{"endpoint":"asked","名":0.5}\n'
    entry = {"name": "one", "folder": "one", "title": "one: digits mlp"}
    assert json.loads((out / "models" / "index.json").read_text()) == {
        "schema": 1,
        "models": [{**entry, "widgets": {"digit": "digit.json", "review": None}}],
        "prepared": ["a", "b"],
    }


def test_a_page_without_models(built, tmp_path):
    assert page.write([], tmp_path / "page", "en") == {}
    assert (tmp_path / "page" / "index.html").read_text() == '<html lang="en">'
    index = json.loads((tmp_path / "page" / "models" / "index.json").read_text())
    assert index == {"schema": 1, "models": [], "prepared": ["a", "b"]}
    (tmp_path / "file").write_text("")
    for out in (tmp_path / "file", tmp_path / "page"):
        with pytest.raises(InputError, match=f"^play: `out` must be a new folder. Received: '{out}', which exists"):
            page.write([], out)


def test_a_page_whose_code_isnt_built(tmp_path, monkeypatch):
    monkeypatch.setattr(page, "BUILT", tmp_path)
    with pytest.raises(InputError, match=f"by `make play` in a checkout .* Received: no {tmp_path}/play.js"):
        page.write([], tmp_path / "page")


def test_endpoints_that_each_widget_asks():
    assert widgets.ENDPOINTS == {
        "digit": ("layers",), "review": ("ids", "layers"), "latent": ("decode",), "denoise": ("reconstruct",),
        "gibbs": ("encode", "decode", "score"), "replay": (),
    }  # fmt: skip
    assert [widgets.load(name).__name__.rsplit(".", 1)[1] for name in widgets.NAMES] == list(widgets.ENDPOINTS)


def test_runs_and_exports_as_sources(tmp_path, monkeypatch):
    """A run, an export with ONNX, one without, and the run once more."""
    run, ready, bare = tmp_path / "runs" / "night", tmp_path / "saved" / "7", tmp_path / "saved" / "8"
    for folder in (run, ready, bare):
        folder.mkdir(parents=True)
    (run / "config.json").write_text("{}")
    (bare / "file").write_text("copied")
    formats = {ready: {"onnx": {}}, bare: {"saved_model": {}}}
    opened, made, said = [], [], []

    def export(run, scratch, wanted):
        made.append((run.path, scratch, wanted))
        return scratch / "1"

    def add_format(folder, wanted):
        made.append((folder, wanted, (folder / "file").read_text()))
        return folder

    monkeypatch.setattr(sources_module.Run, "open", lambda path: opened.append(path) or SimpleNamespace(path=path))
    monkeypatch.setattr(sources_module.exported, "find", lambda path: path if path in formats else None)
    described = lambda folder: (None, {"task": "digits", "formats": formats[folder]})  # noqa: E731
    monkeypatch.setattr(sources_module.exported, "described", described)
    monkeypatch.setattr("tfnotes.serving.export.export", export)
    monkeypatch.setattr("tfnotes.serving.add_format.add_format", add_format)
    scratch = tmp_path / "scratch"
    found = sources([str(run), ready, bare, run, run], scratch, said.append)
    assert [one.name for one in found] == ["night", "digits-7", "digits-8", "night-2", "night-3"]
    assert [one.folder for one in found] == [
        scratch / "0" / "1",
        ready,
        scratch / "2",
        *(scratch / k / "1" for k in "34"),
    ]
    assert [one.run and one.run.path for one in found] == [run, None, None, run, run]
    runs = [(run, scratch / k, ("onnx",)) for k in "034"]
    assert made == [runs[0], (scratch / "2", ["onnx"], "copied"), *runs[1:]]
    copied = f"{bare} has no ONNX files: a copy is given some; tfnotes export {bare} --add-format onnx keeps them."
    assert said == [f"{run} is exported to ONNX.", copied, *[f"{run} is exported to ONNX."] * 2]
    with pytest.raises(InputError) as caught:
        sources([tmp_path / "saved"], scratch)
    assert str(caught.value) == (
        "play: `run or export` must be the folder of a run or of an export, such as runs/demo or saved_models/mnist. "
        f"Received: '{tmp_path / 'saved'}'."
    )


def test_what_a_source_tells(model, monkeypatch):
    assert (model.has("first"), model.has("other"), model.title) == (True, False, "one: digits mlp")
    asked = []

    def opened(folder, runtime):
        asked.append((folder, runtime))
        return SimpleNamespace(ask=lambda endpoint, **inputs: (endpoint, inputs))

    monkeypatch.setattr(sources_module.exported, "Exported", opened)
    assert [model.ask("first", x=k) for k in (1, 2)] == [("first", {"x": 1}), ("first", {"x": 2})]
    assert asked == [(model.folder, "onnx")]


def test_how_a_folder_is_served(tmp_path, capfd):
    for name in ("a.js", "b.html"):
        (tmp_path / name).write_text(name)
    with server(tmp_path, 0) as running:
        threading.Thread(target=running.serve_forever, daemon=True).start()
        port = running.server_address[1]
        for name, kind in (("a.js", "text/javascript"), ("b.html", "text/html")):
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/{name}", timeout=30) as answer:
                assert (answer.headers["Content-Type"], answer.read()) == (kind, name.encode())
                assert answer.headers["Cache-Control"] == "no-cache"
        with pytest.raises(InputError, match=rf"Received: port={port} \(Address already in use\)\.$"):
            server(tmp_path, port)
        running.shutdown()
    assert capfd.readouterr() == ("", "")


def test_numbers_in_base64():
    array = np.arange(6).reshape(2, 3).T
    assert base64.b64decode(packed.packed(array)) == bytes([0, 3, 1, 4, 2, 5])
    assert base64.b64decode(packed.packed([1.5], "<f4")) == b"\0\0\xc0?"


def test_digits_of_an_endpoint(tmp_path):
    pixels = drawn(2)
    found = source(tmp_path, {}, here=pixels, small=pixels[:, :14])
    np.testing.assert_array_equal(digits.of(found, "here"), pixels)
    assert digits.of(found, "small") is digits.of(found, "other") is None


PIXELS = {"pixels": [28, 28]}
CLASSES = endpoint(PIXELS, {"probabilities": [10]})


@pytest.mark.parametrize(
    ("endpoints", "there", "found"),
    [
        ({"a": endpoint(PIXELS, {"codes": [2]}), "b": CLASSES, "c": CLASSES}, "abc", "b"),
        ({"a": CLASSES, "b": CLASSES}, "b", "b"),
        ({"a": endpoint({"pixels": [14, 14]}, {"probabilities": [10]})}, "a", None),
        ({"a": endpoint({**PIXELS, "more": [28, 28]}, {"probabilities": [10]})}, "a", None),
        ({"a": CLASSES}, "", None),
    ],
)
def test_models_to_draw_a_digit_for(tmp_path, endpoints, there, found):
    given = source(tmp_path, endpoints, answers=dict.fromkeys(there))
    assert digit.data(given) == (None if found is None else {"endpoint": found, "layers": []})


def test_the_layers_of_a_model_to_draw_a_digit_for(tmp_path, monkeypatch):
    monkeypatch.setattr(digit.weights, "layers", lambda source: [source.folder])
    given = source(tmp_path, {"a": CLASSES}, answers=dict.fromkeys(("a", "layers")))
    assert digit.data(given) == {"endpoint": "a", "layers": [tmp_path]}


@pytest.mark.parametrize(
    ("name", "there", "found"),
    [("words", ("ids",), {"push": None}), ("words", ("layers",), None), ("normal", ("ids",), None)],
)
def test_models_to_type_a_review_for(tmp_path, name, there, found):
    texts = endpoint({}, {}, via={"known": {"name": name}})
    assert review.data(source(tmp_path, {"texts": texts}, answers=dict.fromkeys(there))) == found


def test_gibbs_steps_want_pictures_of_digits(tmp_path):
    known = {"name": "gibbs", "encode": "up"}
    sample = endpoint({}, {}, via={"endpoint": "down", "known": known})
    answers = {"up": None, "down": None}
    for size, pixels in (([14, 14], drawn(1)), ([28, 28], drawn(1)[:, :14])):
        down = endpoint({"codes": [9]}, {"images": size})
        assert gibbs.data(source(tmp_path, {"sample": sample, "down": down}, answers=answers, up=pixels)) is None


def test_codes_are_rounded_and_the_plane_is_a_whole_number_wide(tmp_path):
    endpoints = {
        "decode": endpoint({"codes": [2]}, {"images": [28, 28]}),
        "encode": endpoint(PIXELS, {"codes": [2]}),
    }
    answers = {"decode": None, "encode": lambda pixels: {"codes": np.array([[-4.12345, 1.0]] * len(pixels), "float32")}}
    found = latent.data(source(tmp_path, endpoints, answers=answers, encode=drawn(2)))
    assert (found["reach"], found["examples"]["codes"]) == (5.0, [[-4.123, 1.0]] * 2)
    assert latent.data(source(tmp_path, {}, answers=answers)) is None


def test_what_is_prepared_is_written_whole(tmp_path, monkeypatch):
    given = {"hills": {"a": [1, 2]}, "caves": {"a": float("nan")}}
    monkeypatch.setattr(prepared, "load", lambda name: SimpleNamespace(data=lambda: given[name]))
    prepare.main(str(tmp_path / "hills.json"))
    assert (tmp_path / "hills.json").read_text() == '{"a":[1,2]}\n'
    with pytest.raises(ValueError, match="JSON"):
        prepare.main(tmp_path / "caves.json")
    assert [path.name for path in tmp_path.iterdir()] == ["hills.json"]
