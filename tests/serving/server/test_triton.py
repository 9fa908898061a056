"""Triton's own HTTP client, which no one here wrote, works unchanged (`make test-clients`)."""

import numpy as np
import pytest

from tfnotes.serving.exported import Exported

http = pytest.importorskip("tritonclient.http", reason="tritonclient, of the extra `clients`, isn't installed")


@pytest.fixture(scope="module")
def client(live):
    with live() as address, http.InferenceServerClient(address) as client:
        yield client


@pytest.fixture(scope="module")
def pixels():
    return np.random.default_rng(0).integers(0, 256, (5, 28, 28), "uint8")


def test_health(client):
    assert client.is_server_live()
    assert client.is_server_ready()
    assert client.is_model_ready("drawn")
    assert client.is_model_ready("drawn", "1")
    assert not client.is_model_ready("other")


def test_metadata(client):
    assert client.get_server_metadata()["extensions"] == ["binary_tensor_data", "model_repository"]
    found = client.get_model_metadata("drawn")
    assert (found["versions"], found["platform"]) == (["1"], "onnxruntime_onnx")
    assert found["inputs"] == [{"name": "pixels", "datatype": "UINT8", "shape": [-1, 28, 28]}]
    assert {one["name"] for one in found["outputs"]} == {"digit", "probabilities"}
    (index,) = client.get_model_repository_index()
    assert (index["name"], index["state"]) == ("drawn", "READY")


@pytest.mark.parametrize("sent_binary", [False, True])
@pytest.mark.parametrize("got_binary", [False, True])
def test_infer(client, portable, pixels, sent_binary, got_binary):
    one = http.InferInput("pixels", list(pixels.shape), "UINT8")
    one.set_data_from_numpy(pixels, binary_data=sent_binary)
    outputs = [http.InferRequestedOutput(name, binary_data=got_binary) for name in ("probabilities", "digit")]
    answer = client.infer("drawn", [one], outputs=outputs, request_id="seven")
    expected = Exported(portable).ask("pixels", pixels)
    np.testing.assert_allclose(answer.as_numpy("probabilities"), expected["probabilities"], rtol=1e-5, atol=1e-7)
    np.testing.assert_array_equal(answer.as_numpy("digit"), expected["digit"])
    assert answer.as_numpy("digit").dtype == expected["digit"].dtype
    assert answer.get_response()["id"] == "seven"


def test_what_it_asks_for_by_default(client, pixels):
    one = http.InferInput("pixels", list(pixels.shape), "UINT8")
    one.set_data_from_numpy(pixels)
    answer = client.infer("drawn", [one], model_version="1")
    assert answer.as_numpy("probabilities").shape == (5, 10)


def test_a_refusal_is_its_exception(client):
    one = http.InferInput("pixels", [1, 2, 2], "UINT8")
    one.set_data_from_numpy(np.zeros((1, 2, 2), "uint8"))
    with pytest.raises(Exception, match="the shape \\[1, 2, 2\\]") as raised:
        client.infer("drawn", [one])
    assert raised.value.status() == "400"
