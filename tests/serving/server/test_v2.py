"""The Open Inference Protocol v2, in JSON and with the binary extension."""

import base64
import json

import numpy as np
import pytest

from tests.serving.server.test_tensorflow_rest import client_digits, png

INFER = "/v2/models/drawn/infer"


@pytest.fixture(scope="module")
def pixels():
    return np.random.default_rng(1).integers(0, 256, (2, 28, 28), "uint8")


@pytest.fixture(scope="module")
def wanted(exported, pixels):
    return exported.ask("pixels", pixels)


def tensor(pixels, data, **other):
    return {"name": "pixels", "shape": list(pixels.shape), "datatype": "UINT8", "data": data, **other}


def test_health_and_metadata(client):
    assert client.get("/v2").json()["name"] == "tfnotes"
    for path in ("health/live", "health/ready", "models/drawn/ready", "models/drawn/versions/1/ready"):
        assert client.get(f"/v2/{path}").status_code == 200
    found = client.get("/v2/models/drawn").json()
    assert found["versions"] == ["1"]
    assert found["inputs"] == [{"name": "pixels", "datatype": "UINT8", "shape": [-1, 28, 28]}]
    assert {out["name"]: out["datatype"] for out in found["outputs"]} == {"digit": "INT32", "probabilities": "FP32"}
    other = client.get("/v2/models/drawn?signature_name=encoded").json()
    assert other["inputs"] == [{"name": "images", "datatype": "BYTES", "shape": [-1]}]
    assert client.post("/v2/repository/index").json() == [
        {"name": "drawn", "version": "1", "state": "READY", "reason": ""}
    ]


@pytest.mark.parametrize("nested", [False, True])
def test_json(client, pixels, wanted, nested):
    data = pixels.tolist() if nested else pixels.reshape(-1).tolist()
    answer = client.post(INFER, json={"id": "seven", "inputs": [tensor(pixels, data)]}).json()
    assert (answer["model_name"], answer["model_version"], answer["id"]) == ("drawn", "1", "seven")
    outputs = {out["name"]: out for out in answer["outputs"]}
    assert outputs["probabilities"]["shape"] == [2, 10]
    np.testing.assert_allclose(outputs["probabilities"]["data"], wanted["probabilities"].reshape(-1), 1e-6)
    assert outputs["digit"] == {"name": "digit", "datatype": "INT32", "shape": [2], "data": wanted["digit"].tolist()}


def test_only_the_outputs_that_are_asked_for(client, pixels):
    body = {"inputs": [tensor(pixels, pixels.tolist())], "outputs": [{"name": "digit"}]}
    assert [out["name"] for out in client.post(INFER, json=body).json()["outputs"]] == ["digit"]
    for wrong, received in (({"name": "other"}, '"other"'), ({"name": {}}, "an object with none"), (3, "3")):
        answer = client.post(INFER, json={**body, "outputs": [wrong]})
        expected = f"`outputs` must be among digit, probabilities. Received: {received}."
        assert (answer.status_code, answer.json()) == (400, {"error": expected})


def sent(client, said, data):
    head = json.dumps(said).encode()
    return client.post(INFER, content=head + data, headers={"Inference-Header-Content-Length": str(len(head))})


def test_the_binary_extension_both_ways(client, pixels, wanted):
    one = {"name": "pixels", "shape": [2, 28, 28], "datatype": "UINT8", "parameters": {"binary_data_size": pixels.size}}
    said = {"inputs": [one], "parameters": {"binary_data_output": True}}
    answer = sent(client, said, pixels.tobytes())
    length = int(answer.headers["Inference-Header-Content-Length"])
    at = length
    for out in json.loads(answer.content[:length])["outputs"]:
        size = out["parameters"]["binary_data_size"]
        kind = {"FP32": "<f4", "INT32": "<i4"}[out["datatype"]]
        got = np.frombuffer(answer.content[at : at + size], kind).reshape(out["shape"])
        np.testing.assert_allclose(got, wanted[out["name"]], 1e-6)
        at += size
    assert at == len(answer.content)


