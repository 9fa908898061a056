"""What quantizing costs is measured on the test split, noted, and refused where it is too much."""

import shutil
import subprocess
import sys
from types import SimpleNamespace

import numpy as np
import pytest

from tfnotes.errors import InputError
from tfnotes.serving import evaluate, export, metadata
from tfnotes.serving.add_format import add_format
from tfnotes.serving.exported import Exported
from tfnotes.serving.formats import quantized
from tfnotes.training.run import Run

CHILD = """
import sys
for name in ("tensorflow", "keras", "tfnotes", "tfnotes_tasks"):
    sys.modules[name] = None
import numpy as np
from ai_edge_litert.interpreter import Interpreter
run = Interpreter(sys.argv[1] + "/litert/pixels.tflite").get_signature_runner()
x, y = np.load("x.npy"), np.load("y.npy")
print(np.mean([run(pixels=x[k : k + 1])["digit"][0] == y[k] for k in range(len(x))]))
"""


@pytest.fixture
def folder(trained, drawn, tmp_path):
    return shutil.copytree(trained / "saved_models" / "drawn" / "1", tmp_path / "1")


def state(folder):
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_of_a_run_without_a_saved_model(trained, drawn, tmp_path):
    run = Run.open(trained / "runs" / "drawn")
    path = export.export(run, tmp_path, wanted=["litert"], quantize="dynamic")
    assert sorted(p.name for p in path.iterdir()) == ["examples.npz", "litert", "metadata.json"]
    about = metadata.read(path)["formats"]["litert"]["pixels"]
    assert about["quantize"] == "dynamic"
    assert 0 < about["difference"] < 0.1
    test = drawn.source("drawn")(None).test
    assert about["accuracy"]["before"] == pytest.approx(run.test()["accuracy"], abs=1e-6)
    np.save(tmp_path / "x.npy", test.x)
    np.save(tmp_path / "y.npy", test.y)
    child = [sys.executable, "-I", "-c", CHILD, str(path)]
    out = subprocess.run(child, cwd=tmp_path, capture_output=True, text=True, check=True).stdout
    assert float(out.splitlines()[-1]) == pytest.approx(about["accuracy"]["after"])
    assert Exported(path).runtime == "litert"


def test_it_is_measured_with_the_data_of_the_run(trained, drawn, tmp_path, monkeypatch):
    asked, added = [], []

    def noted(found, aside, exact, accuracy_loss, data_dir):
        assert (found, exact.runtime) == ({"of": "litert"}, "tensorflow")
        asked.append((accuracy_loss, data_dir))
        raise InputError("asked")

    def add(aside, name, signatures, names, report, quantize):
        added.append((name, names, quantize))
        (aside / name).mkdir()
        for endpoint in names:
            (aside / name / f"{endpoint}.onnx").touch()
        return {"of": name} if name == "litert" else {endpoint: {} for endpoint in names}

    monkeypatch.setattr(quantized, "measure", noted)
    monkeypatch.setattr(export.formats, "add", add)
    monkeypatch.setattr(export.metadata_file, "write", lambda aside, about: written.append(about["formats"]["litert"]))
    monkeypatch.setattr(export, "Exported", lambda *given, trust: SimpleNamespace(runtime=given[1]))
    written = []
    run = Run.open(trained / "runs" / "drawn")
    run.config["data_dir"] = "of the run"
    for given in (None, "another"):
        with pytest.raises(InputError, match="asked"):
            export.export(
                run, tmp_path, data_dir=given, wanted=["onnx", "litert"], quantize="dynamic", accuracy_loss=0.2
            )
    assert asked == [(0.2, "of the run"), (0.2, "another")]
    assert added == [("onnx", ["pixels", "layers"], None), ("litert", ["pixels", "layers"], "dynamic")] * 2
    assert written == [{"of": "litert"}] * 2


def test_added_to_an_export_that_stands(folder):
    said = []
    add_format(folder, ["litert", "onnx"], said.append, quantize="float16")
    found = metadata.read(folder)
    about = found["formats"]["litert"]["pixels"]
    assert (about["quantize"], set(found["formats"]["onnx"]["pixels"])) == ("float16", {"difference"})
    assert about["accuracy"]["before"] == about["accuracy"]["after"] == 0.96
    assert found["files"] == metadata.sums(folder)
    assert not [path for path in folder.iterdir() if path.name.startswith(".")]
    with pytest.raises(InputError, match=r"`quantize` must be for a format that isn't there yet\. .* holds litert"):
        add_format(folder, ["litert"], quantize="dynamic")


