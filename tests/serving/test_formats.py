"""What stands beside the SavedModel gives its numbers, in a process that has nothing else, or doesn't appear."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import pytest
import tensorflow as tf

from tfnotes.errors import InputError
from tfnotes.serving import examples, export, formats, metadata
from tfnotes.serving.add_format import add_format
from tfnotes.serving.exported import Exported
from tfnotes.training.run import Run

ALONE = Path(__file__).with_name("alone.py")


@pytest.fixture(scope="module")
def portable(trained, tmp_path_factory):
    """The export of the task `drawn`, with the format onnx added to it; and what was said."""
    folder = shutil.copytree(trained / "saved_models" / "drawn" / "1", tmp_path_factory.mktemp("portable") / "1")
    said = []
    assert add_format(folder, ["onnx"], said.append) == folder
    return folder, said


def test_a_process_with_onnxruntime_alone_gives_the_tested_figures(portable, drawn, tmp_path):
    folder, _ = portable
    test = drawn.source("drawn")(None).test
    np.savez(tmp_path / "examples.npz", x=test.x, y=test.y)
    command = [sys.executable, "-I", str(ALONE), str(folder), str(tmp_path / "examples.npz")]
    child = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert child.returncode == 0, child.stderr[-2000:]
    found, tested = json.loads(child.stdout), metadata.read(folder)["test"]
    assert np.float32(found["accuracy"]) == np.float32(tested["accuracy"])
    assert found["loss"] == pytest.approx(tested["loss"], rel=1e-5)


def test_the_files_say_the_shapes_that_the_metadata_say(portable):
    folder, _ = portable
    for name in ("pixels", "layers"):
        session = onnxruntime.InferenceSession(folder / "onnx" / f"{name}.onnx", providers=["CPUExecutionProvider"])
        said = metadata.read(folder)["endpoints"][name]
        for side, values in (("inputs", session.get_inputs()), ("outputs", session.get_outputs())):
            assert {value.name: value.shape for value in values} == {k: v["shape"] for k, v in said[side].items()}


def test_an_endpoint_that_gives_strings_too_keeps_its_numbers(tmp_path):
    def label(*, x):
        index = tf.argmax(x, axis=-1, output_type=tf.int32)
        return {"index": index, "label": tf.gather(tf.constant(["no", "yes"]), index)}

    spec = tf.TensorSpec((None, 2), tf.float32, name="x")
    signature = tf.function(label).get_concrete_function(x=spec)
    x = np.random.default_rng(0).normal(size=(32, 2)).astype("float32")
    np.savez(tmp_path / examples.NAME, **{"examples/x": x})
    assert formats.sort({"examples": signature}) == (["examples"], {})
    assert formats.add(tmp_path, "onnx", {"examples": signature}, ["examples"]) == {
        "examples": {"difference": 0.0, "without": ["label"]}
    }
    session = onnxruntime.InferenceSession(tmp_path / "onnx" / "examples.onnx", providers=["CPUExecutionProvider"])
    assert [output.name for output in session.get_outputs()] == ["index"]
    (index,) = session.run(None, {"x": x})
    np.testing.assert_array_equal(index, x.argmax(1))


@pytest.mark.parametrize("dtype", ["float32", "float64", "uint16"])
def test_numbers_of_any_dtype_are_taken(tmp_path, dtype):
    def doubled(*, x):
        return {"y": 2 * tf.cast(x, tf.float32)}

    signature = tf.function(doubled).get_concrete_function(x=tf.TensorSpec((None,), dtype, name="x"))
    np.savez(tmp_path / examples.NAME, **{"numbers/x": np.arange(32, dtype=dtype)})
    assert formats.add(tmp_path, "onnx", {"numbers": signature}, ["numbers"]) == {"numbers": {"difference": 0.0}}


def test_what_is_added_is_listed_and_what_cant_be_is_said(portable):
    folder, said = portable
    found = metadata.read(folder)
    assert list(found["formats"]) == ["saved_model", "onnx"]
    assert list(found["formats"]["onnx"]) == ["pixels", "layers"]
    assert 0 <= found["formats"]["onnx"]["pixels"]["difference"] < 1e-5
    assert found["files"] == metadata.sums(folder)
    assert said == ["onnx: without the endpoint encoded, which takes or gives strings; with pixels, layers."]
    assert not [path for path in folder.iterdir() if path.name.startswith(".")]


def test_a_runtime_is_one_that_the_export_is_for(portable, trained):
    folder, _ = portable
    assert Exported(folder).runtime == "tensorflow"
    assert list(Exported(folder, "onnx").endpoints) == ["pixels", "encoded", "layers"]
    with pytest.raises(InputError, match=r"`runtime` must be one of tensorflow, as .* holds saved_model"):
        Exported(trained / "saved_models" / "drawn", "onnx")
    with pytest.raises(InputError, match=r"the endpoint 'score'. .* which has pixels, encoded, layers for onnx"):
        Exported(folder, "onnx").ask("score", [b""])


def test_a_flipped_bit_of_a_format(portable, tmp_path):
    folder = shutil.copytree(portable[0], tmp_path / "1")
    content = bytearray((folder / "onnx" / "pixels.onnx").read_bytes())
    content[-1000] ^= 1
    (folder / "onnx" / "pixels.onnx").write_bytes(content)
    with pytest.raises(InputError, match=r"damaged \(onnx/pixels.onnx isn't the file that was exported"):
        Exported(folder, "onnx")
    assert Exported(folder, "tensorflow").runtime == "tensorflow"


def with_weights_elsewhere(model, where):
    """An ONNX file that reads its first weights from a file of that path."""
    weights = model.graph.initializer[0]
    weights.ClearField("raw_data")
    weights.data_location = onnx.TensorProto.EXTERNAL
    weights.external_data.add(key="location", value=str(where))
    return model.SerializeToString()


def test_a_file_of_a_format_that_is_no_model_or_reaches_out_of_its_folder(portable, drawn, tmp_path):
    folder = shutil.copytree(portable[0], tmp_path / "1")
    file, x = folder / "onnx" / "pixels.onnx", drawn.source("drawn")(None).test.x[:1]
    (tmp_path / "weights").write_bytes(bytes(10**6))
    about = {k: v for k, v in metadata.read(folder).items() if k not in ("schema", "files", "sha256")}
    outside = [with_weights_elsewhere(onnx.load(file), where) for where in (tmp_path / "weights", "../../weights")]
    for content in (b"no model", b"", *outside):
        file.write_bytes(content)
        metadata.write(folder, about)
        with pytest.raises(InputError, match=r"is damaged \(pixels can't be opened: "):
            Exported(folder, "onnx").ask("pixels", x)


def test_a_format_that_answers_otherwise_doesnt_appear(trained, tmp_path, monkeypatch):
    folder = shutil.copytree(trained / "saved_models" / "drawn" / "1", tmp_path / "1")
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    kind = formats.module("onnx")
    convert = kind.convert

    def wrong(signature):
        model = onnx.load_from_string(convert(signature))
        weights = max(model.graph.initializer, key=lambda tensor: len(tensor.raw_data))
        values = onnx.numpy_helper.to_array(weights) * np.float32(1.01)
        weights.CopyFrom(onnx.numpy_helper.from_array(values, weights.name))
        return model.SerializeToString()

    monkeypatch.setattr(kind, "convert", wrong)
    with pytest.raises(InputError, match=r"onnx must .* Received: `probabilities` of the endpoint pixels off by up to"):
        add_format(folder, ["onnx"])
    assert {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()} == before


def test_the_formats_that_a_run_is_exported_in(trained, drawn, tmp_path):
    run = Run.open(trained / "runs" / "drawn")
    said = []
    path = export.export(run, tmp_path, wanted=["onnx", "keras"], report=said.append)
    assert sorted(p.name for p in path.iterdir()) == ["examples.npz", "keras", "metadata.json", "onnx"]
    assert said == ["onnx: without the endpoint encoded, which takes or gives strings; with pixels, layers."]
    x = drawn.source("drawn")(None).test.x[:9]
    opened = Exported(tmp_path / "drawn")
    assert opened.runtime == "onnx"
    expected = Exported(trained / "saved_models" / "drawn").ask("pixels", x)
    np.testing.assert_allclose(opened.ask("pixels", x)["probabilities"], expected["probabilities"], rtol=1e-4)
    stored = tf.keras.models.load_model(path / "keras" / "model.keras")
    np.testing.assert_array_equal(stored(drawn.prepare(x)), run.model()(drawn.prepare(x)))
    with pytest.raises(InputError, match=r"with a SavedModel, .* Received: .*, which holds onnx, keras\.$"):
        add_format(path, ["onnx"])


def test_what_stands_in_the_way_of_a_conversion():
    def drawing(seed):
        return tf.random.stateless_uniform((2,), seed=seed)

    def inner(seed):
        return tf.while_loop(lambda k: k < 1.0, lambda k: (k + drawing(seed)[0],), (0.0,))

    def concrete(function, spec):
        return tf.function(function, input_signature=[spec]).get_concrete_function()

    functions = {
        "text": concrete(tf.strings.length, tf.TensorSpec((None,), tf.string)),
        "says": concrete(tf.strings.as_string, tf.TensorSpec((None,), tf.int32)),
        "draws": concrete(drawing, tf.TensorSpec((2,), tf.int32)),
        "inside": concrete(inner, tf.TensorSpec((2,), tf.int32)),
        "plain": concrete(tf.square, tf.TensorSpec((None,), tf.float32)),
    }
    good, reasons = formats.sort(functions)
    assert good == ["plain"]
    assert reasons == {
        "text": "takes or gives strings",
        "says": "takes or gives strings",
        "draws": "draws at random",
        "inside": "draws at random",
    }
    with pytest.raises(InputError, match=r"`format` must suit an endpoint .*: 'onnx', but text takes or gives strings"):
        formats.refuse_none("onnx", [], reasons)


def test_lengths_and_sizes_that_are_compared():
    specs = {"ids": tf.TensorSpec((None, None), tf.int32)}
    shapes = [p["ids"].shape for p in formats.pieces({"ids": np.zeros((32, 40), "int32")}, specs)]
    assert shapes == [(n, length) for n in (1, 5, 32) for length in (6, 21, 40)]


def test_a_table_beside_the_endpoint_is_no_cause_for_a_warning(tmp_path, caplog):
    """As a model of words has one, whose `ids` need none."""
    module = tf.Module()
    keys = tf.lookup.KeyValueTensorInitializer(["a", "b"], [1, 2], tf.string, tf.int32)
    module.table = tf.lookup.StaticHashTable(keys, 0)
    words = tf.TensorSpec((None,), tf.string, "x")
    texts = tf.function(lambda x: {"y": module.table.lookup(x)}, input_signature=[words])
    ids = tf.function(lambda x: {"y": 2 * x}, input_signature=[tf.TensorSpec((None,), tf.int32, "x")])
    tf.saved_model.save(module, str(tmp_path), {"texts": texts, "ids": ids})
    loaded = tf.saved_model.load(str(tmp_path))
    formats.module("onnx").convert(loaded.signatures["ids"])
    assert [record.getMessage() for record in caplog.records] == []
