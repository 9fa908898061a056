"""What a task declares: its data, models, metrics, export signatures, input decoding and pictures.

A task is found by its entry point in the group `tfnotes.tasks`. The library trains, evaluates,
exports and predicts from this declaration alone, so no task holds a loop of its own.
"""

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any

from tfnotes import _checks, _declared, plugins
from tfnotes._endpoint import Endpoint as Endpoint
from tfnotes._endpoint import Reject as Reject
from tfnotes._endpoint import Via as Via
from tfnotes._split import Split as Split
from tfnotes._split import Splits as Splits
from tfnotes.errors import InputError

GROUP = "tfnotes.tasks"


@dataclass(frozen=True)
class Defaults:
    """What `tfnotes train` uses where the command line is silent; the decay is per epoch.

    None as `model` or `data` stands for the task's first one.
    """

    model: str | None = None
    data: str | None = None
    epochs: int = 10
    batch_size: int = 32
    learning_rate: float = 0.001
    learning_rate_decay: float = 1.0


@dataclass(frozen=True)
class Look:
    """What a task's `shows` gets: where to write for TensorBoard, and examples to write about.

    Attributes:
        train: the `tf.summary.SummaryWriter` of the training.
        validation: that of the validation.
        folder: that of the training's event files.
        examples: some hundred of the validation `Split`, as they are stored.
        x: the same as the model takes them, an array.
        predictions: what the model gives for `x`, for callbacks that take `tfnotes.callbacks.Predictions`.
    """

    train: Any
    validation: Any
    folder: Path
    examples: Split
    x: Any
    predictions: Any


@dataclass(frozen=True)
class Recipe:
    """A model of a task, with what holds for it alone; None stands for what the task says.

    The keyword-only arguments of `build`, `optimizer`, `fit` and `select` are the settings that `--set key=value`
    changes. Those with the same name are one setting.

    Attributes:
        build: gives the model, compiled by the loop. Its keyword-only argument `layers`, if it has one, is the
            namespace that layers come from (`--layers`): `tfnotes.layers` or `keras.layers`.
        targets: what the model is trained towards: "labels", "inputs", or None if the model needs none, as one
            whose `train_step` has a rule of its own.
        defaults: a dict of the fields of `Defaults` that are others for this model.
        optimizer, loss, metrics, endpoints, prepare, fit, select, batches, shows, measure: as in `Task`. A model
            that computes its own loss has `loss=lambda: None`, and `metrics=list` if it has its own metrics.
    """

    build: Callable[..., Any]
    targets: str | None = "labels"
    defaults: Any = field(default_factory=dict)
    optimizer: Callable[..., Any] | None = None
    loss: Callable[[], Any] | None = None
    metrics: Callable[[], list] | None = None
    endpoints: Callable[..., Mapping[str, Endpoint]] | None = None
    prepare: Callable[[Any], Any] | None = None
    fit: Callable[..., Any] | None = None
    select: Callable[..., Splits] | None = None
    batches: Any = None
    shows: Callable[[Look], list] | None = None
    measure: Callable[..., Mapping[str, Any]] | None = None

    def settings(self):
        """The settings that `--set` may give, with their defaults."""
        functions = (self.build, self.optimizer, self.fit, self.select)
        return {name: value for f in functions if f is not None for name, value in _keywords(f).items()}

    def takes_layers(self):
        """Whether the model can be built from Keras's own layers too."""
        return "layers" in inspect.signature(self.build).parameters

    def tells_progress(self):
        """Whether `fit` tells how far it is."""
        return self.fit is not None and "progress" in inspect.signature(self.fit).parameters


