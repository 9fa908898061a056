"""Whole answers, of exports that are made up: see made.py."""

import base64
import io
import json
import struct

import numpy as np
import pytest
from fastapi.testclient import TestClient
from PIL import Image

from tests.serving.server import made
from tfnotes import __version__
from tfnotes.errors import InputError
from tfnotes.serving.server import binary, served, tensorflow_rest, tensors, v2
from tfnotes.serving.server.app import create
from tfnotes.serving.server.settings import Refusal, Settings
from tfnotes.serving.server.signature import V2, Signature, Spec

PREDICT, INFER = "/v1/models/tiny:predict", "/v2/models/tiny/infer"
PAIRS = [{"a": [1, 2], "t": "x"}, {"t": {"b64": "/w=="}, "a": [3, 4]}]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("made")
    made.write(folder / "tiny" / "3")
    made.write(folder / "tiny" / "10")
    made.write(folder / "tiny" / "4", broken="worn\nout")
    made.write(folder / "alone", endpoints=["half"], labels=None)
    return folder


@pytest.fixture(scope="module")
def client(folder):
    with pytest.MonkeyPatch.context() as patch:
        app = made.application(patch, folder / "tiny", folder / "alone", versions=2, max_batch=8, max_text=9)
        with TestClient(app, raise_server_exceptions=False) as client:
            yield client


def predicted(client, endpoint, **body):
    return client.post(PREDICT, json={"signature_name": endpoint, **body})


def inferred(client, endpoint, inputs, **more):
    parameters = {"signature_name": endpoint, **more.pop("parameters", {})}
    return client.post(INFER, json={"parameters": parameters, "inputs": inputs, **more})


def v2_tensor(name, shape, datatype, data=None, **parameters):
    said = {"name": name, "shape": shape, "datatype": datatype}
    return said | ({"parameters": parameters} if parameters else {"data": data})


def refused(answer, status=400):
    assert (answer.status_code, list(answer.json())) == (status, ["error"])
    return answer.json()["error"]


def test_what_is_served(client):
    half = {
        "name": "half",
        "takes": None,
        "inputs": {"x": {"dtype": "float32", "shape": [-1, -1]}},
        "outputs": {"y": {"dtype": "float32", "shape": [-1, -1]}},
    }
    alone, tiny = client.get("/models").json()
    assert alone == {
        "name": "alone",
        "versions": [1],
        "labels": None,
        "model": "tiny",
        "runtime": "litert",
        "endpoints": [half],
    }
    assert {key: tiny[key] for key in ("name", "versions", "labels")} == {
        "name": "tiny", "versions": [3, 10], "labels": ["no", "yes"],
    }  # fmt: skip
    assert [one["name"] for one in tiny["endpoints"]] == ["pair", "half", "draw", "truth"]
    assert tiny["endpoints"][1] == half
    described = client.get("/openapi.json").json()
    assert (described["info"]["title"], described["info"]["version"]) == ("tfnotes", __version__)
    assert "Open Inference Protocol v2" in described["info"]["description"]
    assert not {"/", "/metrics", "/v1/models/{name}:predict"} & {
        path for path, found in described["paths"].items() if "get" in found
    }
    assert client.get("/redoc").status_code == 404


def test_the_newest_version_answers_and_states_are_told_from_the_newest_on(client):
    for path, version in (("", "10"), ("/versions/3", "3"), ("/versions/10", "10")):
        found = client.get(f"/v1/models/tiny{path}/metadata").json()
        assert found["model_spec"] == {"name": "tiny", "signature_name": "", "version": version}
        assert client.get(f"/v2/models/tiny{path}").json()["versions"] == ["3", "10"]
        body = {"parameters": {"signature_name": "half"}, "inputs": [v2_tensor("x", [1, 1], "FP32", [4])]}
        assert client.post(f"/v2/models/tiny{path}/infer", json=body).json()["model_version"] == version
    fine = {"error_code": "OK", "error_message": ""}
    states = [
        {"version": "10", "state": "AVAILABLE", "status": fine},
        {"version": "4", "state": "END", "status": {"error_code": "INVALID_ARGUMENT", "error_message": "worn"}},
        {"version": "3", "state": "AVAILABLE", "status": fine},
    ]
    assert client.get("/v1/models/tiny").json() == {"model_version_status": states}
    for state in states:
        path = f"/v1/models/tiny/versions/{state['version']}"
        assert client.get(path).json() == {"model_version_status": [state]}
    assert "its version must be one of 3, 10. Received: 4." in refused(client.get("/v2/models/tiny/versions/4"), 404)
    assert "its name must be one of alone, tiny. Rec" in refused(client.get("/v2/models/big"), 404)
    ready = [("alone", "1"), ("tiny", "3"), ("tiny", "10")]
    assert client.post("/v2/repository/index").json() == [
        *({"name": name, "version": version, "state": "READY", "reason": ""} for name, version in ready),
        {"name": "tiny", "version": "4", "state": "UNAVAILABLE", "reason": "worn"},
    ]


