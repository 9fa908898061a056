"""An export appears whole or not at all, says where it comes from, and needs nothing but TensorFlow."""

import dataclasses
import errno
import json
import os
import resource
import shutil
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace

import keras
import numpy as np
import pytest
import tensorflow as tf

from tfnotes import files
from tfnotes.errors import InputError
from tfnotes.serving import export as module
from tfnotes.serving.export import export
from tfnotes.serving.exported import Exported
from tfnotes.task import Endpoint, Via
from tfnotes.training.run import Run

ROOT = Path(__file__).parents[2]

CHILD = """
import sys
sys.modules["tfnotes"] = sys.modules["tfnotes_tasks"] = sys.modules["keras"] = None
import numpy as np
import tensorflow as tf
served = tf.saved_model.load(sys.argv[1]).signatures
x = np.load("x.npy")
assert list(served["serving_default"].structured_input_signature[1]) == ["pixels"]
for k, size in enumerate((1, 7, len(x))):
    answers = served["serving_default"](pixels=tf.constant(x[:size]))
    assert sorted(answers) == ["digit", "probabilities"], answers
np.savez("answers.npz", **{key: value.numpy() for key, value in answers.items()})
png = tf.io.encode_png(x[0][:, :, None]).numpy()
digit = served["encoded"](images=tf.constant([png] * 3))["digit"].numpy()
assert digit.tolist() == [answers["digit"].numpy()[0]] * 3
"""


@pytest.fixture
def run(drawn, trained):
    return Run.open(trained / "runs" / "drawn")


def everything_in(folder):
    return [path for path in folder.rglob("*") if path.is_file()] if folder.exists() else []


