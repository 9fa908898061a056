"""A run's model as a SavedModel that plain TensorFlow serves, and in the formats of other runtimes beside it.

    saved_models/<task>/<version>/   saved_model.pb, variables/, ...   the endpoints of the task
                                     onnx/<endpoint>.onnx, ...         those that can stand elsewhere
                                     keras/model.keras                 the model as Keras stores it
                                     examples.npz                      inputs of the endpoints, to check with
                                     vocabulary.json, ...              what a client needs for an endpoint
                                     metadata.json                     where the model comes from, what is there

The first endpoint is also `serving_default`. The number of examples in a batch is open.
"""

import json
import shutil
import subprocess
from pathlib import Path

import keras
import numpy as np
import tensorflow as tf

from tfnotes import files
from tfnotes.errors import reason
from tfnotes.serving import compared, decoders, formats
from tfnotes.serving import metadata as metadata_file
from tfnotes.serving.endpoints import arguments, described
from tfnotes.serving.endpoints import endpoints as endpoints_of
from tfnotes.serving.examples import NAME as EXAMPLES
from tfnotes.serving.exported import Exported, last_version
from tfnotes.serving.formats import quantized
from tfnotes.training import config as configs

_FROM_CONFIG = (
    *("task", "model", "data", "fingerprint", "examples"),
    *("epochs", "batch_size", "learning_rate", "seed", "patience", "layers", "settings"),
)


def export(
    run,
    to="saved_models",
    data_dir=None,
    wanted=("saved_model",),
    report=lambda sentence: None,
    quantize=None,
    accuracy_loss=0.01,
    progress=lambda done, total: None,
):
    """Writes a run's model as the next version of its task; the folder appears whole or not at all.

    Before it appears it is loaded back, and each endpoint, in each format, must give the model's own answers to
    examples of the test split.

    Args:
        run: a `tfnotes.training.run.Run` with at least one finished epoch.
        to: folder for the exports of all tasks.
        data_dir: the data folder, None for the run's own.
        wanted: names of formats, of `tfnotes.serving.formats.ALL`.
        report: called with one sentence for each endpoint that a format can't hold.
        quantize: how the format litert holds weights: "dynamic" in 8 bits, "float16", or None as they are.
        accuracy_loss: how much of the accuracy on the test split `quantize` may cost.
        progress: called with the steps that are done, and how many there are.

    Returns:
        The path of the version's folder.

    Raises:
        InputError: no epoch is finished, the data aren't there, no endpoint suits a format, the answers differ, or
            the accuracy falls too far.
        OSError: it can't be written.
    """
    if quantize:
        quantized.check(quantize, accuracy_loss, wanted)
    converted = [name for name in wanted if name in ("onnx", "litert")]
    for name in converted:
        formats.module(name).check()
    setup = run.setup()
    # The model is opened, written, and compared; each further format takes as long.
    task, steps = setup.task, 3 + len(converted)
    model, prepare = setup.trained(run)
    progress(1, steps)
    metadata = {
        **{key: run.config.get(key) for key in _FROM_CONFIG},
        "metrics": (run.metrics() or [None])[-1],
        "test": run.test(),
        "labels": list(task.labels),
        "decode": decoders.kind(task.decode),
        "versions": configs.versions(),
        "git_commit": _commit(),
    }
    splits = setup.selected(setup.read(data_dir=data_dir))
    examples = setup.part(splits, "test").take(slice(32)).x
    reject = task.reject(splits) if task.reject else None
    endpoints = endpoints_of(task, setup.recipe, model, prepare, examples, reject)
    if reject:
        metadata["reject"] = reject.described()
    portable = formats.portable(endpoints, converted, report) if converted else []
    folder = Path(to) / task.name
    if folder.is_dir():
        files.sweep(folder, locked=False)
    while True:
        path = folder / str(last_version(folder) + 1)
        try:
            with files.write_aside(path) as aside:
                _write(aside, [model, prepare], endpoints)
                progress(2, steps)
                written, off = _verify(aside, endpoints, examples)
                _store(aside, endpoints, examples)
                found = {"saved_model": {name: {"difference": value} for name, value in off.items()}}
                for number, name in enumerate(converted, 3):
                    progress(number, steps)
                    kind = quantize if name == "litert" else None
                    found[name] = formats.add(aside, name, written.signatures, portable, report, kind)
                if "keras" in wanted:
                    found["keras"] = {}
                    _copy(aside / "keras", run, prepare)
                ways = {name: described(e, written.signatures[name]) for name, e in endpoints.items()}
                if quantize and "litert" in found:
                    metadata_file.write(aside, {**metadata, "formats": found, "endpoints": ways})
                    where = data_dir or run.config.get("data_dir")
                    exact = Exported(aside, "tensorflow", trust=True)
                    quantized.measure(found["litert"], aside, exact, accuracy_loss, where)
                if "saved_model" not in wanted:
                    del found["saved_model"]
                    _remove_saved_model(aside)
                metadata_file.write(aside, {**metadata, "formats": found, "endpoints": ways})
            return path
        except OSError:
            # Another export took this version in the meantime: this one is the next.
            if not path.exists():
                raise
        except tf.errors.OpError as error:
            raise OSError(None, reason(error), str(folder)) from error


