"""An export, opened: its metadata and its endpoints. Plain TensorFlow, no Keras, no task."""

import json
from pathlib import Path

import tensorflow as tf

from tfnotes.errors import InputError

_KEYS = {"task": str, "data": str, "labels": list, "endpoints": dict}


class Exported:
    """A SavedModel that `tfnotes.serving.export` wrote.

    Args:
        path: the version's folder, or its task's folder, which stands for its newest version.

    Attributes:
        path: the version's folder.
        metadata: what `metadata.json` holds.

    Raises:
        InputError: no export stands there, or a damaged one.
    """

    def __init__(self, path):
        found = find(path)
        if found is None:
            raise InputError(
                "Exported: `export` must be the folder of an export, such as saved_models/mnist/1 or "
                f"saved_models/mnist. Received: {str(path)!r}."
            )
        self.path = found
        try:
            self.metadata = json.loads((found / "metadata.json").read_text("utf-8"))
            wrong = [key for key, kind in _KEYS.items() if type(self.metadata[key]) is not kind]
            if wrong:
                raise ValueError(f"wrong type of {', '.join(wrong)} in metadata.json")
            # Its variables live as long as this object.
            self._loaded = tf.saved_model.load(str(found))
        except (ValueError, KeyError, TypeError, OSError, tf.errors.OpError) as error:
            reason = (str(error).splitlines() or [type(error).__name__])[0]
            raise InputError(f"Exported: {found} is damaged ({reason}).") from error

    def endpoint(self, name):
        """The TensorFlow function of one endpoint, or an `InputError` that lists the endpoints."""
        signatures = self._loaded.signatures
        if name not in signatures:
            raise InputError(
                f"Exported: `export` must have the endpoint {name!r}. "
                f"Received: {self.path}, which has {', '.join(self.metadata['endpoints'])}."
            )
        return signatures[name]

    def ask(self, endpoint, *inputs):
        """One endpoint's answer.

        Args:
            endpoint: its name, or `"serving_default"`.
            inputs: what the endpoint takes, in the order of its signature.

        Returns:
            A dict of NumPy arrays.

        Raises:
            InputError: there is no such endpoint.
        """
        outputs = call(self.endpoint(endpoint), self._arguments(endpoint), inputs)
        return {key: value.numpy() for key, value in outputs.items()}

    def _arguments(self, endpoint):
        endpoints = self.metadata["endpoints"]
        return endpoints.get(endpoint, next(iter(endpoints.values())))


def call(signature, names, inputs):
    """Calls a SavedModel's signature; it knows its arguments by name alone, in no order."""
    specs = signature.structured_input_signature[1]
    return signature(**{n: tf.constant(x, specs[n].dtype) for n, x in zip(names, inputs, strict=True)})


def arguments(endpoint, x):
    """What a `tfnotes.task.Endpoint` takes, made of raw examples, as tensors."""
    inputs = endpoint.examples(x) if endpoint.examples else (x,)
    return [tf.constant(value, spec.dtype) for value, spec in zip(inputs, endpoint.signature, strict=True)]


def find(path):
    """The folder of the export at `path`: itself, or its newest version; None if there is none."""
    path = Path(path)
    if (path / "saved_model.pb").is_file() and (path / "metadata.json").is_file():
        return path
    newest = path / str(last_version(path))
    return find(newest) if newest.is_dir() else None


def last_version(folder):
    """The highest version number that stands in a task's folder of exports, 0 if none does."""
    if not folder.is_dir():
        return 0
    return max((int(inner.name) for inner in folder.iterdir() if inner.name.isdecimal()), default=0)