def test_health(client):
    assert client.get("/v2").json() == {
        "name": "tfnotes",
        "version": __version__,
        "extensions": ["binary_tensor_data", "model_repository"],
    }
    assert client.get("/v2/health/live").json() == {"live": True}
    assert client.get("/v2/health/ready").json() == {"ready": True}
    assert client.get("/v2/models/tiny/versions/3/ready").json() == {"name": "tiny", "ready": True}
    repository = client.app.state.repository
    models, repository.models = repository.models, {}
    try:
        answer = client.get("/v2/health/ready")
        assert (refused(answer, 503), answer.headers["Retry-After"]) == ("No model is served yet.", "1")
        error = 'Servable not found for request: its name can\'t be any yet. Received: "tiny".'
        assert refused(client.get("/v1/models/tiny"), 404) == error
    finally:
        repository.models = models


def test_what_is_served_is_told_so_whatever_was_broken_once(client):
    broken = client.app.state.repository.broken["tiny"]
    broken[10] = "before"
    try:
        (one,) = client.get("/v1/models/tiny/versions/10").json()["model_version_status"]
        assert one["state"] == "AVAILABLE"
    finally:
        del broken[10]


def test_an_input_may_be_called_as_bytes_are():
    for name, named in (("b64", True), ("x", False)):
        found = Signature("file", {name: Spec("string", (None,))}, {})
        assert tensorflow_rest._named(found, {"b64": "eA=="}) == named


def test_signatures_as_tensorflow_serving_tells_them(client):
    found = client.get("/v1/models/tiny/metadata").json()["metadata"]["signature_def"]["signature_def"]

    def info(name, dtype, *sizes):
        shape = {"dim": [{"size": size, "name": ""} for size in sizes], "unknown_rank": False}
        return {"dtype": dtype, "tensor_shape": shape, "name": name}

    assert (
        found["pair"]
        == found["serving_default"]
        == {
            "inputs": {"t": info("t", "DT_STRING", "-1"), "a": info("a", "DT_INT32", "-1", "2")},
            "outputs": {"sum": info("sum", "DT_INT64", "-1"), "same_bytes": info("same_bytes", "DT_STRING", "-1")},
            "method_name": "tensorflow/serving/predict",
            "defaults": {},
        }
    )
    assert found["half"]["inputs"] == {"x": info("x", "DT_FLOAT", "-1", "-1")}
    assert found["draw"]["inputs"]["count"] == info("count", "DT_INT32")
    assert list(found) == ["pair", "half", "draw", "truth", "serving_default"]


def test_signatures_as_the_open_inference_protocol_tells_them(client):
    assert client.get("/v2/models/tiny").json() == {
        "name": "tiny",
        "versions": ["3", "10"],
        "platform": "litert_tflite",
        "inputs": [
            {"name": "t", "datatype": "BYTES", "shape": [-1]},
            {"name": "a", "datatype": "INT32", "shape": [-1, 2]},
        ],
        "outputs": [
            {"name": "sum", "datatype": "INT64", "shape": [-1]},
            {"name": "same_bytes", "datatype": "BYTES", "shape": [-1]},
        ],
    }
    draw = client.get("/v2/models/tiny?signature_name=draw").json()
    assert draw["inputs"][0] == {"name": "count", "datatype": "INT32", "shape": []}
    assert v2.PLATFORMS["tensorflow"] == "tensorflow_savedmodel"


