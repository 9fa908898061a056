"""The folder of one training run. Each file in it is whole or absent, at any instant.

config.json     what was asked for: enough to train the same again
metrics.jsonl   one line for each finished epoch
preparation.keras   what was learned to prepare examples, such as a vocabulary; most tasks have none
model.keras     the model after the last finished epoch
test.json       the figures on the test split; there once the training is complete
checkpoints/    from which the run continues; the other files are made to agree with them
events/         for TensorBoard
"""

import errno
import json
import os
import shutil
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

from tfnotes import files, task
from tfnotes.errors import InputError, first_line
from tfnotes.training import stored


class Run:
    """A run's folder, read and written.

    Args:
        path: the folder; use `Run.create` or `Run.open`, which say what is wrong with it.
        config: what `config.json` holds, see `tfnotes.training.config.configure`.
    """

    def __init__(self, path, config):
        self.path = Path(path)
        self.config = config
        self._folder = None

    @classmethod
    def create(cls, path, config):
        """Makes the folder of a new run.

        Raises:
            InputError: something stands at `path`.
            OSError: the folder can't be made.
        """
        path = Path(path)
        try:
            with files.write_aside(path) as aside:
                aside.mkdir()
                (aside / "config.json").write_text(_text(config), "utf-8")
        except OSError as error:
            refuse_existing(path, error)
            raise
        return cls(path, config)

    @classmethod
    def open(cls, path):
        """Opens the folder that `create` made.

        Raises:
            InputError: it isn't a run folder, or its `config.json` is damaged.
        """
        path = Path(path)
        if not (path / "config.json").is_file():
            raise InputError(f"Run: `run` must be a run folder, with a config.json. Received: {str(path)!r}.")
        for name in ("checkpoints", "events"):
            if (path / name).exists() and not (path / name).is_dir():
                raise InputError(f"Run: `{name}` in {path} must be a folder. Received: a file.")
        try:
            return cls(path, stored.config(path / "config.json"))
        except ValueError as error:
            raise InputError(_damaged(path / "config.json", error)) from error

    @property
    def complete(self):
        """Whether training came to its end and the test split was looked at."""
        return (self.path / "test.json").is_file()

    def metrics(self):
        """The figures of each finished epoch, as a list of dicts."""
        return self._read("metrics.jsonl", stored.rows) or []

    def test(self):
        """The figures on the test split, or None before the training is complete."""
        return self._read("test.json", lambda path: stored.one(path, "test"))

    def task(self):
        """The task's declaration."""
        return task.load(self.config["task"])

    def setup(self):
        """The `tfnotes.training.setup.Setup` of what the configuration names."""
        from tfnotes.training.setup import Setup

        return Setup(self.config)

    def model(self):
        """The trained model.

        Raises:
            InputError: no epoch has been finished, or the file is damaged.
        """
        if not (self.path / "model.keras").is_file():
            self.task()
            raise InputError(
                f"Run: `run` must have finished an epoch. Received: {str(self.path)!r}, without model.keras."
            )
        return self._load("model.keras")

    def prepare(self, recipe):
        """What makes raw examples into what the recipe's model takes; None if it is still to be fitted.

        Raises:
            InputError: the file is damaged.
        """
        if recipe.fit is None:
            return recipe.prepare
        return self._load("preparation.keras") if (self.path / "preparation.keras").is_file() else None

    def refuse_without_checkpoint(self):
        """Refuses to train a run anew over what it has trained.

        Raises:
            InputError: it has finished an epoch, and nothing to go on from.
        """
        kept = [name for name in ("metrics.jsonl", "model.keras", "test.json") if (self.path / name).exists()]
        if kept and not stored.checkpoints(self.path / "checkpoints"):
            raise InputError(
                f"Run: `run` must have a checkpoint to go on from. Received: {str(self.path)!r}, with {kept[0]} and "
                f"nothing in checkpoints; what it holds can be evaluated and exported, and tfnotes train --from "
                f"{self.path} begins a new run with its weights."
            )

    def extend(self, epochs):
        """Lets the run go on up to `epochs`.

        Raises:
            InputError: as for `refuse_without_checkpoint`; nothing is changed.
        """
        self.refuse_without_checkpoint()
        # In this order a kill in between leaves the run as it was, only to be tested again.
        (self.path / "test.json").unlink(missing_ok=True)
        self.config = {**self.config, "epochs": epochs}
        self._write_json("config.json", self.config)

    def write_metrics(self, rows):
        """Replaces `metrics.jsonl`."""
        with files.write_aside(self.path / "metrics.jsonl") as aside:
            aside.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")

    def write_model(self, model, name="model.keras"):
        """Replaces `model.keras`, or `preparation.keras`."""
        with files.write_aside(self.path / name) as aside:
            model.save(aside)

    def write_test(self, figures):
        """Writes `test.json`, which says that the run is complete."""
        self._write_json("test.json", figures)

    def discard(self):
        """Takes the folder away again, as long as it is the one that was made."""
        with suppress(OSError):
            self.check()
            shutil.rmtree(self.path)

    def check(self):
        """Refuses to go on where the folder that was locked has gone, before a write makes half of it anew.

        Raises:
            OSError: it was deleted or renamed.
        """
        try:
            found = os.stat(self.path)
        except FileNotFoundError:
            found = None
        if self._folder and (found is None or not os.path.samestat(found, self._folder)):
            gone = "The run's folder was deleted or renamed while it was trained"
            raise FileNotFoundError(errno.ENOENT, gone, str(self.path))

    @contextmanager
    def locked(self):
        """Keeps a second process from training the same run; a killed process holds nothing."""
        self._folder = os.stat(self.path)
        with ExitStack() as stack:
            try:
                lock = stack.enter_context(files.locked(self.path))
            except BlockingIOError:
                raise InputError(
                    "Run: `run` must not be in training already. "
                    f"Received: {str(self.path)!r}, which another process trains."
                ) from None
            if lock is not None:
                files.sweep(self.path)
            yield

    def _load(self, name):
        import keras

        # These register what tasks may be made of; the task registers its own.
        from tfnotes import augmentation, layers, losses, metrics, models, optimizers, preprocessing  # noqa: F401
        from tfnotes.training import unpacked

        self.task()
        path = self.path / name
        try:
            unpacked.check(path)
            return keras.models.load_model(path)
        # Decoders of damaged files raise whatever they stumble over.
        except Exception as error:
            raise InputError(_damaged(path, error)) from error

    def _read(self, name, read):
        path = self.path / name
        try:
            return read(path)
        except FileNotFoundError:
            return None
        except ValueError as error:
            raise InputError(_damaged(path, error)) from error

    def _write_json(self, name, content):
        with files.write_aside(self.path / name) as aside:
            aside.write_text(_text(content), "utf-8")


def refuse_existing(path, error=None):
    """Raises an `InputError` if a new run can't have this folder because something stands there."""
    if os.path.lexists(path) and not (path.is_dir() and not any(path.iterdir())):
        raise InputError(
            f"Run: `run` must be a new folder; to continue one, tfnotes train --resume {path}. "
            f"Received: {str(path)!r}, which exists."
        ) from error


def next_free(folder, name):
    """The path `folder/name-n` with n one above the highest there."""
    numbers = [path.name[len(name) + 1 :] for path in Path(folder).glob(f"{name}-*")]
    return Path(folder) / f"{name}-{max((int(n) for n in numbers if n.isdecimal()), default=0) + 1}"


def _text(content):
    return json.dumps(content, indent=2) + "\n"


def _damaged(path, error):
    return f"Run: {path} is damaged ({first_line(error)})."
