"""What reaches a runtime's own program, by one that stands in for it: dtypes, names, and one example at a time."""

from types import SimpleNamespace

import numpy as np
import pytest

from tfnotes import extras
from tfnotes.errors import InputError
from tfnotes.serving import runtimes
from tfnotes.serving.runtimes import litert_runtime, onnx_runtime


class Named:
    def __init__(self, name, kind=None):
        self.name, self.type = name, kind


class Onnx:
    """ONNX Runtime: what its sessions are asked for."""

    def __init__(self):
        self.opened, self.asked = [], []

    class SessionOptions:
        log_severity_level = 2

        def add_session_config_entry(self, key, value):
            self.entry = key, value

    def InferenceSession(self, path, options, providers):
        self.opened.append((path, options.log_severity_level, options.entry, providers))
        return self

    def get_inputs(self):
        return [Named("x", "tensor(float)"), Named("ids", "tensor(int32)"), Named("seen", "tensor(bool)")]

    def get_outputs(self):
        return [Named("last"), Named("all")]

    def run(self, names, given):
        self.asked.append(given)
        return [f"the {name}" for name in names]


def test_onnx_is_given_the_dtypes_that_it_asks_for(tmp_path, monkeypatch):
    onnx = Onnx()
    monkeypatch.setattr(extras, "needed", lambda *asked: onnx if asked[:2] == ("onnxruntime", "onnx") else None)
    runtime = runtimes.load("onnx")(tmp_path, {"formats": {"onnx": {"one": {}, "two": {}}}})
    assert isinstance(runtime, onnx_runtime.Runtime)
    assert (list(runtime.endpoints), onnx.opened) == (["one", "two"], []), "an endpoint that nobody asks isn't opened"
    assert runtime.names("two") == (["x", "ids", "seen"], ["last", "all"])
    for _ in range(2):
        answer = runtime.ask("two", {"ids": [3], "seen": [1], "x": np.float64([0.5])})
        assert answer == {"last": "the last", "all": "the all"}
    assert {name: value.dtype.name for name, value in onnx.asked[0].items()} == {
        "x": "float32",
        "ids": "int32",
        "seen": "bool",
    }
    file = str(tmp_path / "onnx" / "two.onnx")
    assert onnx.opened == [(file, 4, ("session.intra_op.allow_spinning", "0"), ["CPUExecutionProvider"])]


class Interpreter:
    """LiteRT: multiplies one example at a time, by less than 9."""

    opened: list = []

    def __init__(self, path, num_threads):
        self.opened.append((path, num_threads))
        self.asked = []

    def allocate_tensors(self):
        pass

    def get_signature_runner(self):
        return self

    def get_input_details(self):
        return {"x": {"dtype": np.float32}, "scale": {"dtype": np.int32}}

    def get_output_details(self):
        return {"y": {}, "z": {}}

    def __call__(self, x, scale):
        if scale >= 9:
            raise RuntimeError("bad scale\nin a node")
        self.asked.append((x, scale))
        return {"y": scale * x, "z": x[:, 0]}


def test_litert_is_asked_one_example_after_the_other(tmp_path, monkeypatch):
    monkeypatch.setattr(Interpreter, "opened", [])
    asked, module = ("ai_edge_litert.interpreter", "litert"), SimpleNamespace(Interpreter=Interpreter)
    monkeypatch.setattr(extras, "needed", lambda *of: module if of[:2] == asked else None)
    runtime = litert_runtime.Runtime(tmp_path, {"formats": {"litert": {"one": {}, "two": {}}}})
    assert runtime.names("one") == (["x", "scale"], ["y", "z"])
    x = np.arange(6.0).reshape(3, 2)
    answer = runtime.ask("one", {"x": x, "scale": 3.0})
    np.testing.assert_array_equal(answer["y"], 3 * x)
    np.testing.assert_array_equal(answer["z"], [0, 2, 4])
    (run,) = [runtime.endpoints["one"]]
    assert [(one.tolist(), one.dtype, scale.dtype, scale.shape) for one, scale in run.asked] == [
        ([[0, 1]], np.float32, np.int32, ()),
        ([[2, 3]], np.float32, np.int32, ()),
        ([[4, 5]], np.float32, np.int32, ()),
    ]
    none = runtime.ask("one", {"x": x[:0], "scale": 2})
    assert {name: value.shape for name, value in none.items()} == {"y": (0, 2), "z": (0,)}
    assert Interpreter.opened == [(str(tmp_path / "litert" / "one.tflite"), 1)]
    with pytest.raises(InputError) as caught:
        runtime.ask("one", {"x": x, "scale": 9})
    assert str(caught.value) == "one: the inputs must be such as the model can read. Received: bad scale"
    # It is opened anew after that.
    assert runtime.ask("one", {"x": x[:1], "scale": 2})["y"].tolist() == [[0, 2]]
    assert len(Interpreter.opened) == 2


class Fail(Exception):
    """Called as ONNX Runtime's."""


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (ValueError("first\nsecond"), "first"),
        (TypeError("a}b {{node x}} behind the operation"), "behind the operation"),
        (Fail("x" * 301), "x" * 300),
        (Fail("\n \n"), "nothing"),
        (Fail("Detected at node a\n\n  said then"), "said then"),
        (KeyError("x"), None),
    ],
)
def test_what_a_refusal_says(error, sentence):
    assert runtimes.refusal(error) == sentence