def _write(folder, parts, endpoints):
    archive = keras.export.ExportArchive()
    for part in parts:
        if isinstance(part, keras.layers.Layer):
            archive.track(part)
    for name, endpoint in endpoints.items():
        archive.add_endpoint(name, endpoint.function, input_signature=list(endpoint.signature))
    archive.write_out(folder, verbose=False)


def _copy(folder, run, prepare):
    """The model and what it learned of its inputs as Keras stores them."""
    folder.mkdir()
    shutil.copy(run.path / "model.keras", folder)
    if isinstance(prepare, keras.Model):
        prepare.save(folder / "prepare.keras")


def _remove_saved_model(folder):
    for inner in list(folder.iterdir()):
        if metadata_file.format_of(inner.name) == "saved_model":
            shutil.rmtree(inner) if inner.is_dir() else inner.unlink()


def _store(folder, endpoints, examples):
    """What clients need, and what the endpoints of numbers are asked when the export is checked, as arrays."""
    arrays = {}
    for name, endpoint in endpoints.items():
        for file, content in endpoint.via.files().items() if endpoint.via else ():
            (folder / file).write_text(json.dumps(content, ensure_ascii=False, indent=0) + "\n", "utf-8")
        if all(spec.dtype != tf.string for spec in endpoint.signature):
            for spec, value in zip(endpoint.signature, arguments(endpoint, examples), strict=True):
                arrays[f"{name}/{spec.name}"] = value.numpy()
    np.savez_compressed(folder / EXAMPLES, **arrays)


def _verify(folder, endpoints, examples):
    """The written SavedModel, loaded, with the largest difference of each endpoint; refuses more than rounding."""
    # Its variables live as long as this object.
    written, off = tf.saved_model.load(str(folder)), dict.fromkeys(endpoints, 0.0)
    for name, endpoint in endpoints.items():
        for size in (1, 5, len(examples)):
            inputs = arguments(endpoint, examples[:size])
            named = {spec.name: value for spec, value in zip(endpoint.signature, inputs, strict=True)}
            wanted, got = endpoint.function(*inputs), written.signatures[name](**named)
            off[name] = max(off[name], compared.largest(name, "the SavedModel", got, wanted, compared.of_same_kernels))
    return written, off


def _commit():
    """The commit that is checked out in the working directory, or None."""
    command = ("git", "rev-parse", "HEAD")
    try:
        git = subprocess.run(command, capture_output=True, text=True, timeout=10, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return None
    return git.stdout.strip() if git.returncode == 0 else None