def test_the_names_of_all_dtypes():
    assert V2 == {
        "bool": "BOOL",
        "string": "BYTES",
        "float16": "FP16",
        "float32": "FP32",
        "float64": "FP64",
        "int8": "INT8",
        "int16": "INT16",
        "int32": "INT32",
        "int64": "INT64",
        "uint8": "UINT8",
        "uint16": "UINT16",
        "uint32": "UINT32",
        "uint64": "UINT64",
    }
    named = {dtype: Spec(dtype, ()).tensorflow for dtype in ("float16", "float32", "float64", "bool", "uint16")}
    assert named == {
        "float16": "DT_HALF",
        "float32": "DT_FLOAT",
        "float64": "DT_DOUBLE",
        "bool": "DT_BOOL",
        "uint16": "DT_UINT16",
    }


def test_several_inputs_in_rows_and_in_columns(client):
    same = [{"b64": "eA=="}, {"b64": "/w=="}]
    answer = predicted(client, "pair", instances=PAIRS)
    assert answer.json() == {"predictions": [{"sum": s, "same_bytes": b} for s, b in zip((3, 7), same, strict=True)]}
    assert answer.headers["Content-Type"] == "application/json"
    columns = {"t": ["x", {"b64": "/w=="}], "a": [[1, 2], [3, 4]]}
    assert predicted(client, "pair", inputs=columns).json() == {"outputs": {"sum": [3, 7], "same_bytes": same}}
    # Of one output the values alone; of one input those without its name.
    assert predicted(client, "half", instances=[[4], [6]]).json() == {"predictions": [[2.0], [3.0]]}
    assert predicted(client, "half", inputs=[[4], [6]]).json() == {"outputs": [[2.0], [3.0]]}
    assert predicted(client, "truth", instances=[True, False]).json() == {"predictions": [False, True]}
    assert predicted(client, "draw", inputs={"count": 2, "seed": 5}).json() == {"outputs": {"y": [5.0, 5.0], "of": 2}}


@pytest.mark.parametrize(
    ("endpoint", "body", "said"),
    [
        ("pair", {"instances": [[1, 2]]}, "pair: the inputs must be given by name: t, a."),
        ("pair", {"instances": [{"b64": "eA=="}]}, "pair: the inputs must be given by name: t, a."),
        ("pair", {"inputs": [[1, 2]]}, "pair: the inputs must be given by name: t, a."),
        (
            "pair",
            {"instances": [PAIRS[0], {"a": [1, 2]}]},
            "pair: each instance must have t, a. Received: an object wi",
        ),
        ("pair", {"inputs": {"a": [[1, 2]]}}, "pair: the inputs must be t, a. Received: a."),
        ("pair", {"inputs": {}}, "pair: the inputs must be t, a. Received: none."),
        ("pair", {"inputs": {"t": ["x"], "a": []}}, "`a` must be integers of the dtype int32 and the shape [-1, 2] (-"),
        (
            "pair",
            {"inputs": {"t": ["x"], "a": [[1, 2], [3, 4]]}},
            "pair: `inputs` must have as many examples in each input, at least one. Received: [1, 2].",
        ),
        (
            "half",
            {"inputs": [[]], "extra": 1},
            "The body must have either `instances` or `inputs`, and may have `signature_name`. Received: extra, inpu",
        ),
        ("half", {"inputs": [[]]}, "`x` must be at least 1 long. Received: 0."),
        ("half", {"instances": [[1], {"x": [1]}]}, "half: each instance must have x. Received: a list of 1."),
        (
            "draw",
            {"instances": [1]},
            "draw: `inputs` must be in column form, as they are no rows. Received: `instances`",
        ),
        (
            "truth",
            {"instances": [1]},
            "`x` must be true or false of the dtype bool and the shape [-1] (-1 is open). Rec",
        ),
        (
            "half",
            {"instances": [[True]]},
            "`x` must be finite numbers of the dtype float32 and the shape [-1, -1] (-1 i",
        ),
    ],
)
def test_what_the_inputs_are_not(client, endpoint, body, said):
    assert refused(predicted(client, endpoint, **body)).startswith(said)