@dataclass(frozen=True)
class Task:
    """A task's declaration. A name, labels, data and models are enough for a classifier.

    Attributes:
        name: as on the command line, that of the entry point.
        labels: the name of each class, by its index.
        sources: data by name; each is called with the data folder (a path, or None for TFDS's own)
            and gives `Splits`.
        models: by name, builders or `Recipe`s. Classifiers give logits.
        title: one line for people. Default: the name.
        defaults: see `Defaults`.
        optimizer: called with the learning rate. Default: Adam.
        loss: makes the loss. Default: the cross-entropy of logits and classes.
        metrics: makes the list of metrics. Default: accuracy.
        endpoints: called with a model and its preparation, gives the export's endpoints; the first is
            `serving_default`. Where the task has `reject`, they are called with what it gave as a third argument. None
            for `tfnotes.serving.endpoints.of_classifier`: examples as they are stored, and image files if `decode`
            takes them, to label and probabilities.
        prepare: a raw batch, as in `Split.x`, made into what the models take. It runs inside the
            input pipeline and inside the exported model, so that the two can't differ. None for nothing to do.
        fit: called with the training split, gives a `keras.Model` that stands in for `prepare`: a preparation
            that learns, such as a vocabulary. It is kept in the run's folder. Its keyword-only argument `progress`, if
            it has one, is a function that it calls with how much is done and how much there is to do.
        select: called with the splits and the run's seed, gives the splits that training uses, such as fewer labels.
        batches: what makes batches: a module like `tfnotes.data.pipeline`, None for that one.
        shows: called with a `Look`, gives the Keras callbacks that show in TensorBoard what the task is about.
        measure: called with a model, a split and its preparation, gives further figures for `tfnotes evaluate`.
        reject: called with the chosen splits, gives the `Reject` that an export tells foreign inputs by. None for none.
        decode: a file's bytes and its name made into the bytes that the endpoint `encoded` takes, or `texts`:
            `tfnotes.serving.images.encode`, `tfnotes.serving.texts.decode`, or one's own, which raises an `InputError`
            for a file that it doesn't take. None if files don't suit.
        picture: one raw example (as in `Split.x`) as a uint8 image of shape (height, width, channels), None if
            examples aren't images.
    """

    name: str
    labels: tuple[str, ...]
    sources: Mapping[str, Callable[[Path | None], Splits]]
    models: Mapping[str, Any]
    title: str = ""
    defaults: Defaults = Defaults()
    optimizer: Callable[..., Any] = _declared.adam
    loss: Callable[[], Any] = _declared.crossentropy
    metrics: Callable[[], list] = _declared.accuracy
    endpoints: Callable[..., Mapping[str, Endpoint]] | None = None
    prepare: Callable[[Any], Any] | None = None
    fit: Callable[..., Any] | None = None
    select: Callable[..., Splits] | None = None
    batches: Any = None
    shows: Callable[[Look], list] | None = None
    measure: Callable[..., Mapping[str, Any]] | None = None
    reject: Callable[[Splits], Reject] | None = None
    decode: Callable[[bytes, str], bytes] | None = None
    picture: Callable[[Any], Any] | None = None

    def __post_init__(self):
        _declared.check(self, Recipe, Defaults)
        first = {"model": next(iter(self.models)), "data": next(iter(self.sources))}
        missing: dict[str, Any] = {
            key: value for key, value in first.items() if getattr(self.defaults, key) is None
        }
        object.__setattr__(self, "defaults", replace(self.defaults, **missing))
        object.__setattr__(self, "title", self.title or self.name)

    def source(self, name):
        """The data source of that name, or an `InputError` that lists the names."""
        return _choose(self.name, "data", self.sources, name)

    def recipe(self, name):
        """The `Recipe` of that name, filled in from the task, or an `InputError` that lists the names."""
        recipe = _choose(self.name, "model", self.models, name)
        if not isinstance(recipe, Recipe):
            recipe = Recipe(recipe)
        own = {key: getattr(recipe, key) or getattr(self, key) for key in _SHARED}
        own["prepare"] = own["prepare"] or _declared.as_is
        unknown = set(recipe.defaults) - {f.name for f in fields(Defaults)}
        if unknown:
            _checks.refuse(self.name, f"defaults of {name}", "fields of tfnotes.task.Defaults", sorted(unknown))
        return replace(recipe, **own, defaults=replace(self.defaults, **recipe.defaults))


_SHARED = sorted({f.name for f in fields(Recipe)} & {f.name for f in fields(Task)} - {"defaults"})


def chosen(function, settings):
    """The settings that a function takes by keyword, out of all."""
    known = _keywords(function)
    return {name: value for name, value in settings.items() if name in known}


def names():
    """The names of the installed tasks, without importing them."""
    return plugins.names(GROUP)


def load(name):
    """The `Task` of that name; imports it, and with it TensorFlow.

    Raises:
        InputError: no package declares it, or several do, or what stands there isn't a task.
    """
    task = plugins.load(GROUP, name, "task")
    if not isinstance(task, Task):
        _checks.refuse("tfnotes", f"task {name}", "a tfnotes.task.Task", task)
    if task.name != name:
        _checks.refuse(task.name, "name", f"that of its entry point, {name!r}", task.name)
    return task


def _choose(owner, argument, options, name):
    if not isinstance(name, str) or name not in options:
        raise InputError(f"{owner}: `{argument}` must be one of {', '.join(options)}. Received: {name!r}.")
    return options[name]


# What a keyword-only argument is given by us, and not by `--set`.
_GIVEN = ("layers", "progress")


def _keywords(function):
    parameters = inspect.signature(function).parameters.values()
    return {p.name: p.default for p in parameters if p.kind is p.KEYWORD_ONLY and p.name not in _GIVEN}
