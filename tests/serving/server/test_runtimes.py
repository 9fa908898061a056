"""A server answers the same whatever runs the export, and knows what an export carries to be checked with."""

import base64
import json
import shutil
import subprocess
import sys
import urllib.request

import numpy as np
import pytest
from fastapi.testclient import TestClient

from tfnotes.errors import InputError
from tfnotes.serving import examples, metadata
from tfnotes.serving.images import files as images_of
from tfnotes.serving.server import repository
from tfnotes.serving.server.app import create
from tfnotes.serving.server.settings import Settings

WITHOUT_TENSORFLOW = """
import sys
class Blocked:
    def find_spec(self, name, *others):
        if name in ("tensorflow", "keras", "tfnotes_tasks"):
            raise ImportError(f"{name} must not be imported")
sys.meta_path.insert(0, Blocked())
from tfnotes.cli import main
main()
"""


@pytest.fixture(scope="module")
def onnx(portable):
    with TestClient(create([portable], Settings(runtime="onnx"))) as client:
        yield client


def test_both_runtimes_give_the_same_answers(client, onnx):
    pixels = np.random.default_rng(0).integers(0, 256, (5, 28, 28), "uint8")
    body = {"inputs": {"pixels": pixels.tolist()}}
    ours = onnx.post("/v1/models/drawn:predict", json=body).json()["outputs"]
    theirs = client.post("/v1/models/drawn:predict", json=body).json()["outputs"]
    assert ours["digit"] == theirs["digit"]
    np.testing.assert_allclose(ours["probabilities"], theirs["probabilities"], rtol=1e-4, atol=1e-6)
    assert client.get("/v2/models/drawn").json()["platform"] == "tensorflow_savedmodel"
    assert onnx.get("/v2/models/drawn").json()["platform"] == "onnxruntime_onnx"
    assert [one["name"] for one in onnx.get("/models").json()[0]["endpoints"]] == ["pixels", "encoded", "layers"]
    # What TensorFlow does to image files inside of the SavedModel is done in NumPy before the file of ONNX.
    files = [base64.b64encode(image).decode() for (images,) in [images_of(pixels)] for image in images]
    body = {"signature_name": "encoded", "inputs": [{"b64": file} for file in files]}
    ours, theirs = (one.post("/v1/models/drawn:predict", json=body).json()["outputs"] for one in (onnx, client))
    np.testing.assert_allclose(ours["probabilities"], theirs["probabilities"], rtol=1e-4, atol=1e-6)
    refused = onnx.post("/v1/models/drawn:predict", json={"signature_name": "other", "instances": [1]})
    expected = "one of pixels, encoded, layers"
    assert refused.json() == {"error": f'drawn: `signature_name` must be {expected}. Received: "other".'}


def test_a_server_without_tensorflow(portable):
    command = [sys.executable, "-c", WITHOUT_TENSORFLOW, "serve", str(portable), "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as child:
        try:
            said = [child.stdout.readline() for _ in range(2)]
            assert said[0] == "drawn 1 is served.\n"
            body = json.dumps({"instances": np.zeros((2, 28, 28), int).tolist()}).encode()
            with urllib.request.urlopen(f"{said[1].split()[-1]}/v1/models/drawn:predict", body, 60) as answer:
                assert len(json.load(answer)["predictions"]) == 2
        finally:
            child.terminate()
        assert child.wait(30) == 0


def test_what_is_not_for_the_runtime_is_left_out(export, portable, tmp_path):
    with pytest.raises(InputError, match=r"no good one stands.*`runtime` must be one of tensorflow, as .* saved_model"):
        create([export], Settings(runtime="onnx"))
    with pytest.raises(InputError, match="`runtime` must be one of 'tensorflow', 'onnx'"):
        Settings(runtime="other")
    shutil.copytree(portable, tmp_path / "drawn" / "1")
    shutil.copytree(export, tmp_path / "drawn" / "2")
    said = []
    app = create([tmp_path], Settings(runtime="onnx", versions=2), report=lambda sentence, facts: said.append(sentence))
    assert list(app.state.repository.models["drawn"]) == [1]
    assert said[0].startswith("drawn 2 is left out: Exported: `runtime` must be one of tensorflow")


def test_which_runtimes_are_needed(export, portable, tmp_path):
    assert repository.runtimes_of([export]) == {"tensorflow"}
    assert repository.runtimes_of([portable]) == {"onnx"}
    assert repository.runtimes_of([portable], "tensorflow") == set()
    shutil.copytree(export, tmp_path / "drawn" / "1")
    shutil.copytree(portable, tmp_path / "drawn" / "2")
    (tmp_path / "drawn" / "3").mkdir()
    assert repository.runtimes_of([tmp_path]) == {"tensorflow", "onnx"}


def test_examples_that_came_along_are_asked_before_a_version_is_served(portable, tmp_path, monkeypatch):
    from tfnotes.serving.server import served

    asked = []

    class Watched(served.Exported):
        def ask(self, endpoint, *images, **inputs):
            outputs = super().ask(endpoint, *images, **inputs)
            if endpoint != "pixels" or images:
                return outputs
            asked.append(inputs["pixels"])
            # It breaks on what was drawn, not on what a server could make up.
            return outputs if len(asked) < 2 else {key: value * np.nan for key, value in outputs.items()}

    monkeypatch.setattr(served, "Exported", Watched)
    with pytest.raises(InputError, match="`pixels` must give finite numbers"):
        create([portable], Settings())
    stored = examples.of(portable, "pixels")["pixels"]
    assert stored.any()
    np.testing.assert_array_equal(asked[0], stored[:1])
    np.testing.assert_array_equal(asked[1], stored)

    folder = shutil.copytree(portable, tmp_path / "1")
    found = metadata.read(folder)
    (folder / examples.NAME).unlink()
    metadata.write(folder, {key: value for key, value in found.items() if key not in ("schema", "files")})
    asked.clear()
    create([folder], Settings())
    assert [one.shape for one in asked] == [(1, 28, 28)]
    assert examples.of(folder, "pixels") == {}
