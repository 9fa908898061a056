"""A run's model as a SavedModel that plain TensorFlow serves.

    saved_models/<task>/<version>/   saved_model.pb, variables/, ...   the endpoints of the task
                                     metadata.json                     where the model comes from

The first endpoint is also `serving_default`. The number of examples in a batch is open.
"""

import json
import subprocess
from pathlib import Path

import keras
import numpy as np
import tensorflow as tf

from tfnotes import files
from tfnotes.errors import InputError
from tfnotes.serving import decoders, evaluate
from tfnotes.serving.endpoints import endpoints as endpoints_of
from tfnotes.serving.exported import arguments, call, last_version
from tfnotes.training import config as configs

_FROM_CONFIG = (
    *("task", "model", "data", "fingerprint", "examples"),
    *("epochs", "batch_size", "learning_rate", "seed", "patience", "layers", "settings"),
)


def export(run, to="saved_models", data_dir=None):
    """Writes a run's model as the next version of its task; the folder appears whole or not at all.

    Before it appears it is loaded back, and each endpoint must give the model's own answers to examples of
    the test split.

    Args:
        run: a `tfnotes.training.run.Run` with at least one finished epoch.
        to: folder for the exports of all tasks.
        data_dir: the data folder, None for the run's own.

    Returns:
        The path of the version's folder.

    Raises:
        InputError: no epoch is finished, the data aren't there, or the answers differ.
        OSError: it can't be written.
    """
    task, recipe, model = run.task(), run.recipe(), run.model()
    prepare = run.prepare(recipe)
    metadata = {
        **{key: run.config.get(key) for key in _FROM_CONFIG},
        "metrics": (run.metrics() or [None])[-1],
        "test": run.test(),
        "labels": list(task.labels),
        "decode": decoders.kind(task.decode),
        "versions": configs.versions(),
        "git_commit": _commit(),
    }
    examples = evaluate.examples(task, run.config, "test", data_dir=data_dir).x[:32]
    endpoints = endpoints_of(task, recipe, model, prepare, examples)
    folder = Path(to) / task.name
    if folder.is_dir():
        files.sweep(folder, locked=False)
    while True:
        path = folder / str(last_version(folder) + 1)
        try:
            with files.write_aside(path) as aside:
                _write(aside, [model, prepare], endpoints, metadata)
                _verify(aside, endpoints, examples)
            return path
        except OSError:
            # Another export took this version in the meantime: this one is the next.
            if not path.exists():
                raise
        except tf.errors.OpError as error:
            raise OSError(None, _reason(error), str(folder)) from error


def _write(folder, parts, endpoints, metadata):
    archive = keras.export.ExportArchive()
    for part in parts:
        if isinstance(part, keras.layers.Layer):
            archive.track(part)
    for name, endpoint in endpoints.items():
        archive.add_endpoint(name, endpoint.function, input_signature=list(endpoint.signature))
    archive.write_out(folder, verbose=False)
    inputs = {name: {s.name: _described(s) for s in e.signature} for name, e in endpoints.items()}
    text = json.dumps({**metadata, "endpoints": inputs}, indent=2, ensure_ascii=False) + "\n"
    (folder / "metadata.json").write_text(text, "utf-8")


def _described(spec):
    return {"shape": list(spec.shape), "dtype": spec.dtype.name}


def _verify(folder, endpoints, examples):
    # Its variables live as long as this object.
    written = tf.saved_model.load(str(folder))
    for name, endpoint in endpoints.items():
        for size in (1, 5, len(examples)):
            inputs = arguments(endpoint, examples[:size])
            names = [spec.name for spec in endpoint.signature]
            _compare(name, endpoint.function(*inputs), call(written.signatures[name], names, inputs))


def _compare(endpoint, expected, received):
    for key in expected:
        wanted, got = np.asarray(expected[key]), np.asarray(received[key])
        if wanted.shape != got.shape or not _close(got, wanted):
            off = "of another shape" if wanted.shape != got.shape else "off"
            if off == "off" and wanted.dtype.kind in "iuf":
                off += f" by up to {np.max(np.abs(got.astype(float) - wanted)):g}"
            raise InputError(
                f"export: the written SavedModel must give the model's own answers. Received: `{key}` of the "
                f"endpoint {endpoint} {off}, so nothing was exported."
            )


def _close(got, wanted):
    return np.allclose(got, wanted, rtol=1e-5, atol=1e-6) if wanted.dtype.kind == "f" else np.array_equal(got, wanted)


def _reason(error):
    """The end of what TensorFlow says of a failed write: "...; No space left on device [Op:SaveV2]"."""
    return error.message.split("; ")[-1].split(" [Op:")[0].splitlines()[0]


def _commit():
    """The commit that is checked out in the working directory, or None."""
    command = ("git", "rev-parse", "HEAD")
    try:
        git = subprocess.run(command, capture_output=True, text=True, timeout=10, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return None
    return git.stdout.strip() if git.returncode == 0 else None