def test_too_great_a_loss_leaves_nothing(folder, monkeypatch):
    before, of = state(folder), evaluate.evaluate_export

    def worse(exported, **where):
        figures = of(exported, **where)
        return {**figures, "accuracy": figures["accuracy"] - 0.015 * (exported.runtime == "litert")}

    monkeypatch.setattr(evaluate, "evaluate_export", worse)
    sentence = r"Received: accuracy_loss=0\.01, but dynamic takes the accuracy from 0\.9600 to 0\.9450, so nothing"
    with pytest.raises(InputError, match=sentence):
        add_format(folder, ["litert"], quantize="dynamic")
    assert state(folder) == before
    add_format(folder, ["litert"], quantize="dynamic", accuracy_loss=0.02)
    noted = metadata.read(folder)["formats"]["litert"]["pixels"]["accuracy"]
    assert noted == {"before": 0.96, "after": pytest.approx(0.945)}


def test_an_accuracy_that_rises_costs_nothing(monkeypatch):
    class Export:
        runtime = "tensorflow"

        def __init__(self, folder=None, runtime="tensorflow"):
            self.runtime = runtime

        def endpoint(self, name):
            return {"outputs": {"probabilities": {}}}

        def answering(self, name):
            return "pixels"

    monkeypatch.setattr(quantized, "Exported", Export)
    monkeypatch.setattr(
        quantized.evaluate, "evaluate_export", lambda e, data_dir: {"accuracy": 0.5 + 0.25 * (e.runtime == "litert")}
    )
    found = {"pixels": {"quantize": "dynamic"}}
    quantized.measure(found, None, Export(), 0.0)
    assert found["pixels"]["accuracy"] == {"before": 0.5, "after": 0.75}


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        ({"quantize": "int4"}, "`quantize` must be one of 'dynamic', 'float16'"),
        ({"quantize": "dynamic", "accuracy_loss": 2}, "`accuracy_loss` must be a finite number at least 0 and at most"),
        ({"quantize": "dynamic", "wanted": ["onnx"]}, "`quantize` must be for the format litert"),
    ],
)
def test_settings_that_cant_be(folder, settings, sentence):
    before = state(folder)
    with pytest.raises(InputError, match=sentence):
        add_format(folder, settings.pop("wanted", ["litert"]), **settings)
    assert state(folder) == before


def test_a_model_without_accuracy(folder, monkeypatch):
    before, of = state(folder), Exported.endpoint
    monkeypatch.setattr(Exported, "endpoint", lambda self, name: {**of(self, name), "outputs": {"codes": {}}})
    with pytest.raises(InputError, match=r"must be for a classifier, whose accuracy .* Received: .* gives codes"):
        add_format(folder, ["litert"], quantize="dynamic")
    assert state(folder) == before


@pytest.mark.parametrize("most", [0.25, 0.125])
def test_an_accuracy_that_falls_as_far_as_it_may(monkeypatch, most):
    seen = []

    class Export:
        def __init__(self, folder, runtime="tensorflow"):
            self.folder, self.runtime = folder, runtime

        def endpoint(self, name):
            return {"outputs": {"probabilities": {}}}

        def answering(self, name):
            assert (name, self.runtime) == ("serving_default", "litert")
            return "second"

    def measured(exported, data_dir):
        seen.append((exported.folder, exported.runtime, data_dir))
        return {"accuracy": 0.75 if exported.runtime == "tensorflow" else 0.5}

    monkeypatch.setattr(quantized, "Exported", Export)
    monkeypatch.setattr(quantized.evaluate, "evaluate_export", measured)
    found = {"first": {"quantize": "float16"}, "second": {"quantize": "float16"}}
    if most < 0.25:
        sentence = "accuracy_loss=0.125, but float16 takes the accuracy from 0.7500 to 0.5000, so nothing was exported"
        with pytest.raises(InputError, match=sentence):
            quantized.measure(found, "aside", Export("exact"), most, "data")
        return
    quantized.measure(found, "aside", Export("exact"), most, "data")
    assert found == {
        "first": {"quantize": "float16"},
        "second": {"quantize": "float16", "accuracy": {"before": 0.75, "after": 0.5}},
    }
    assert seen == [("exact", "tensorflow", "data"), ("aside", "litert", "data")]


@pytest.mark.parametrize(("most", "fits"), [(0, True), (1, True), (-0.01, False), (1.01, False), (None, False)])
def test_how_much_accuracy_may_be_lost(most, fits):
    if fits:
        quantized.check("dynamic", most, ["onnx", "litert"])
        return
    with pytest.raises(InputError, match="export: `accuracy_loss` must be a finite number at least 0 and at most 1"):
        quantized.check("dynamic", most, ["litert"])


def test_quantizing_what_isnt_litert():
    with pytest.raises(InputError) as caught:
        quantized.check("dynamic", 0.1, ["onnx", "keras"])
    assert str(caught.value) == (
        "export: `quantize` must be for the format litert. Received: quantize='dynamic' for onnx, keras."
    )
    quantized.refuse_standing("litert", None, "there")
    quantized.refuse_standing("onnx", "dynamic", "there")
