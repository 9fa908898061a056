"""What stands beside the SavedModel gives its numbers, in a process that has nothing else, or doesn't appear."""

import json
import logging
import re
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
from tfnotes.serving.formats.unsuited import Unsuited
from tfnotes.task import Endpoint
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
    told = []
    wanted = ["onnx", "keras"]
    path = export.export(
        run, tmp_path, wanted=wanted, report=said.append, progress=lambda *steps: told.append(steps)
    )
    assert told == [(1, 4), (2, 4), (3, 4)]
    about = metadata.read(path)["formats"]
    assert (list(about), about["keras"]) == (wanted, {})
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


def signature_of(function, **specs):
    return tf.function(function).get_concrete_function(**{k: tf.TensorSpec(*spec, name=k) for k, spec in specs.items()})


class Kind:
    """A format whose files are what is said of them."""

    ENDING = ".file"

    def __init__(self, **contents):
        self.contents, self.asked = contents, []

    def convert(self, signature, **options):
        content = next(self.contents[name] for name in self.contents if name in signature.structured_outputs)
        self.asked.append(options)
        if isinstance(content, Exception):
            raise content
        return content


class Runs:
    """Its runtime: off by half of what the file says."""

    def __init__(self, folder, about):
        ((format, endpoints),) = about["formats"].items()
        (self.name,) = endpoints
        self.off = float((folder / format / f"{self.name}.file").read_bytes()) / 2

    def ask(self, name, given):
        assert name == self.name
        if self.off > 100:
            raise RuntimeError("it stops\nhere")
        # The more examples, the more it is off.
        return {key: 2.0 * given["x"] + self.off * len(given["x"]) / 32 for key in ("a", "b")}


def twice(name):
    return lambda *, x: {name: 2.0 * x}


@pytest.fixture
def kind(monkeypatch, tmp_path):
    """Makes the format onnx one of these, for endpoints `a` and `b` of the output of their name."""
    np.savez(tmp_path / examples.NAME, **{f"{name}/x": np.ones(40, "float32") for name in "ab"})

    def of(**contents):
        made = Kind(**contents)
        monkeypatch.setattr(formats, "module", lambda name: made)
        monkeypatch.setattr(formats.runtimes, "load", lambda name: Runs)
        return made, {name: signature_of(twice(name), x=((None,), tf.float32)) for name in contents}

    return of


def test_what_is_added_is_compared_of_all_sizes(kind, tmp_path):
    made, signatures = kind(a=b"0", b=b"4e-5")
    said = []
    found = formats.add(tmp_path, "onnx", signatures, ["a", "b"], said.append)
    assert found == {"a": {"difference": 0.0}, "b": {"difference": pytest.approx(2e-5, rel=0.02)}}
    assert (said, made.asked) == ([], [{}, {}])
    assert {path.name: path.read_bytes() for path in (tmp_path / "onnx").iterdir()} == {
        "a.file": b"0",
        "b.file": b"4e-5",
    }


def test_what_is_quantized_may_be_off_and_says_so(kind, tmp_path):
    made, signatures = kind(a=b"64")
    found = formats.add(tmp_path, "litert", signatures, ["a"], quantize="float16")
    assert found == {"a": {"difference": 32.0, "quantize": "float16"}}
    assert made.asked == [{"quantize": "float16"}]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (ValueError("lacking\nin detail"), "export: the endpoint a can't be converted to onnx (lacking)."),
        (Unsuited("needs Roll"), "export: `format` must suit an endpoint .* Received: 'onnx', but a needs Roll."),
        (b"1e9", "export: onnx can't run the endpoint a (it stops)."),
        (b"1", "export: onnx must give .* Received: `a` of the endpoint a off by up to 0.015625, so nothing"),
    ],
)
def test_why_an_endpoint_isnt_added(kind, tmp_path, content, sentence):
    _, signatures = kind(a=content)
    with pytest.raises(InputError, match=re.escape(sentence).replace(r"\.\*", ".*")):
        formats.add(tmp_path, "onnx", signatures, ["a"])
    assert isinstance(content, bytes) or not (tmp_path / "onnx").exists()


