"""What a configuration names, put together in one place for whatever trains, measures, exports or compares."""

from contextlib import contextmanager, suppress
from pathlib import Path

import keras
import tensorflow as tf

from tfnotes import layers as tfnotes_layers
from tfnotes import task as tasks
from tfnotes.data import buckets, pipeline
from tfnotes.data.stream import Streamed
from tfnotes.errors import InputError, first_line
from tfnotes.task import chosen
from tfnotes.training import fine_tuning, memory

_LAYERS = {"tfnotes": tfnotes_layers, "keras": keras.layers}


class Setup:
    """A configuration with what it names.

    Args:
        config: see `tfnotes.training.config.configure`; or an export's metadata, which name the data alike.
        task: the `tfnotes.task.Task`, None for the installed one that `config` names.

    Attributes:
        config, task: as given.
        recipe: the task's `Recipe` for the model.
    """

    def __init__(self, config, task=None):
        self.config = config
        self.task = task or tasks.load(config["task"])
        self.recipe = self.task.recipe(config["model"])
        self._maker = self.recipe.batches or pipeline

    def read(self, data=None, data_dir=None):
        """The `Splits` that a source gives: the one that the configuration names, unless told otherwise."""
        folder = data_dir or self.config.get("data_dir")
        return self.task.source(data or self.config["data"])(Path(folder) if folder else None)

    def selected(self, splits):
        """Those of them that are used."""
        if self.recipe.select is None:
            return splits
        return self.recipe.select(splits, self.config["seed"], **chosen(self.recipe.select, self.config["settings"]))

    def examples(self, split, data=None, data_dir=None):
        """The `Split` of that name, to measure on.

        Raises:
            InputError: it is empty, or the data aren't there.
        """
        return self.part(self.selected(self.read(data, data_dir)), split)

    def part(self, splits, split):
        """One of the chosen `Splits`, by its name, or an `InputError` if it is empty."""
        part = getattr(splits, split)
        if not len(part):
            raise InputError(f"{self.task.name}: `split` must hold examples. Received: {split!r}, which is empty.")
        return part

    def fitted(self, split, progress=None):
        """The preparation, learned of the training split where it has to be; `progress` is told how far that is."""
        if self.recipe.fit is None:
            return self.recipe.prepare
        told = {"progress": progress} if progress and self.recipe.tells_progress() else {}
        return self.recipe.fit(split, **chosen(self.recipe.fit, self.config["settings"]), **told)

    def training_batches(self, split, prepare, done, epochs, part=None):
        """Batches from one epoch to another as `fit` takes them, and how many an epoch has.

        Of several workers, `part` is what `tfnotes.training.sharing.part` gives.
        """
        inside, whole = self._parts(split, part)
        batches, steps = self._maker.training_batches(
            split, self.config["batch_size"], self.config["seed"], done, epochs, prepare, **inside
        )
        return whole(self._towards(batches)), steps

    def evaluation_batches(self, split, prepare, part=None):
        """Batches of all examples, in their order."""
        inside, whole = self._parts(split, part)
        return whole(self._towards(self._maker.evaluation_batches(split, self.config["batch_size"], prepare, **inside)))

    def _parts(self, split, part):
        """What has the maker of batches read one worker's rows alone; or, where it can't, what cuts its batches."""
        # Texts of a stream are prepared a stretch at once, which all need to be of like length.
        if part is None or self._maker is pipeline or (self._maker is buckets and not isinstance(split, Streamed)):
            return ({} if part is None else {"part": part}), lambda batches: batches
        return {}, lambda batches: batches.map(part)

    def compile(self, model, *optimizer):
        """Compiles a model with the recipe's loss and metrics."""
        # On a CPU XLA takes twice the time, and its first step seconds.
        model.compile(*optimizer, loss=self.recipe.loss(), metrics=self.recipe.metrics() or None, jit_compile=False)

    def build(self):
        """The model, compiled, with the weights that training starts from.

        Raises:
            InputError: the model or the optimizer refuses a setting.
        """
        config, settings, recipe = self.config, self.config["settings"], self.recipe
        use_threads(config["threads"])
        keras.utils.set_random_seed(config["seed"])
        # Costs no time on a CPU (0.5 s an epoch of LeNet on 3,200 digits either way).
        tf.config.experimental.enable_op_determinism()
        model = self._built()
        with self._in_one_sentence():
            fine_tuning.freeze(self.task.name, model, config.get("freeze", ()))
            optimizer = recipe.optimizer(config["learning_rate"], **chosen(recipe.optimizer, settings))
            if config["learning_rate_decay"] != 1:
                # Refused here, before the first epoch, by an optimizer that has a schedule of its own.
                optimizer.learning_rate = config["learning_rate"]
        self.compile(model, optimizer)
        return model

    def trained(self, run):
        """A run's model, and its preparation.

        Raises:
            InputError: no epoch is finished, a file is damaged, or the model is another one than the run's.
        """
        model, wanted = run.model(), self._built()
        found, expected = _shapes(model), _shapes(wanted)
        if found != expected:
            raise InputError(
                f"{self.task.name}: `model.keras` must hold the model {self.config['model']} of the run's settings. "
                f"Received: {run.path / 'model.keras'}, with other inputs, outputs or weights."
            )
        return model, run.prepare(self.recipe)

    def _built(self):
        recipe = self.recipe
        namespace = {"layers": _LAYERS[self.config.get("layers", "tfnotes")]} if recipe.takes_layers() else {}
        with self._in_one_sentence(), memory.bounded(self.task.name):
            return recipe.build(**chosen(recipe.build, self.config["settings"]), **namespace)

    @contextmanager
    def _in_one_sentence(self):
        """What models and optimizers, Keras's too, say of a setting."""
        try:
            yield
        except (ValueError, TypeError, OverflowError) as error:
            if isinstance(error, InputError):
                raise
            raise InputError(
                f"{self.task.name}: the options must suit the model and the optimizer. {first_line(error)}"
            ) from error

    def _towards(self, batches):
        """Batches of (x, label) as the recipe's `targets` wants them."""
        if self.recipe.targets == "labels":
            return batches
        return batches.map(_inputs_twice if self.recipe.targets == "inputs" else _inputs_alone)


def _shapes(model):
    """The shapes of what goes in and comes out, where the model tells, and of the weights."""
    ends = [getattr(model, name, None) for name in ("input_shape", "output_shape")]
    return ends, [tuple(weight.shape) for weight in model.weights]


def _inputs_twice(x, y, *part):
    return x, x, *part


def _inputs_alone(x, y, *part):
    return (x, *part) if part else x


def use_threads(number):
    """Over how many threads TensorFlow splits an operation."""
    # Sums are split over threads, so another number of them gives other last digits.
    # TensorFlow takes the number before its first operation only; the loop says if it was too late.
    with suppress(RuntimeError):
        tf.config.threading.set_intra_op_parallelism_threads(number)
