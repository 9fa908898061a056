"""TensorFlow Serving's paths: every form of a request gives the export's own numbers."""

import base64
import io

import numpy as np
import pytest
from PIL import Image

PREDICT = "/v1/models/drawn:predict"


@pytest.fixture(scope="module")
def pixels():
    return np.random.default_rng(0).integers(0, 256, (3, 28, 28), "uint8")


@pytest.fixture(scope="module")
def wanted(exported, pixels):
    return exported.ask("pixels", pixels)


def png(pixels):
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, "PNG")
    return {"b64": base64.b64encode(file.getvalue()).decode()}


@pytest.mark.parametrize("path", [PREDICT, "/v1/models/drawn/versions/1:predict"])
@pytest.mark.parametrize("named", [False, True])
@pytest.mark.parametrize("signature", [{}, {"signature_name": "serving_default"}, {"signature_name": "pixels"}])
def test_rows_and_columns(client, pixels, wanted, path, named, signature):
    rows = [{"pixels": image} for image in pixels.tolist()] if named else pixels.tolist()
    answer = client.post(path, json={"instances": rows, **signature}).json()
    assert list(answer) == ["predictions"]
    np.testing.assert_allclose([row["probabilities"] for row in answer["predictions"]], wanted["probabilities"], 1e-6)
    assert [row["digit"] for row in answer["predictions"]] == wanted["digit"].tolist()

    inputs = {"pixels": pixels.tolist()} if named else pixels.tolist()
    answer = client.post(path, json={"inputs": inputs, **signature}).json()
    assert list(answer) == ["outputs"]
    np.testing.assert_allclose(answer["outputs"]["probabilities"], wanted["probabilities"], 1e-6)
    assert answer["outputs"]["digit"] == wanted["digit"].tolist()


@pytest.mark.parametrize("form", ["bare", "named", "column"])
def test_files_of_images_as_base64(client, pixels, form):
    files = [png(image) for image in pixels]
    body = {
        "bare": {"instances": files},
        "named": {"instances": [{"images": file} for file in files]},
        "column": {"inputs": {"images": files}},
    }[form]
    answer = client.post(PREDICT, json={"signature_name": "encoded", **body}).json()
    digits = answer["outputs"]["digit"] if form == "column" else [row["digit"] for row in answer["predictions"]]
    assert len(digits) == 3
    assert digits == client_digits(client, pixels)


def client_digits(client, pixels):
    """What the endpoint `encoded` says of each image alone."""
    one = [{"signature_name": "encoded", "inputs": [png(image)]} for image in pixels]
    return [client.post(PREDICT, json=body).json()["outputs"]["digit"][0] for body in one]


def test_status(client):
    ok = {"version": "1", "state": "AVAILABLE", "status": {"error_code": "OK", "error_message": ""}}
    for path in ("/v1/models/drawn", "/v1/models/drawn/versions/1"):
        assert client.get(path).json() == {"model_version_status": [ok]}


def test_metadata(client):
    found = client.get("/v1/models/drawn/metadata").json()
    assert found["model_spec"] == {"name": "drawn", "signature_name": "", "version": "1"}
    signatures = found["metadata"]["signature_def"]["signature_def"]
    assert signatures["serving_default"] == signatures["pixels"]
    assert signatures["pixels"]["inputs"]["pixels"]["dtype"] == "DT_UINT8"
    assert [d["size"] for d in signatures["pixels"]["inputs"]["pixels"]["tensor_shape"]["dim"]] == ["-1", "28", "28"]
    assert signatures["encoded"]["inputs"]["images"]["dtype"] == "DT_STRING"
    assert found == client.get("/v1/models/drawn/versions/1/metadata").json()


@pytest.mark.parametrize("path", ["other", "drawn/versions/2", "..%2f..%2fetc", "drawn/versions/99999999999999999999"])
@pytest.mark.parametrize("end", ["", "/metadata", ":predict"])
def test_what_is_not_served(client, path, end):
    address = f"/v1/models/{path}{end}"
    answer = client.post(address, json={"instances": [1]}) if end == ":predict" else client.get(address)
    assert answer.status_code == 404
    assert list(answer.json()) == ["error"]
    if path in ("other", "drawn/versions/2"):
        named, numbered = 'name must be one of drawn. Received: "other".', "version must be one of 1. Received: 2."
        error = f"Servable not found for request: its {named if path == 'other' else numbered}"
        assert answer.json() == {"error": error}


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (b"{", "must be a JSON object"),
        (b"\xff", "must be a JSON object"),
        (b"[" * 100_000, "depth limit exceeded"),
        (b"[1]", "Received: a list of 1."),
        (b"null", "Received: null."),
        (b'"\\u0394' + 100 * b"x" + b'"', 'Received: "Δ' + 57 * "x" + "…."),
        (b"{}", "either `instances` or `inputs`"),
        (b'{"instances": [1], "inputs": [1]}', "either `instances` or `inputs`"),
        (b'{"instances": [1], "extra": 1}', "either `instances` or `inputs`"),
        (b'{"instances": []}', "at least one example"),
        (b'{"instances": 3}', "at least one example. Received: 3."),
        (b'{"inputs": []}', "the shape"),
        (b'{"instances": [[1, 2], [3]]}', "unequal lengths"),
        (b'{"instances": [[NaN]]}', "unexpected character"),
        (b'{"instances": [[[1e999]]]}', "number is infinity"),
        (b'{"instances": ["a"]}', "integers"),
        (b'{"instances": [null]}', "integers"),
        (b'{"instances": [{"other": 1}]}', "each instance must have pixels. Received: an object with other."),
        (b'{"inputs": {"other": 1}}', "the inputs must be pixels. Received: other."),
        (b'{"instances": [1], "signature_name": "other"}', 'be one of pixels, encoded, layers. Received: "other".'),
        (b'{"instances": [1], "signature_name": ["pixels"]}', "must be one of pixels, encoded, layers"),
        (b'{"instances": [1], "signature_name": "encoded"}', "strings or"),
        (b'{"instances": ' + b"[" * 900 + b"]" * 900 + b', "signature_name": "encoded"}', "fewer lists"),
        (b'{"instances": [{"b64": "?"}], "signature_name": "encoded"}', ': ...}. Received: "?"'),
        (b'{"instances": [{"b64": "AAAA"}], "signature_name": "encoded"}', "no known image format"),
    ],
)
def test_bad_bodies_are_answered_in_a_sentence(client, body, expected):
    answer = client.post(PREDICT, content=body)
    assert answer.status_code == 400
    assert list(answer.json()) == ["error"]
    assert expected in answer.json()["error"]


@pytest.mark.parametrize("value", [-1, 256, 0.5, 10**30])
def test_values_out_of_range(client, pixels, value):
    wrong = pixels[:1].tolist()
    wrong[0][3][4] = value
    answer = client.post(PREDICT, json={"instances": wrong})
    assert answer.status_code == 400
    assert "`pixels` must be integers of the dtype uint8" in answer.json()["error"]


def test_other_methods_and_paths(client):
    assert (client.delete(PREDICT).status_code, client.get("/v1/nothing").status_code) == (405, 404)
    assert list(client.get("/v1/nothing").json()) == ["error"]
    for path in (PREDICT, PREDICT.replace(":", "/versions/1:")):
        assert (client.get(path).status_code, client.get(path).headers["Allow"]) == (405, "POST")
        assert client.get(path).json() == {"error": "This path takes another method."}