def test_limits_and_both_sides_of_each(client):
    assert len(predicted(client, "half", inputs=[[1]] * 8).json()["outputs"]) == 8
    error = "half: a request may have at most 8 examples. Received: 9."
    assert refused(predicted(client, "half", inputs=[[1]] * 9), 413) == error
    assert len(predicted(client, "half", inputs=[[1] * 9]).json()["outputs"][0]) == 9
    error = "`x` may be at most 9 long. Received: 10."
    assert refused(predicted(client, "half", inputs=[[1] * 10]), 413) == error
    assert predicted(client, "pair", instances=[{"a": [1, 2], "t": "123456789"}]).status_code == 200
    error = "`t`: a text may have at most 9 bytes. Received: 10."
    assert refused(predicted(client, "pair", instances=[{"a": [1, 2], "t": "ééééé"}]), 413) == error
    for count, status in ((1, 200), (8, 200), (9, 413), (0, 413)):
        answer = predicted(client, "draw", inputs={"count": count, "seed": 99})
        assert answer.status_code == status
        if status == 413:
            assert refused(answer, 413) == f"`count` must be from 1 to 8. Received: {count}."
    # What was refused no longer waits.
    assert not any(pending(client))


def test_lengths_of_what_is_no_batch(client):
    found = client.app.state.repository.find("tiny")
    words = Signature("word", {"ids": Spec("int32", (None, None))}, {"y": Spec("float32", ())})
    found._check(words, {"ids": np.zeros((9, 9), "int32")})
    for shape in ((0, 1), (1, 0)):
        with pytest.raises(InputError, match=r"^`ids` must be at least 1 long. Received: 0\.$"):
            found._check(words, {"ids": np.zeros(shape, "int32")})
    for shape in ((10, 1), (1, 10)):
        with pytest.raises(Refusal, match=r"^`ids` may be at most 9 long. Received: 10\.$"):
            found._check(words, {"ids": np.zeros(shape, "int32")})


def pending(client):
    versions = client.app.state.repository.models["tiny"].values()
    return [count for version in versions for count in version._pending.values()]


def test_a_fault_of_ours_is_counted_and_answered_as_one(client):
    def counted(status):
        wanted = f'tfnotes_requests_total{{endpoint="pair",model="tiny",status="{status}",version="10"}} '
        lines = [line for line in client.get("/metrics").text.splitlines() if line.startswith(wanted)]
        return float(lines[0].split()[-1]) if lines else 0

    before = counted(500)
    answer = predicted(client, "pair", instances=[{"a": [13, 1], "t": "x"}])
    assert refused(answer, 500) == "The server failed to answer; its log says how."
    assert (counted(500), counted(499)) == (before + 1, 0)
    assert not any(pending(client))


def test_methods_and_paths(client):
    assert client.delete("/models").json() == {"error": "This path takes another method."}
    assert client.get("/v1/nothing").json() == {"error": "There is nothing at this path."}
    answer = client.get("/v1/models/tiny/versions/x/metadata")
    assert (answer.status_code, answer.json()) == (404, {"error": "There is nothing at this path."})
    assert client.get("/metrics").headers["Content-Type"] == "text/plain; version=0.0.4; charset=utf-8"
    assert client.get("/page/page.js").status_code == 200


def test_figures_from_the_start_on(folder, monkeypatch, capsys):
    app = made.application(monkeypatch, folder / "tiny", versions=2)
    with TestClient(app) as client:
        lines = client.get("/metrics").text.splitlines()
        assert 'tfnotes_model_version{model="tiny"} 10.0' in lines
        predicted(client, "half", inputs=[[1], [2], [3]])
        lines = client.get("/metrics").text.splitlines()
        assert 'tfnotes_batch_size_sum{endpoint="half",model="tiny"} 3.0' in lines
        assert 'tfnotes_batch_size_bucket{endpoint="half",le="2.0",model="tiny"} 0.0' in lines
        assert 'tfnotes_queue{endpoint="half",model="tiny"} 0.0' in lines
        assert 'tfnotes_request_seconds_count{endpoint="half",model="tiny"} 1.0' in lines
        assert 'tfnotes_requests_total{endpoint="",model="",status="200",version=""} 1.0' in lines
    assert capsys.readouterr().err == ""


