"""What an opened export asks, refuses and tells, over a runtime that answers with what it was given."""

import numpy as np
import pytest

from tfnotes.errors import InputError
from tfnotes.serving import exported, metadata, preparations, runtimes
from tfnotes.serving.exported import Exported

PIXELS = {"pixels": {"shape": ["batch", 2], "dtype": "uint8"}}
NUMBERS = {"sums": {"shape": ["batch"], "dtype": "int32"}, "words": {"shape": ["batch"], "dtype": "string"}}
TWO = {"a": {"shape": ["batch"], "dtype": "int32"}, "b": {"shape": [], "dtype": "int32"}}
FILES = {"images": {"shape": ["batch"], "dtype": "string"}}
VIA = {"endpoint": "pixels", "preparation": "", "known": {"name": "digits"}}
ENDPOINTS = {
    "encoded": {"inputs": FILES, "outputs": NUMBERS, "via": VIA},
    "pixels": {"inputs": PIXELS, "outputs": NUMBERS},
    "both": {"inputs": TWO, "outputs": {"probabilities": {"shape": ["batch", 2], "dtype": "float32"}}},
    "strings": {"inputs": FILES, "outputs": NUMBERS},
    # What stands in for it isn't there itself.
    "late": {"inputs": FILES, "outputs": NUMBERS, "via": {**VIA, "endpoint": "strings"}},
}
FORMATS = {
    "saved_model": {name: {} for name in ENDPOINTS},
    "onnx": {"pixels": {"difference": 0.0, "without": ["words"]}, "both": {}},
}


class Runtime:
    """Answers with its inputs, by the names of the outputs that `metadata.json` tells of."""

    damage, wrong, opened = (KeyError,), None, []

    def __init__(self, folder, about):
        Runtime.opened.append(folder)
        self.endpoints, self.asked, self.looked = about["formats"]["onnx"], [], []
        if isinstance(self.wrong, KeyError):
            raise self.wrong

    def names(self, endpoint):
        self.looked.append(endpoint)
        outputs = {"pixels": ["sums", "more"], "both": ["probabilities"]}
        return list(ENDPOINTS[endpoint]["inputs"]), outputs[endpoint]

    def ask(self, endpoint, given):
        self.asked.append((endpoint, given))
        if self.wrong:
            raise self.wrong
        return {"sums": [1, 2]} if endpoint == "pixels" else {"probabilities": self.probabilities}

    probabilities = [[0.25, 0.75]]


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """Two versions of an export, of which the newer one counts."""
    monkeypatch.setattr(runtimes, "load", lambda name: Runtime)
    monkeypatch.setattr(Runtime, "opened", [])
    for version in ("2", "10"):
        (tmp_path / version / "onnx").mkdir(parents=True)
        for file in ("onnx/pixels.onnx", "onnx/both.onnx", "saved_model.pb"):
            (tmp_path / version / file).write_text(file)
        about = {"task": "t", "model": "m", "data": "d", "labels": ["no", "yes"], "decode": None}
        metadata.write(tmp_path / version, {**about, "formats": FORMATS, "endpoints": ENDPOINTS})
    return tmp_path


def test_what_it_can_be_asked_is_what_the_runtime_has_and_what_leads_there(folder):
    opened = exported.open(folder, "onnx")
    assert (opened.path, opened.runtime) == (folder / "10", "onnx")
    assert Runtime.opened == [folder / "10"]
    assert list(opened.endpoints) == ["encoded", "pixels", "both"]
    # Without the strings, which the format doesn't hold: neither has what stands in for it.
    assert [list(opened.endpoints[name]["outputs"]) for name in ("encoded", "pixels")] == [["sums"], ["sums"]]
    assert list(opened.metadata["endpoints"]["pixels"]["outputs"]) == ["sums", "words"]
    assert opened.endpoint("serving_default") == opened.endpoints["encoded"]
    assert [opened.answering(name) for name in ("serving_default", "encoded", "both")] == ["pixels", "pixels", "both"]
    assert (exported.runtime_of(folder, "onnx"), exported.runtime_of(folder)) == ("onnx", "tensorflow")


def test_inputs_in_their_order_and_by_name(folder):
    opened = Exported(folder, "onnx")
    for inputs, named in (((1, 2), {}), ((1,), {"b": 2}), ((), {"b": 2, "a": 1})):
        opened.ask("both", *inputs, **named)
    assert opened._running.asked == [("both", {"a": 1, "b": 2})] * 3
    answer = opened.ask("pixels", 3)["sums"]
    assert isinstance(answer, np.ndarray)
    assert answer.tolist() == [1, 2]
    # What the file has is looked at once for each.
    assert opened._running.looked == ["both", "pixels"]
    for inputs, named, received in (
        ((1, 2, 3), {}, "3 without and none by name"),
        ((1,), {"c": 2, "d": 3}, "1 without and c, d by name"),
        ((1,), {"a": 2}, "1 without and a by name"),
        ((), {"a": 1}, "0 without and a by name"),
    ):
        with pytest.raises(InputError) as caught:
            opened.ask("both", *inputs, **named)
        assert str(caught.value) == f"both: `inputs` must be a, b. Received: {received}."


