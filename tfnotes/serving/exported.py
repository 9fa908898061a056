"""An export, opened: its metadata and its endpoints, run by TensorFlow or by what stands beside the SavedModel."""

from pathlib import Path

import numpy as np

from tfnotes.errors import InputError, first_line
from tfnotes.serving import metadata, preparations, runtimes, trusted


class Exported:
    """A model that `tfnotes.serving.export` wrote.

    Args:
        path: the version's folder, or its task's folder, which stands for its newest version.
        runtime: "tensorflow", "onnx" or "litert"; None for the first of them whose format is there.
        trust: whether a SavedModel may do what `tfnotes.serving.trusted` looks for, such as reading files.

    Attributes:
        path: the version's folder.
        metadata: what `metadata.json` holds.
        runtime: the runtime's name.
        endpoints: what it can be asked, as `metadata.json` describes it: the endpoints that the runtime has, and those
            that `tfnotes.serving.preparations` lead to one of these.

    Raises:
        InputError: no export stands there, or a damaged one, or one without the runtime's format, or one that would do
            what isn't trusted.
    """

    def __init__(self, path, runtime=None, trust=False):
        self.path, self.metadata, self.runtime = found, read, _ = _look(path, runtime)
        kind = runtimes.FORMATS[self.runtime]
        names = [name for name in read["files"] if metadata.format_of(name) in (kind, None)]
        metadata.verify(found, read, names)
        make = runtimes.load(self.runtime)
        if self.runtime == "tensorflow" and not trust:
            trusted.check(found)
        try:
            self._running = make(found, read)
        except InputError:
            raise
        except (*getattr(make, "damage", ()), ValueError, OSError) as error:
            raise metadata.damaged(found, error) from error
        described, about = read["endpoints"], read["formats"][kind]
        there = {n: described[n] for n in described if n in self._running.endpoints}
        self._prepared = {n for n, e in described.items() if n not in there and preparations.known(e, there)}
        self.endpoints = {}
        for name, endpoint in described.items():
            if name in there or name in self._prepared:
                # Without the outputs that the format doesn't hold.
                lacking = about.get(endpoint["via"]["endpoint"] if name in self._prepared else name, {})
                self.endpoints[name] = _without(endpoint, lacking.get("without", ()))
            # Exports from before the schema say nothing of outputs.
            if name in there and not read["files"]:
                outputs = self._running.outputs(name)
                self.endpoints[name]["outputs"] = {key: _described(value) for key, value in outputs.items()}
        self._looked_at: set[str] = set()

    def endpoint(self, name):
        """How `metadata.json` describes one endpoint, or an `InputError` that lists the endpoints."""
        return self.endpoints[self._named(name)]

    def ask(self, endpoint, *inputs, **named):
        """One endpoint's answer.

        Args:
            endpoint: its name, or `"serving_default"` for the first one.
            inputs: what the endpoint takes, in the order of its signature.
            named: the same by name.

        Returns:
            A dict of NumPy arrays.

        Raises:
            InputError: there is no such endpoint, or it takes other inputs, or can't read these.
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
        try:
            self._look_at(name)
            answer = self._running.ask(name, given)
        except InputError:
            raise
        except Exception as error:
            sentence = runtimes.refusal(error)
            if sentence is None:
                raise
            raise InputError(
                f"{name}: the inputs must be such as the model can read. Received: {sentence}"
            ) from error
        return {key: np.asarray(value) for key, value in answer.items()}

    def classify(self, endpoint, *inputs):
        """As `ask`, of an endpoint that has to give a probability for each label.

        Raises:
            InputError: it doesn't, or as for `ask`.
        """
        outputs, labels = self.ask(endpoint, *inputs), self.metadata["labels"]
        shape = outputs["probabilities"].shape if "probabilities" in outputs else None
        if shape is None or len(shape) != 2 or shape[1] != len(labels):
            raise InputError(
                f"{endpoint}: `probabilities` must have one for each of the {len(labels)} labels. Received: "
                f"{self.path}, which gives {'none' if shape is None else f'some of shape {list(shape)}'}."
            )
        return outputs

    def answering(self, name):
        """The name of the endpoint that is run when one is asked: itself, or what stands in for it."""
        name = self._named(name)
        return self.endpoints[name]["via"]["endpoint"] if name in self._prepared else name

    def _look_at(self, name):
        """Compares names with what `metadata.json` says of an endpoint, when it is asked for the first time."""
        if name not in self._looked_at:
            said, found = self.endpoints[name], self._names(name)
            if set(said["inputs"]) != set(found[0]) or not set(said["outputs"]) <= set(found[1]):
                reason = f"{metadata.NAME} tells of other inputs or outputs of the endpoint {name} than it has"
                raise metadata.damaged(self.path, reason)
            self._looked_at.add(name)

    def _names(self, name):
        """Those of the endpoint's file, which is opened for it."""
        try:
            return self._running.names(name)
        # Each runtime has exceptions of its own, of any kind.
        except Exception as error:
            raise metadata.damaged(self.path, f"{name} can't be opened: {first_line(error)}") from error

    def _named(self, name):
        first = next(iter(self.metadata["endpoints"]))
        wanted = first if name == "serving_default" else name
        if wanted not in self.endpoints:
            raise InputError(
                f"Exported: `export` must have the endpoint {wanted!r}. "
                f"Received: {self.path}, which has {', '.join(self.endpoints) or 'none'} for {self.runtime}."
            )
        return wanted


def open(path, runtime=None, trust=False):
    """An `Exported`: an export with its `metadata`, its `endpoints`, and `ask`."""
    return Exported(path, runtime, trust)


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
    except (ValueError, OSError) as error:
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