def test_a_process_with_plain_tensorflow_gets_the_runs_numbers(drawn, trained, run, tmp_path):
    test = drawn.source("drawn")(None).test
    np.save(tmp_path / "x.npy", test.x)
    path = trained / "saved_models" / "drawn" / "1"
    child = subprocess.run(
        [sys.executable, "-I", "-c", CHILD, str(path)],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert child.returncode == 0, child.stderr[-2000:]
    answers = np.load(tmp_path / "answers.npz")
    accuracy = np.mean(answers["digit"] == test.y)
    assert np.float32(accuracy) == np.float32(run.test()["accuracy"])
    logits = run.model().predict(drawn.prepare(test.x), verbose=0)
    expected = keras.ops.convert_to_numpy(keras.ops.softmax(logits))
    np.testing.assert_allclose(answers["probabilities"], expected, rtol=1e-5, atol=1e-7)


def test_metadata(run, trained):
    metadata = json.loads((trained / "saved_models" / "drawn" / "1" / "metadata.json").read_text("utf-8"))
    of_config = {"task", "model", "data", "fingerprint", "examples", "epochs", "batch_size", "learning_rate", "seed"}
    of_config |= {"patience", "layers", "settings"}
    for key in of_config:
        assert metadata[key] == run.config[key]
    own = {"schema", "metrics", "test", "labels", "decode", "versions", "git_commit", "formats", "endpoints"}
    assert set(metadata) - {"reject"} == of_config | own | {"files", "sha256"}
    assert metadata["metrics"] == run.metrics()[-1]
    assert metadata["test"] == run.test()
    assert metadata["labels"] == list("0123456789")
    assert metadata["decode"] == "images"
    off = metadata["formats"].pop("saved_model")
    assert (list(off), metadata["formats"]) == (["pixels", "encoded", "layers"], {})
    assert all(about.keys() == {"difference"} and 0 <= about["difference"] < 1e-3 for about in off.values())
    assert metadata["versions"]["keras"] == keras.__version__
    assert set(metadata["versions"]) == {"tfnotes", "python", "tensorflow", "keras", "numpy"}
    pixels, encoded, layers = metadata["endpoints"].values()
    assert list(metadata["endpoints"]) == ["pixels", "encoded", "layers"]
    assert pixels["inputs"]["pixels"]["shape"] == ["batch", 28, 28]
    assert pixels["inputs"]["pixels"]["dtype"] == "uint8"
    assert "255" in pixels["inputs"]["pixels"]["note"]
    assert pixels["outputs"]["probabilities"]["shape"] == ["batch", 10]
    assert encoded["inputs"]["images"]["dtype"] == "string"
    assert encoded["via"]["endpoint"] == "pixels"
    assert "centre of mass" in encoded["via"]["preparation"]
    assert layers["outputs"]["dense_1"]["shape"] == ["batch", 256]


def test_the_first_test_examples_go_along(drawn, trained):
    folder = trained / "saved_models" / "drawn" / "1"
    with np.load(folder / "examples.npz") as stored:
        assert sorted(stored.files) == ["layers/pixels", "pixels/pixels"]
        for value in stored.values():
            assert value.dtype == np.uint8
            np.testing.assert_array_equal(value, drawn.source("drawn")(None).test.x[:32])


def saved(folder, **functions):
    """Endpoints that a SavedModel holds, each of one input `x`, and the folder."""
    made = tf.Module()
    spec = tf.TensorSpec((None,), tf.float32, name="x")
    made.of = {name: tf.function(function, input_signature=[spec]) for name, function in functions.items()}
    tf.saved_model.save(made, str(folder), signatures=dict(made.of))
    return {name: Endpoint(function, (spec,)) for name, function in functions.items()}


def test_answers_are_compared_of_one_of_some_and_of_all(tmp_path, monkeypatch):
    endpoints = saved(tmp_path, one=lambda x: {"y": 2 * x}, two=lambda x: {"y": 3 * x})
    seen, off = [], iter([3.0, 9.0, 6.0, 0.5, 0.25, 0.0])

    def largest(name, where, got, wanted, allowed):
        np.testing.assert_allclose(got["y"], wanted["y"])
        seen.append((name, where, len(wanted["y"]), allowed))
        return next(off)

    monkeypatch.setattr(module.compared, "largest", largest)
    _, found = module._verify(tmp_path, endpoints, np.arange(32))
    same = module.compared.of_same_kernels
    assert seen == [(name, "the SavedModel", size, same) for name in ("one", "two") for size in (1, 5, 32)]
    assert found == {"one": 9.0, "two": 0.5}


def test_what_clients_need_lies_beside(tmp_path):
    via = Via("ids", "in words", lambda: {"words.json": ["\xe9t\xe9", "b"], "rules.json": {"a": 1}})
    numbers = (tf.TensorSpec((None,), tf.int16, name="ids"), tf.TensorSpec((), tf.float32, name="share"))
    text = (tf.TensorSpec((None,), tf.string, name="texts"),)
    endpoints = {"texts": Endpoint(print, text, via=via), "ids": Endpoint(print, numbers, lambda x: (x, 0.5))}
    module._store(tmp_path, endpoints, np.array([3, 4]))
    assert (tmp_path / "words.json").read_bytes() == '[\n"\xe9t\xe9",\n"b"\n]\n'.encode()
    assert json.loads((tmp_path / "rules.json").read_text()) == {"a": 1}
    with np.load(tmp_path / "examples.npz") as stored:
        found = {name: (value.tolist(), value.dtype.name) for name, value in stored.items()}
    assert found == {"ids/ids": ([3, 4], "int16"), "ids/share": (0.5, "float32")}


def test_what_was_learned_of_inputs_is_copied_with_the_model(tmp_path):
    (tmp_path / "model.keras").write_text("the model")
    prepare = keras.Sequential([keras.Input((2,)), keras.layers.Rescaling(3.0)])
    for name, of, wanted in (("a", prepare, ["model.keras", "prepare.keras"]), ("b", abs, ["model.keras"])):
        module._copy(tmp_path / name, SimpleNamespace(path=tmp_path), of)
        assert sorted(path.name for path in (tmp_path / name).iterdir()) == wanted
        assert (tmp_path / name / "model.keras").read_text() == "the model"
    assert float(keras.models.load_model(tmp_path / "a" / "prepare.keras")(np.ones((1, 2)))[0, 0]) == 3


def test_the_commit_of_the_working_directory(tmp_path, monkeypatch):
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    monkeypatch.chdir(tmp_path)
    assert module._commit() is None
    author = ["-c", "user.name=T", "-c", "user.email=t@localhost"]
    for command in (["init", "-q"], [*author, "commit", "-q", "--allow-empty", "-m", "first"]):
        subprocess.run(["git", *command], check=True)
    assert len(module._commit()) == 40
    monkeypatch.setenv("PATH", "")
    assert module._commit() is None


def test_versions_count_up(run, tmp_path):
    (tmp_path / "drawn" / "9").mkdir(parents=True)
    (tmp_path / "drawn" / "9" / "old").touch()
    (tmp_path / "drawn" / "notes").touch()
    # The folder is called after the task, whatever the run's is called.
    path = export(Run.open(shutil.copytree(run.path, tmp_path / "mine")), tmp_path)
    assert path == tmp_path / "drawn" / "10"
    assert Exported(tmp_path / "drawn").path == path


def test_what_a_killed_export_left_is_swept(run, tmp_path):
    killed = subprocess.Popen([sys.executable, "-c", ""])
    killed.wait()
    for process in (killed.pid, os.getppid()):
        (tmp_path / "drawn" / f".1.partial-{process}" / "variables").mkdir(parents=True)
    export(run, tmp_path)
    assert sorted(path.name for path in (tmp_path / "drawn").iterdir()) == [f".1.partial-{os.getppid()}", "1"]


def test_a_version_taken_meanwhile_is_left_alone(run, tmp_path, monkeypatch):
    verify = module._verify

    def other_is_faster(*arguments):
        other = tmp_path / "drawn" / "1"
        if not other.exists():
            other.mkdir(parents=True)
            (other / "theirs").write_text("stays")
        return verify(*arguments)

    monkeypatch.setattr(module, "_verify", other_is_faster)
    assert export(run, tmp_path) == tmp_path / "drawn" / "2"
    assert [path.name for path in (tmp_path / "drawn" / "1").iterdir()] == ["theirs"]
    assert sorted(path.name for path in (tmp_path / "drawn").iterdir()) == ["1", "2"]


def test_two_exports_at_once(run, tmp_path):
    command = "from tfnotes.cli import main; main()"
    environment = {
        **os.environ,
        "PYTHONPATH": os.pathsep.join([str(ROOT / "tests" / "serving" / "drawn"), str(ROOT)]),
    }
    both = [
        subprocess.Popen(
            [sys.executable, "-c", command, "export", str(run.path), "--to", str(tmp_path)],
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for _ in range(2)
    ]
    outputs = [process.communicate() for process in both]
    assert [process.returncode for process in both] == [0, 0], outputs
    assert {out.splitlines()[0] for out, _ in outputs} == {
        f"{tmp_path / 'drawn' / version} holds the SavedModel. Next:" for version in "12"
    }
    assert [errors for _, errors in outputs] == ["", ""]
    assert sorted(path.name for path in (tmp_path / "drawn").iterdir()) == ["1", "2"]
    for version in "12":
        assert Exported(tmp_path / "drawn" / version).metadata["test"] == run.test()


@contextmanager
def largest_file(size):
    """Files can't grow further, as on a full disk; Python ignores the signal, so writing fails."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_a_full_disk_leaves_nothing(run, tmp_path):
    with largest_file(300_000), pytest.raises(OSError, match="File too large") as failure:
        export(run, tmp_path)
    assert failure.value.filename == str(tmp_path / "drawn")
    assert everything_in(tmp_path) == []


@pytest.mark.parametrize("step", ["sync", "rename"])
def test_a_disk_full_at_the_end_leaves_nothing(run, tmp_path, monkeypatch, step):
    def full(*paths):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(paths[0]))

    if step == "sync":
        monkeypatch.setattr(files, "_sync", full)
    else:
        monkeypatch.setattr(files.os, "replace", full)
    with pytest.raises(OSError, match="No space left"):
        export(run, tmp_path)
    assert everything_in(tmp_path) == []


def test_an_export_that_answers_differently_is_refused(run, tmp_path, monkeypatch):
    write = module._write

    def wrong(folder, parts, endpoints):
        kernel = parts[0].trainable_variables[-2]
        right = kernel.numpy()
        kernel.assign(right * 1.001)
        write(folder, parts, endpoints)
        kernel.assign(right)

    monkeypatch.setattr(module, "_write", wrong)
    with pytest.raises(
        InputError, match=r"Received: `probabilities` of the endpoint pixels off by"
    ):
        export(run, tmp_path)
    assert everything_in(tmp_path) == []


def test_every_endpoint_is_checked(run, tmp_path, monkeypatch):
    def shifted(folder, parts, endpoints):
        right = endpoints["encoded"]
        wrong = dataclasses.replace(
            right, function=lambda files: {k: v + 1 for k, v in right.function(files).items()}
        )
        write(folder, parts, {**endpoints, "encoded": wrong})

    write = module._write
    monkeypatch.setattr(module, "_write", shifted)
    with pytest.raises(InputError, match=r"Received: `digit` of the endpoint encoded off by up to 1,"):
        export(run, tmp_path)
    assert everything_in(tmp_path) == []


def test_a_run_without_a_finished_epoch(drawn, run, tmp_path):
    fresh = Run.create(tmp_path / "fresh", run.config)
    with pytest.raises(InputError, match=r"`run` must have finished an epoch"):
        export(fresh, tmp_path / "to")
    assert not (tmp_path / "to").exists()


def test_unwritable(run, tmp_path):
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(OSError, match=r"Not a directory|File exists"):
        export(run, tmp_path / "file")
    assert (tmp_path / "file").read_text() == "in the way"


def test_no_export(trained, tmp_path):
    for path in (tmp_path, tmp_path / "nowhere", trained / "runs" / "drawn", trained / "saved_models"):
        with pytest.raises(InputError, match=r"Exported: `export` must be the folder of an export"):
            Exported(path)


@pytest.mark.parametrize("name", ["metadata.json", "saved_model.pb", "variables/variables.index"])
@pytest.mark.parametrize("damage", ["cut", "garbage"])
def test_a_damaged_export(trained, tmp_path, name, damage):
    folder = tmp_path / "1"
    shutil.copytree(trained / "saved_models" / "drawn" / "1", folder)
    whole = (folder / name).read_bytes()
    (folder / name).write_bytes(whole[: len(whole) // 2] if damage == "cut" else b"\x01garbage")
    with pytest.raises(InputError, match=r"Exported: .* is damaged \(.+\)\.$"):
        Exported(folder)


def test_an_export_of_another_program(trained, tmp_path):
    tf.saved_model.save(tf.Module(), str(tmp_path))
    (tmp_path / "metadata.json").write_text("{}")
    with pytest.raises(InputError, match="is damaged"):
        Exported(tmp_path)


def test_the_data_are_those_that_are_asked_for(tmp_path):
    asked, told = [], []

    def read(data_dir):
        asked.append(data_dir)
        raise InputError("asked")

    about = SimpleNamespace(labels=("a",), decode=None)
    setup = SimpleNamespace(task=about, trained=lambda run: (run, None), read=read, selected=None)
    run = SimpleNamespace(setup=lambda: setup, config={}, metrics=list, test=dict)
    for data_dir in (None, "where"):
        with pytest.raises(InputError, match="asked"):
            export(run, tmp_path, data_dir, progress=lambda *steps: told.append(steps))
    assert (asked, told) == ([None, "where"], [(1, 3)] * 2)
    assert list(tmp_path.iterdir()) == []


def test_what_a_format_needs_is_looked_for_before_anything_is_done(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "onnxruntime", None)
    for options, sentence in (
        ({"wanted": ["keras", "onnx"]}, "the format onnx needs onnxruntime"),
        ({"wanted": ["onnx"], "quantize": "dynamic"}, "`quantize` must be for the format litert"),
        ({"wanted": ["litert"], "quantize": "dynamic", "accuracy_loss": 1.5}, "`accuracy_loss` must be a finite"),
    ):
        with pytest.raises(InputError, match=sentence):
            export("never opened", tmp_path, **options)