def test_an_endpoint_that_isnt_suited_is_told_of(kind, tmp_path):
    _, signatures = kind(a=Unsuited("needs Roll"), b=b"0")
    said = []
    assert list(formats.add(tmp_path, "onnx", signatures, ["a", "b"], said.append)) == ["b"]
    assert said == ["onnx: without the endpoint a, which needs Roll; with b."]


def test_scalars_are_given_as_they_are_and_short_texts_whole():
    specs = {"ids": tf.TensorSpec((None, None)), "seed": tf.TensorSpec(()), "fixed": tf.TensorSpec((None, 4))}
    inputs = {"ids": np.arange(12).reshape(6, 2), "seed": np.array(7), "fixed": np.ones((6, 4))}
    found = list(formats.pieces(inputs, specs))
    shapes = [(p["ids"].shape, p["seed"].shape, p["fixed"].shape) for p in found]
    assert shapes == [((n, length), (), (n, 4)) for n in (1, 5, 6) for length in (1, 2)]
    np.testing.assert_array_equal(found[2]["ids"], inputs["ids"][:5, :1])
    one = {"ids": np.ones((3, 1))}
    assert [p["ids"].shape for p in formats.pieces(one, {"ids": specs["ids"]})] == [(1, 1), (3, 1), (3, 1)]
    assert [p["fixed"].shape for p in formats.pieces({"fixed": inputs["fixed"]}, {"fixed": specs["fixed"]})] == [
        (1, 4),
        (5, 4),
        (6, 4),
    ]


def test_classes_that_are_drawn_and_strings_on_either_side():
    picks = signature_of(lambda *, x: {"y": tf.random.categorical(x, 1)}, x=((None, 3), tf.float32))
    mixed = signature_of(lambda *, x, s: {"y": x}, x=((None,), tf.float32), s=((), tf.string))
    assert formats.sort({"picks": picks, "mixed": mixed})[1] == {
        "picks": "draws at random",
        "mixed": "takes or gives strings",
    }


def test_every_format_is_told_what_it_cant_hold():
    text = tf.TensorSpec((None,), tf.string, name="t")
    ways = {
        "texts": Endpoint(tf.strings.length, (text,)),
        "twice": Endpoint(lambda x: {"y": 2 * x}, (tf.TensorSpec((None,), tf.float32, name="x"),)),
        "drawn": Endpoint(
            lambda k: {"y": tf.random.stateless_uniform((2,), (k, 1))}, (tf.TensorSpec((), tf.int32, name="k"),)
        ),
    }
    said = []
    assert formats.portable(ways, ["onnx", "litert"], said.append) == ["twice"]
    reasons = {"texts": "takes or gives strings", "drawn": "draws at random"}
    assert said == [
        f"{format}: without the endpoint {name}, which {reason}; with twice."
        for format in ("onnx", "litert")
        for name, reason in reasons.items()
    ]
    del ways["twice"]
    with pytest.raises(InputError) as caught:
        formats.portable(ways, ["litert"], said.append)
    assert str(caught.value) == (
        "export: `format` must suit an endpoint of the model. Received: 'litert', but texts takes or gives strings; "
        "drawn draws at random."
    )


@pytest.mark.parametrize("lacking", ["onnx", "tf2onnx", "onnxruntime"])
def test_onnx_needs_three_packages(monkeypatch, lacking):
    monkeypatch.setitem(sys.modules, lacking, None)
    with pytest.raises(InputError, match=f"^export: the format onnx needs {lacking}, of the extra `onnx`: pip install"):
        formats.module("onnx").check()


def test_an_operation_that_onnx_has_not(monkeypatch):
    import tf2onnx

    twice = signature_of(lambda *, x: {"y": 2.0 * x}, x=((None, 3), tf.float32))
    model = onnx.load_from_string(formats.module("onnx").convert(twice))
    assert [opset.version for opset in model.opset_import if opset.domain == ""] == [18]
    for name in ("Roll", "Roll", "Acosh"):
        model.graph.node.add(op_type=name, domain="of.tensorflow")
    monkeypatch.setattr(tf2onnx.convert, "from_function", lambda *given, **options: (model, None))
    with pytest.raises(ValueError, match=r"^ONNX has no Acosh, Roll$"):
        formats.module("onnx").convert(twice)
    # Nothing goes on being held back of what TensorFlow says.
    assert not logging.getLogger("tensorflow").filters