def test_nothing_good_is_told_with_the_first_reason(tmp_path, monkeypatch):
    said = []
    made.write(tmp_path / "tiny" / "1", broken="worn out.")
    with pytest.raises(InputError) as caught:
        made.application(monkeypatch, tmp_path / "tiny", report=lambda *one: said.append(one))
    assert str(caught.value) == (
        "serve: `path` must be an export, a task's folder of exports, or a folder of those. "
        f"Received: {tmp_path / 'tiny'}, where no good one stands: worn out."
    )
    assert said == [("tiny 1 is left out: worn out.", {"event": "refused", "model": "tiny", "version": 1})]
    with pytest.raises(InputError, match=f"Received: {tmp_path}/a, {tmp_path}/b, where no good one stands\\.$"):
        create([tmp_path / "a", tmp_path / "b"], Settings())


def test_what_warms_a_version(tmp_path, monkeypatch):
    """Ones of the smallest shape, at each endpoint that takes no files of its own."""
    app = made.application(monkeypatch, made.write(tmp_path / "tiny"), runtime="onnx", trust=True)
    found = [(name, {key: (v.dtype.name, v.tolist()) for key, v in inputs.items()}) for name, inputs in made.Made.asked]
    assert found == [
        ("half", {"x": ("float32", [[1.0]])}),
        ("draw", {"count": ("int32", 1), "seed": ("int32", 1)}),
        ("truth", {"x": ("bool", [True])}),
    ]
    tiny = app.state.repository.find("tiny")
    assert (tiny.version, tiny.runtime, tiny._exported.trust, tiny.default) == (1, "onnx", True, "pair")
    for name in (None, "", "serving_default", "pair"):
        assert tiny.signature(name).name == "pair"
    assert [tiny.signatures[name].batched for name in tiny.signatures] == [True, True, False, True]


def test_v2_of_several_inputs_in_any_order(client):
    a = v2_tensor("a", [2, 2], "INT32", [1, 2, 3, 4])
    t = v2_tensor("t", [2], "BYTES", ["x", {"b64": "/w=="}])
    for inputs in ([a, t], [t, a | {"data": [[1, 2], [3, 4]]}]):
        answer = inferred(client, "pair", inputs)
        assert answer.headers["Content-Type"] == "application/json"
        assert "Inference-Header-Content-Length" not in answer.headers
        assert answer.json() == {
            "model_name": "tiny",
            "model_version": "10",
            "outputs": [
                {"name": "sum", "datatype": "INT64", "shape": [2], "data": [3, 7]},
                {"name": "same_bytes", "datatype": "BYTES", "shape": [2], "data": ["x", {"b64": "/w=="}]},
            ],
        }
    asked = [{"name": "same_bytes"}, {"name": "sum"}]
    found = inferred(client, "pair", [a, t], outputs=asked, id="seven").json()
    assert ([one["name"] for one in found["outputs"]], found["id"]) == (["same_bytes", "sum"], "seven")
    assert "id" not in inferred(client, "pair", [a, t], id=7).json()
    # A number alone stands in a list, too.
    scalars = [v2_tensor("seed", [], "INT32", [4]), v2_tensor("count", [], "INT32", [1])]
    assert inferred(client, "draw", scalars).json()["outputs"][1] == {
        "name": "of", "datatype": "INT32", "shape": [], "data": [1],
    }  # fmt: skip


