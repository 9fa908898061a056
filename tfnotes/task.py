"""What a task declares: its data, models, metrics, export signatures and input decoding.

A task is found by its entry point in the group `tfnotes.tasks`. The library trains, evaluates,
exports and predicts from this declaration alone, so no task holds a loop of its own.
"""

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import Any

from tfnotes.errors import InputError

GROUP = "tfnotes.tasks"


@dataclass(frozen=True)
class Split:
    """Examples in memory as they are stored: `x` of shape `(n, ...)` and labels `y` of shape `(n,)`."""

    x: Any
    y: Any

    def __len__(self):
        return len(self.y)


@dataclass(frozen=True)
class Splits:
    """`train` teaches, `validation` is looked at every epoch, `test` once, at the end."""

    train: Split
    validation: Split
    test: Split


@dataclass(frozen=True)
class Endpoint:
    """One way into an exported model: a function of tensors and their `tf.TensorSpec`s, in order."""

    function: Callable[..., Mapping[str, Any]]
    signature: tuple


@dataclass(frozen=True)
class Defaults:
    """What `tfnotes train` uses where the command line is silent; the decay is per epoch."""

    model: str
    data: str
    epochs: int
    batch_size: int
    learning_rate: float
    learning_rate_decay: float = 1.0


@dataclass(frozen=True)
class Task:
    """A task's declaration.

    Attributes:
        name: as on the command line.
        title: one line for people.
        labels: the name of each class, by its index.
        defaults: see `Defaults`.
        sources: data by name; each is called with the data folder (a path, or None for TFDS's own)
            and gives `Splits`.
        models: builders by name; a builder's keyword arguments are its settings (`--set key=value`).
            Models give logits.
        prepare: a raw batch, as in `Split.x`, made into what the models take. It runs inside the
            input pipeline and inside the exported model, so that the two can't differ.
        optimizer: called with the learning rate; its other keyword arguments are settings too.
        loss: makes the loss.
        metrics: makes the list of metrics.
        endpoints: called with a model, gives the export's endpoints; the first is `serving_default`.
        decode: a file's bytes and its name made into the bytes that the endpoint `encoded` takes.
        picture: one raw example (as in `Split.x`) as a uint8 image of shape (height, width, channels).
    """

    name: str
    title: str
    labels: tuple[str, ...]
    defaults: Defaults
    sources: Mapping[str, Callable[[Path | None], Splits]]
    models: Mapping[str, Callable[..., Any]]
    prepare: Callable[[Any], Any]
    optimizer: Callable[..., Any]
    loss: Callable[[], Any]
    metrics: Callable[[], list]
    endpoints: Callable[[Any], Mapping[str, Endpoint]]
    decode: Callable[[bytes, str], bytes]
    picture: Callable[[Any], Any]

    def source(self, name):
        """The data source of that name, or an `InputError` that lists the names."""
        return _choose(self.name, "data", self.sources, name)

    def model(self, name):
        """The model builder of that name, or an `InputError` that lists the names."""
        return _choose(self.name, "model", self.models, name)

    def settings(self, model):
        """The settings that `--set` may give for a model, with their defaults, as two dicts: model, optimizer."""
        return _keywords(self.model(model)), _keywords(self.optimizer)


def names():
    """The names of the installed tasks, without importing them."""
    return sorted(point.name for point in metadata.entry_points(group=GROUP))


def load(name):
    """The `Task` of that name; imports it, and with it TensorFlow."""
    points = {point.name: point for point in metadata.entry_points(group=GROUP)}
    if name not in points:
        raise InputError(
            f"tfnotes: `task` must be one of {', '.join(sorted(points)) or 'none installed'}. Received: {name!r}."
        )
    return points[name].load()


def _choose(owner, argument, options, name):
    if name not in options:
        raise InputError(f"{owner}: `{argument}` must be one of {', '.join(options)}. Received: {name!r}.")
    return options[name]


def _keywords(function):
    parameters = inspect.signature(function).parameters.values()
    return {p.name: p.default for p in parameters if p.kind is p.KEYWORD_ONLY and p.name != "layers"}