@pytest.fixture
def small(tmp_path):
    """An export of three small endpoints, made by hand."""
    made, dtypes = tf.Module(), {"encoded": "string", "pixels": "float32", "layers": "float32"}
    made.of = {
        name: tf.function(lambda x: {"y": tf.identity(x)}, input_signature=[tf.TensorSpec((None,), dtype, "x")])
        for name, dtype in dtypes.items()
    }
    tf.saved_model.save(made, str(tmp_path / "1"), signatures=dict(made.of))
    np.savez(tmp_path / "1" / examples.NAME, **{f"{name}/x": np.ones(2, "float32") for name in ("pixels", "layers")})
    tensors = {name: {"shape": ["batch"], "dtype": dtype} for name, dtype in dtypes.items()}
    ways = {name: {"inputs": {"x": tensor}, "outputs": {"y": tensor}} for name, tensor in tensors.items()}
    about = {"task": "t", "model": "m", "data": "d", "labels": [], "decode": None, "endpoints": ways}
    metadata.write(tmp_path / "1", {**about, "formats": {"saved_model": {name: {} for name in ways}}})
    return tmp_path / "1"


def test_what_is_asked_of_a_format_that_is_added(small, monkeypatch):
    folder, added, measured = small, [], []

    def add(aside, name, signatures, good, report, quantize):
        assert (aside / examples.NAME).is_file()
        assert sorted(signatures)[:1] == ["encoded"]
        added.append((name, good, quantize))
        report("said")
        (aside / name).mkdir()
        for endpoint in good:
            (aside / name / f"{endpoint}.{'onnx' if name == 'onnx' else 'tflite'}").write_text(name)
        return {endpoint: {"difference": 0.5} for endpoint in good}

    def measure(found, aside, exact, most, data_dir):
        assert metadata.read(aside)["formats"] == {"litert": found}
        measured.append((exact.runtime, exact.path, most, data_dir))
        found["pixels"]["accuracy"] = {"before": 1.0, "after": 0.5}

    adding = sys.modules[add_format.__module__]
    monkeypatch.setattr(adding.formats, "add", add)
    monkeypatch.setattr(adding.quantized, "measure", measure)
    # What a process left that was killed before metadata.json told of it.
    (folder / "onnx").mkdir()
    (folder / "onnx" / "left").touch()
    said = []
    wanted = ["onnx", "litert"]
    assert add_format(folder, wanted, said.append, "float16", 0.25, "data") == folder
    assert added == [("onnx", ["pixels", "layers"], None), ("litert", ["pixels", "layers"], "float16")]
    assert measured == [("tensorflow", folder, 0.25, "data")]
    assert sorted(path.name for path in (folder / "onnx").iterdir()) == ["layers.onnx", "pixels.onnx"]
    about = metadata.read(folder)
    assert list(about["formats"]) == ["saved_model", *wanted]
    assert about["formats"]["litert"] == {
        "pixels": {"difference": 0.5, "accuracy": {"before": 1.0, "after": 0.5}},
        "layers": {"difference": 0.5},
    }
    assert about["files"] == metadata.sums(folder)
    sentence = "without the endpoint encoded, which takes or gives strings; with pixels, layers."
    assert said == [f"onnx: {sentence}", "said", f"litert: {sentence}", "said"]
    # What stands is left as it is.
    assert add_format(folder, wanted) == folder
    assert len(added) == 2
    (folder / examples.NAME).unlink()
    kept = {key: value for key, value in about.items() if key not in ("schema", "files", "sha256")}
    metadata.write(folder, kept)
    with pytest.raises(InputError) as caught:
        add_format(folder, wanted)
    assert str(caught.value) == (
        "export: `add-format` must be of an export with examples.npz, which later versions of tfnotes write; "
        f"export the run again. Received: {folder}."
    )