def test_v2_in_bytes_both_ways(client):
    strings = struct.pack("<I1sI2s", 1, b"x", 2, b"\xff\x00")
    numbers = np.array([[1, 2], [-3, 4]], "<i4").tobytes()
    inputs = [
        v2_tensor("a", [2, 2], "INT32", binary_data_size=len(numbers)),
        v2_tensor("t", [2], "BYTES", binary_data_size=len(strings)),
    ]
    head = json.dumps({"inputs": inputs, "parameters": {"binary_data_output": True}}).encode()
    headers = {binary.HEADER: str(len(head))}
    answer = client.post(INFER, content=head + numbers + strings, headers=headers)
    assert answer.headers["Content-Type"] == "application/octet-stream"
    said = json.loads(answer.content[: int(answer.headers[binary.HEADER])])
    assert [one["parameters"] for one in said["outputs"]] == [{"binary_data_size": 16}, {"binary_data_size": 11}]
    assert "data" not in said["outputs"][0]
    assert answer.content[int(answer.headers[binary.HEADER]) :] == np.array([3, 1], "<i8").tobytes() + strings
    error = refused(client.post(INFER, content=head + numbers + strings + b"more", headers=headers))
    assert error == "The body must end with the last input's bytes. Received: 4 more."
    error = refused(client.post(INFER, content=head + numbers + strings[:-1], headers=headers))
    assert error == "`t` must have as many bytes as its `binary_data_size`. Received: 10."


@pytest.mark.parametrize(
    ("inputs", "said"),
    [
        (None, "`inputs` must be a list of objects. Received: null."),
        ([3], "`inputs` must be a list of objects. Received: a list of 1."),
        ([v2_tensor("x", [1], "FP32", [1])], "pair: the inputs must be t, a. Received: x."),
        ([v2_tensor("t", [1], "BYTES", ["x"])] * 2, "pair: the inputs must be t, a. Received: t, t."),
        ([{}], "pair: the inputs must be t, a. Received: None."),
    ],
)
def test_v2_inputs_of_other_names(client, inputs, said):
    assert refused(inferred(client, "pair", inputs)) == said


def test_v2_of_a_shape_that_the_data_have_not(client):
    one = v2_tensor("x", [1, 2], "FP32", [[1], [2]])
    assert refused(inferred(client, "half", [one])) == "`x` must have `data` of its `shape`. Received: [2, 1]."
    error = "`x` must have a `shape` of whole numbers. Received: a list of 1."
    assert refused(inferred(client, "half", [one | {"shape": [True]}])) == error
    error = '`x` must be of the datatype FP32. Received: "FP64".'
    assert refused(inferred(client, "half", [one | {"datatype": "FP64"}])) == error
    error = "`outputs` must be a list of objects. Received: an object with none."
    good = v2_tensor("x", [1, 1], "FP32", [1])
    assert refused(inferred(client, "half", [good], outputs={})) == error


@pytest.mark.parametrize("length", ["²", "-1", " 1", "1e0", "3", "0" * 13])
def test_a_length_that_is_none(length):
    with pytest.raises(InputError, match=f"^{binary.HEADER} must be a number of bytes in the body. Received: "):
        binary.split(b"{}", length)


def test_bytes_are_split_where_the_length_says():
    assert binary.split(b"{}ab", None) == (b"{}ab", b"")
    assert binary.split(b"{}ab", "2") == (b"{}", b"ab")
    assert binary.split(b"{}", "000000000002") == (b"{}", b"")
    assert binary.cut("x", b"abc", 0) == (b"", b"abc")
    assert binary.cut("x", b"abc", 3) == (b"abc", b"")
    for size in (4, -1, True, 1.0, "1"):
        with pytest.raises(InputError, match=r"^`x` must have as many bytes as its `binary_data_size`. Received: 3\.$"):
            binary.cut("x", b"abc", size)


