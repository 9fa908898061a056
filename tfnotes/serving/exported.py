"""An export, opened: its metadata and its endpoints, run by TensorFlow or by what stands beside the SavedModel."""

from pathlib import Path

import numpy as np

from tfnotes.errors import InputError
from tfnotes.serving import metadata, preparations, runtimes


class Exported:
    """A model that `tfnotes.serving.export` wrote.

    Args:
        path: the version's folder, or its task's folder, which stands for its newest version.
        runtime: "tensorflow", "onnx" or "litert"; None for the first of them whose format is there.

    Attributes:
        path: the version's folder.
        metadata: what `metadata.json` holds.
        runtime: the runtime's name.
        endpoints: the endpoints that the runtime has, as `metadata.json` describes them. Beside them it can be asked
            those that `tfnotes.serving.preparations` lead to one of these.

    Raises:
        InputError: no export stands there, or a damaged one, or one without the runtime's format.
    """

    def __init__(self, path, runtime=None):
        self.path, self.metadata, self.runtime = found, read, _ = _look(path, runtime)
        kind = runtimes.FORMATS[self.runtime]
        names = [name for name in read["files"] if metadata.format_of(name) in (kind, None)]
        metadata.verify(found, read, names)
        make = runtimes.load(self.runtime)
        try:
            self._running = make(found, read)
        except InputError:
            raise
        except (*getattr(make, "damage", ()), ValueError, OSError) as error:
            raise metadata.damaged(found, error) from error
        described = read["endpoints"]
        there, without = self._running.endpoints, read["formats"][kind]
        lacking = {n: (without.get(n) or {}).get("without", ()) for n in there}
        self.endpoints = {n: _without(e, lacking[n]) for n, e in described.items() if n in there}
        self._prepared = {n: e for n, e in described.items() if n not in there and preparations.known(e, there)}
        for name, endpoint in self.endpoints.items():
            # Exports from before the schema say nothing of it.
            if not endpoint["outputs"]:
                outputs = self._running.outputs(name)
                endpoint["outputs"] = {key: _described(value) for key, value in outputs.items()}

    def endpoint(self, name):
        """How `metadata.json` describes one endpoint, or an `InputError` that lists the endpoints."""
        name = self._named(name)
        return self.endpoints.get(name) or self._prepared[name]

    def ask(self, endpoint, *inputs, **named):
        """One endpoint's answer.

        Args:
            endpoint: its name, or `"serving_default"` for the first one.
            inputs: what the endpoint takes, in the order of its signature.
            named: the same by name.

        Returns:
            A dict of NumPy arrays.

        Raises:
            InputError: there is no such endpoint, or it takes other inputs.
        """
        name = self._named(endpoint)
        taken = list(self.endpoint(name)["inputs"])
        given = {**dict(zip(taken, inputs, strict=False)), **named}
        if len(inputs) + len(named) != len(taken) or set(given) != set(taken):
            raise InputError(
                f"{name}: `inputs` must be {', '.join(taken)}. Received: {len(inputs)} without and "
                f"{', '.join(named) or 'none'} by name."
            )
        if name in self._prepared:
            return preparations.answer(self, name, given)
        return {key: np.asarray(value) for key, value in self._running.ask(name, given).items()}

    def answering(self, name):
        """The name of the endpoint that is run when one is asked: itself, or what stands in for it."""
        name = self._named(name)
        return self._prepared[name]["via"]["endpoint"] if name in self._prepared else name

    def _named(self, name):
        first = next(iter(self.metadata["endpoints"]))
        wanted = first if name == "serving_default" else name
        if wanted not in self.endpoints and wanted not in self._prepared:
            raise InputError(
                f"Exported: `export` must have the endpoint {wanted!r}. "
                f"Received: {self.path}, which has {', '.join(self.endpoints)} for {self.runtime}."
            )
        return wanted


def open(path, runtime=None):
    """An `Exported`: an export with its `metadata`, its `endpoints`, and `ask`."""
    return Exported(path, runtime)


def runtime_of(path, runtime=None):
    """The name of the runtime that `Exported(path, runtime)` would have; raises what it would of the metadata."""
    return _look(path, runtime)[2]


def described(path):
    """The folder of the export at `path`, and its metadata; raises what `Exported` would of them."""
    found = find(path)
    if found is None:
        raise InputError(
            "Exported: `export` must be the folder of an export, such as saved_models/mnist/1 or "
            f"saved_models/mnist. Received: {str(path)!r}."
        )
    try:
        read = metadata.read(found)
    except (ValueError, KeyError, TypeError, AttributeError, OSError) as error:
        raise metadata.damaged(found, error) from error
    return found, read


def _look(path, runtime):
    found, read = described(path)
    return found, read, runtimes.choose(runtime, found, read)


def _without(endpoint, outputs):
    """The description of an endpoint in a format that doesn't hold some of its outputs."""
    return {**endpoint, "outputs": {key: value for key, value in endpoint["outputs"].items() if key not in outputs}}


def _described(spec):
    return {"shape": [size if size is not None else "batch" for size in spec.shape], "dtype": spec.dtype.name}


def find(path):
    """The folder of the export at `path`: itself, or its newest version; None if there is none."""
    path = Path(path)
    if (path / metadata.NAME).is_file():
        return path
    newest = path / str(last_version(path))
    return find(newest) if newest.is_dir() else None


def last_version(folder):
    """The highest version number that stands in a task's folder of exports, 0 if none does."""
    if not folder.is_dir():
        return 0
    return max((int(inner.name) for inner in folder.iterdir() if inner.name.isdecimal()), default=0)