def test_one_output_may_stay_out_of_the_binary_ones(client, pixels):
    one = tensor(pixels, pixels.reshape(-1).tolist())
    for all_binary in (True, False):
        outputs = [
            {"name": "digit", "parameters": {"binary_data": not all_binary}},
            {"name": "probabilities"},
        ]
        said = {"inputs": [one], "outputs": outputs, "parameters": {"binary_data_output": all_binary}}
        answer = client.post(INFER, json=said)
        head = json.loads(answer.content[: int(answer.headers["Inference-Header-Content-Length"])])
        digit, probabilities = head["outputs"]
        assert ("data" in digit, "data" in probabilities) == (all_binary, not all_binary)


def test_a_body_that_is_all_json_may_say_so(client, pixels):
    answer = sent(client, {"inputs": [tensor(pixels, pixels.reshape(-1).tolist())]}, b"")
    assert answer.status_code == 200, answer.text


def test_strings_in_binary(client, pixels):
    files = [base64.b64decode(png(image)["b64"]) for image in pixels]
    data = b"".join(len(file).to_bytes(4, "little") + file for file in files)
    one = {"name": "images", "shape": [2], "datatype": "BYTES", "parameters": {"binary_data_size": len(data)}}
    answer = sent(client, {"inputs": [one], "parameters": {"signature_name": "encoded"}}, data).json()
    digits = next(out["data"] for out in answer["outputs"] if out["name"] == "digit")
    assert digits == client_digits(client, pixels)


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"datatype": "FP32"}, "datatype UINT8"),
        ({"shape": [2, 28, 27]}, "as many values as its shape"),
        ({"shape": [2, 784]}, "the shape"),
        ({"shape": "x"}, "`shape` of whole numbers"),
        ({"shape": [-2, 28, 28]}, "`shape` of whole numbers"),
        ({"data": None}, "list of `data`"),
        ({"data": [1, 2]}, "as many values as its shape"),
        ({"data": [[1, 2], [3]]}, "unequal lengths"),
        ({"name": "other"}, "inputs must be pixels"),
        ({"parameters": {"binary_data_size": 9}}, "either `data` or `binary_data_size`"),
        ({"parameters": []}, None),
        ({"parameters": [1]}, "`parameters` must be an object"),
    ],
)
def test_bad_inputs(client, pixels, change, expected):
    answer = client.post(INFER, json={"inputs": [tensor(pixels, pixels.reshape(-1).tolist()) | change]})
    if expected is None:
        assert answer.status_code == 200
        return
    assert answer.status_code == 400
    assert expected in answer.json()["error"]


@pytest.mark.parametrize("length", ["-1", "x", "1000000", "9" * 5000])
def test_a_bad_length_of_the_json(client, length):
    answer = client.post(INFER, content=b"{}", headers={"Inference-Header-Content-Length": length})
    assert (answer.status_code, list(answer.json())) == (400, ["error"])


@pytest.mark.parametrize("data", [b"\1\0\0", b"\1\0\0\0", b"\xff\xff\xff\xffabc", b"\1\0\0\0a\0\0\0\0"])
def test_cut_strings(client, data):
    one = {"name": "images", "shape": [1], "datatype": "BYTES", "parameters": {"binary_data_size": len(data)}}
    answer = sent(client, {"inputs": [one], "parameters": {"signature_name": "encoded"}}, data)
    assert (answer.status_code, list(answer.json())) == (400, ["error"])


@pytest.mark.parametrize("path", ["other", "drawn/versions/7"])
def test_what_is_not_served(client, path, pixels):
    assert client.get(f"/v2/models/{path}").status_code == 404
    assert client.get(f"/v2/models/{path}/ready").status_code == 404
    assert client.post(f"/v2/models/{path}/infer", json={"inputs": []}).status_code == 404