def test_bytes_of_each_kind_there_and_back():
    for dtype in ("uint8", "int16", "int64", "float16", "float64", "bool"):
        array = np.array([[1, 0, 3], [4, 5, 6]]).astype(dtype)
        back = binary.read("x", binary.write(array), [2, 3], Spec(dtype, (None, 3)))
        assert back.dtype == array.dtype
        np.testing.assert_array_equal(back, array)
    assert binary.write(np.array([[1, 2], [3, 4]], ">i2").T) == struct.pack("<4h", 1, 3, 2, 4)
    assert binary.read("x", b"\0\2", [2], Spec("bool", (None,))).tolist() == [False, True]
    texts = np.array([["é", b"\xff"]], object)
    assert binary.write(texts) == b"\2\0\0\0\xc3\xa9\1\0\0\0\xff"
    back = binary.read("x", binary.write(texts), [1, 2], Spec("string", (None, 2)))
    assert back.tolist() == [["é".encode(), b"\xff"]]
    assert binary.write(np.array(["a", "b"])) == b"\1\0\0\0a\1\0\0\0b"
    with pytest.raises(InputError, match=r"^`x` must have 4 bytes for each value. Received: 6 bytes\.$"):
        binary.read("x", bytes(6), [1], Spec("int32", (None,)))
    assert binary.shaped("x", np.zeros(1), [1] * 16).shape == (1,) * 16
    with pytest.raises(InputError, match=r"as its shape, \[1, 1.*\]. Received: 1\.$"):
        binary.shaped("x", np.zeros(1), [1] * 17)
    with pytest.raises(InputError, match=r"^`x` must have as many values as its shape, \[2, 2\]. Received: 3\.$"):
        binary.shaped("x", np.zeros(3), [2, 2])


@pytest.mark.parametrize("data", [b"\1\0\0", b"\2\0\0\0a", b"\1\0\0\0ab"])
def test_strings_that_are_cut_off(data):
    with pytest.raises(
        InputError, match=r"^`x` must have strings with their lengths. Received: one that is cut off\.$"
    ):
        binary.read("x", data, [1], Spec("string", (None,)))


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (60 * "x", '"' + 58 * "x" + "…"),
        (58 * "x", '"' + 58 * "x" + '"'),
        (10**30, "1" + "0" * 30),
        (int("1" * 61), "1" * 59 + "…"),
        (None, "null"),
        ({"a": 1, "b": 2}, "an object with a, b"),
        ({}, "an object with none"),
        ([1, 2, 3], "a list of 3"),
        (True, "true"),
    ],
)
def test_values_in_the_words_of_an_error(value, words):
    assert tensors.shown(value) == words
    assert tensors.listed(["x" * 50, "y" * 48]) == "x" * 50 + ", " + "y" * 48
    assert tensors.listed(["x" * 50, "y" * 49]) == "x" * 50 + ", " + "y" * 47 + "…"


@pytest.mark.parametrize(
    ("value", "dtype", "shape", "said"),
    [
        ([300, -1], "uint8", (None,), "values from -1 to 300."),
        ([1, 2], "int32", (None, 3), "the shape [2]."),
        ([[1], [2, 3]], "int32", (None, None), "lists of unequal lengths, or nested too deeply."),
        (["a"], "float32", (None,), "other values."),
        ([1e39], "float32", (None,), "NaN, or an infinite value."),
        ([65520.0], "float16", (None,), "NaN, or an infinite value."),
        ([2**63], "int64", (None,), "other values."),
        ([-1.0], "uint8", (None,), "other values."),
        (3, "int32", (None,), "the shape []."),
    ],
)
def test_numbers_that_are_others(value, dtype, shape, said):
    sizes = [-1 if size is None else size for size in shape]
    kinds = "finite numbers" if dtype.startswith("float") else "integers"
    with pytest.raises(InputError) as caught:
        tensors.from_json("x", value, Spec(dtype, shape))
    start = f"`x` must be {kinds} of the dtype {dtype} and the shape {sizes} (-1 is open). Received: "
    assert str(caught.value) == start + said