def test_what_another_answers_for_is_prepared_with_its_settings(folder, monkeypatch):
    opened, seen = Exported(folder, "onnx"), []
    monkeypatch.setattr(preparations, "answer", lambda *given: seen.append(given) or {"sums": 5})
    assert opened.ask("serving_default", [b"file"]) == {"sums": 5}
    assert seen == [(opened, "encoded", {"images": [b"file"]})]
    assert opened._running.asked == []


def test_which_errors_are_of_the_inputs(folder, monkeypatch):
    opened = Exported(folder, "onnx")
    monkeypatch.setattr(Runtime, "wrong", ValueError("of another kind"))
    with pytest.raises(InputError, match=r"^pixels: the inputs must be such .* can read\. Received: of another kind$"):
        opened.ask("pixels", 1)
    for other in (InputError("said already"), MemoryError("full"), ZeroDivisionError("ours")):
        monkeypatch.setattr(Runtime, "wrong", other)
        with pytest.raises(type(other), match=f"^{other}$"):
            opened.ask("pixels", 1)
    monkeypatch.setattr(Runtime, "wrong", KeyError("none"))
    with pytest.raises(InputError, match=r"10 is damaged \('none'\)\.$"):
        Exported(folder, "onnx")


def test_a_file_that_cant_be_opened_and_one_that_lacks_outputs(folder, monkeypatch):
    def broken(self, endpoint):
        raise ZeroDivisionError("half a file")

    monkeypatch.setattr(Runtime, "names", broken)
    with pytest.raises(InputError, match=r"is damaged \(pixels can't be opened: half a file\)"):
        Exported(folder, "onnx").ask("pixels", 1)
    for inputs, outputs in ((["pixels"], ["more"]), (["others"], ["sums"]), (["pixels", "more"], ["sums"])):
        monkeypatch.setattr(Runtime, "names", lambda self, endpoint, found=(inputs, outputs): found)
        with pytest.raises(InputError, match="of other inputs or outputs of the endpoint pixels than it has"):
            Exported(folder, "onnx").ask("pixels", 1)


@pytest.mark.parametrize(
    ("probabilities", "received"),
    [([0.5, 0.5], r"some of shape \[2\]"), ([[0.2, 0.3, 0.5]], r"some of shape \[1, 3\]"), (None, "none")],
)
def test_a_probability_for_each_label(folder, monkeypatch, probabilities, received):
    opened = Exported(folder, "onnx")
    assert opened.classify("both", 1, 2)["probabilities"].tolist() == [[0.25, 0.75]]
    monkeypatch.setattr(Runtime, "probabilities", probabilities)
    endpoint = "both" if probabilities else "pixels"
    wanted = f"^{endpoint}: `probabilities` must have one for each of the 2 labels. Received: .*10, which gives "
    with pytest.raises(InputError, match=wanted + received):
        opened.classify(endpoint, *([1, 2] if probabilities else [1]))


def test_an_endpoint_that_the_runtime_has_not(folder):
    opened = Exported(folder, "onnx")
    sentence = f"Exported: `export` must have the endpoint 'strings'. Received: {folder / '10'}, which has encoded, "
    for ask in (opened.ask, opened.endpoint, opened.answering):
        with pytest.raises(InputError) as caught:
            ask("strings")
        assert str(caught.value) == f"{sentence}pixels, both for onnx."
    opened.metadata["endpoints"] = {"strings": {}, **opened.metadata["endpoints"]}
    with pytest.raises(InputError, match="must have the endpoint 'strings'"):
        opened.ask("serving_default", [b""])


def test_only_the_files_of_the_runtime_are_looked_at(folder):
    (folder / "10" / "saved_model.pb").write_text("another")
    assert Exported(folder, "onnx").runtime == "onnx"
    (folder / "10" / "onnx" / "both.onnx").write_text("another")
    with pytest.raises(InputError, match=r"damaged \(onnx/both.onnx isn't the file that was exported"):
        Exported(folder, "onnx")


def test_no_runtime_for_what_is_there(tmp_path):
    about = {"formats": {"keras": {}}}
    with pytest.raises(InputError) as caught:
        runtimes.choose(None, tmp_path, about)
    assert str(caught.value) == (
        "Exported: `export` must hold one of the formats saved_model, onnx, litert, which runtimes run. "
        f"Received: {tmp_path}, which holds keras."
    )
    with pytest.raises(InputError, match=r"which holds none\.$"):
        runtimes.choose("onnx", tmp_path, {"formats": {}})
    both = {"formats": {"litert": {}, "keras": {}, "onnx": {}}}
    assert [runtimes.choose(name, tmp_path, both) for name in (None, "onnx", "litert")] == ["onnx", "onnx", "litert"]
    with pytest.raises(InputError) as caught:
        runtimes.choose("tensorflow", tmp_path, both)
    assert str(caught.value) == (
        f"Exported: `runtime` must be one of onnx, litert, as {tmp_path} holds litert, keras, onnx. "
        "Received: 'tensorflow'."
    )