def test_arrays_of_values():
    assert tensors.from_json("x", [], Spec("int32", (None,))).dtype == "int32"
    assert tensors.from_json("x", [2**63], Spec("uint64", (None,))).tolist() == [2**63]
    found = tensors.from_json("x", [[[], []]], Spec("string", (None, None, None)))
    assert (found.shape, found.dtype) == ((1, 2, 0), object)
    alone = tensors.from_json("x", "é", Spec("string", ()))
    assert (alone.shape, alone[()]) == ((), "é".encode())
    assert tensors.from_json("x", {"b64": "/w=="}, Spec("string", ()))[()] == b"\xff"
    assert tensors.to_json(np.array(b"a", object)) == "a"
    assert tensors.to_json(np.array([["a", "b"]])) == [["a", "b"]]


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ([["a"]], "`x` must be strings in fewer lists. Received: one more in another."),
        (["a", 1], "`x` must be strings or {'b64': ...}. Received: 1."),
        ([{"b64": 1}], "`x` must be strings or {'b64': ...}. Received: an object with b64."),
        ([{"b64": "?"}], "`x` must be valid base64 where it is {'b64': ...}. Received: \"?\"."),
        (["\ud800"], "`x` must be Unicode text. Received: half of a surrogate pair."),
    ],
)
def test_strings_that_are_others(value, said):
    with pytest.raises(InputError) as caught:
        tensors.from_json("x", value, Spec("string", (None,)))
    assert str(caught.value) == said
    with pytest.raises(InputError, match=r"^`x` must be strings in lists of equal lengths. Received: unequal ones\.$"):
        tensors.from_json("x", [["a"], ["b", "c"]], Spec("string", (None, None)))


def image(width, height):
    file = io.BytesIO()
    Image.new("L", (width, height), 7).save(file, "BMP")
    return {"b64": base64.b64encode(file.getvalue()).decode()}


def test_files_of_images(tmp_path, monkeypatch):
    made.write(tmp_path / "tiny", endpoints=["encoded", "texts"], decode="images")
    app = made.application(monkeypatch, tmp_path / "tiny", max_pixels=20, max_text=5)
    # An endpoint of another kind of files is asked with none of them.
    ((endpoint, example),) = made.Made.asked
    assert endpoint == "encoded"
    with Image.open(io.BytesIO(example["images"][0])) as white:
        assert (white.format, white.size, white.getextrema()) == ("PNG", (28, 28), (255, 255))
    with TestClient(app) as client:
        assert [one["takes"] for one in client.get("/models").json()[0]["endpoints"]] == ["images", None]
        made.Made.asked.clear()
        assert predicted(client, "encoded", instances=[image(4, 5), image(2, 1)]).status_code == 200
        ((_, asked),) = made.Made.asked
        shown = [Image.open(io.BytesIO(data)) for data in asked["images"]]
        assert [(one.format, one.size) for one in shown] == [("PNG", (4, 5)), ("PNG", (2, 1))]
        error = refused(predicted(client, "encoded", instances=[image(7, 3)]), 413)
        assert error == "`images`: an image may have at most 20 pixels. Received: 21."
        monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 10)
        error = refused(predicted(client, "encoded", instances=[image(7, 3)]), 413)
        assert error == "`images`: an image may have at most 20 pixels. Received: more."
        assert "no known image format" in refused(predicted(client, "encoded", instances=["no image"]))
        assert refused(predicted(client, "texts", instances=["123456"]), 413).endswith("at most 5 bytes. Received: 6.")


def test_files_of_texts_and_of_a_tasks_own_kind(tmp_path, monkeypatch):
    made.write(tmp_path / "reviews" / "1", endpoints=["texts"], decode="texts")
    made.write(tmp_path / "own" / "1", endpoints=["encoded"])
    found = lambda exported: lambda data, name: f"{name} of {exported.path.parent.name}: ".encode() + data  # noqa: E731
    monkeypatch.setattr(served.decoders, "decoder", found)
    app = made.application(monkeypatch, tmp_path)
    assert [(endpoint, inputs["texts"].tolist()) for endpoint, inputs in made.Made.asked] == [("texts", [b"a film"])]
    with TestClient(app) as client:
        own, reviews = client.get("/models").json()
        assert [one["endpoints"][0]["takes"] for one in (own, reviews)] == [None, "texts"]
        answer = client.post("/v1/models/reviews:predict", json={"instances": ["é", {"b64": "77u/YQ=="}]})
        # The mark of the byte order goes.
        assert answer.json() == {"predictions": [2, 1]}
        answer = client.post("/v1/models/reviews:predict", json={"instances": [{"b64": "/w=="}]})
        assert "the byte 0xff at offset 0" in refused(answer)
        client.post("/v1/models/own:predict", json={"instances": ["a", "b"]})
    assert made.Made.asked[-1][1]["images"].tolist() == [b"images of own: a", b"images of own: b"]
