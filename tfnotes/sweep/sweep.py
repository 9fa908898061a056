"""The folder of a sweep, and its search.

sweep.json      what was asked for
study.log       Optuna's record of the trials, from which a sweep goes on
trials/N/       the run of trial N, as `tfnotes train` leaves it
results.json    all trials and the best one's figures on the test split; there once the sweep is complete
"""

import json
import math
import os
import time
from contextlib import ExitStack, contextmanager
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import Any

from tfnotes import documents, files
from tfnotes.errors import InputError
from tfnotes.sweep import space as spaces
from tfnotes.sweep import trials
from tfnotes.sweep.search import Search, optuna
from tfnotes.training.run import Run

_LIMIT = 2**20  # bytes of sweep.json
_PAUSE = 0.2  # seconds between two looks at the trials that run


class Sweep:
    """A sweep's folder, read, written and worked through.

    Args:
        path: the folder; use `Sweep.create` or `Sweep.open`.
        request: what `sweep.json` holds.
    """

    def __init__(self, path, request):
        self.path = Path(path)
        self.request = request
        self.space = {key: _dimension(value) for key, value in request["space"].items()}
        # Where it is missing, that is said before there is a folder.
        optuna()

    @classmethod
    def create(cls, path, task, space, *, options=None, trials=None, seed=0, prune=True):
        """Makes the folder of a new sweep.

        Args:
            path: where nothing stands yet.
            task: name of a task.
            space: what is searched, a dict of `tfnotes.sweep.space.Choices` and `Range` by name: a model's
                settings, or options of `tfnotes train` among `tfnotes.sweep.trials.OPTIONS`.
            options: further options of `tfnotes train`, the same for all trials, a dict by name.
            trials: how many. None for every combination where there are only choices, else for 20.
            seed: of the search. That of the trainings stands in `options`.
            prune: whether a trial ends early whose validation loss is above the median of the trials before it.

        Returns:
            A `Sweep`.

        Raises:
            InputError: something stands at `path`, or Optuna isn't installed.
            OSError: the folder can't be made.
        """
        grid = spaces.grid(space)
        request = {
            "task": task,
            "space": {key: asdict(dimension) for key, dimension in space.items()},
            "options": dict(options or {}),
            "trials": trials or (len(grid) if grid else 20),
            "grid": trials is None and grid is not None,
            "seed": seed,
            "prune": prune,
        }
        sweep = cls(path, request)
        if os.path.lexists(path):
            raise InputError(
                f"sweep: `folder` must be new; to continue one, tfnotes sweep --resume {path}. "
                f"Received: {str(path)!r}, which exists."
            )
        with files.write_aside(sweep.path) as aside:
            aside.mkdir()
            (aside / "sweep.json").write_text(json.dumps(request, indent=2) + "\n", "utf-8")
        return sweep

    @classmethod
    def open(cls, path):
        """Opens the folder that `create` made.

        Raises:
            InputError: it isn't one, or `sweep.json` is damaged.
        """
        try:
            request = documents.parsed(documents.content(Path(path) / "sweep.json", _LIMIT), "sweep.json")
            documents.schemas(Path(__file__).with_name("sweep.schema.json"))[""](request, "sweep.json")
        except (FileNotFoundError, NotADirectoryError):
            raise InputError(
                f"sweep: `resume` must be a sweep's folder, with a sweep.json. Received: {str(path)!r}."
            ) from None
        except ValueError as error:
            raise InputError(f"sweep: {Path(path) / 'sweep.json'} is damaged ({error}).") from error
        return cls(path, request)

    def run(self, jobs=1, report=lambda row: None, start=None):
        """Works through the trials that are left, and tests the best one.

        With one job the trials are a function of the request alone, however often the sweep was interrupted;
        with several, which trial learns of which others depends on their times.

        Args:
            jobs: trainings at a time.
            report: called with the row of each trial that ends, a dict as in `results`.
            start: makes what `tfnotes.sweep.trials.Process` makes of its arguments, such as
                `tfnotes.sweep.on_ray.Remote`; None for processes of this machine.

        Returns:
            What `results.json` holds.

        Raises:
            InputError: a trial of this sweep still runs, or none gave a finite validation loss.
        """
        with self._locked() as held:
            start = start or partial(trials.Process, held=held)
            search = Search(self.path / "study.log", self.request, self.space)
            running: dict[Any, Any] = {}
            try:
                while True:
                    while len(running) < jobs and (trial := search.next(running)) is not None:
                        running[trial] = start(self._arguments(trial))
                    if not running:
                        break
                    time.sleep(_PAUSE)
                    for trial in [trial for trial in running if self._over(search, trial, running[trial])]:
                        del running[trial]
                        report(self._row(search.trials[trial.number]))
            finally:
                for process in running.values():
                    process.stop()
            return self._tested([self._row(trial) for trial in search.trials], start)

    def _arguments(self, trial):
        path = self._path(trial.number)
        if (path / "config.json").exists():
            return ["--no-test", "--resume", str(path)]
        chosen = {key: spaces.text(value) for key, value in trial.params.items()}
        return ["--no-test", "--run", str(path), *trials.arguments(self.request, chosen)]

    def _over(self, search, trial, process):
        """Whether a trial has ended, or shall; then the search knows how."""
        status, losses = process.status(), self._losses(trial.number)
        if search.falls_behind(trial, losses):
            process.stop()
            return True
        if status is None:
            return False
        if status == 0 and losses and math.isfinite(self._value(losses)):
            search.complete(trial, self._value(losses))
        else:
            search.fail(trial, process.said() if status else "no finite val_loss")
        return True

    def _value(self, losses):
        """The validation loss of the weights that the run holds: with patience the best epoch's, else the last's."""
        return min(losses) if "patience" in self.request["options"] else losses[-1]

    def _losses(self, number):
        path = self._path(number)
        rows = Run.open(path).metrics() if (path / "config.json").exists() else []
        return [row["val_loss"] for row in rows if "val_loss" in row]

    def _tested(self, rows, start):
        """What `results.json` holds: the rows, the best first, then those that ended early or failed; and its test."""
        rows = sorted(rows, key=_rank)
        if not rows or rows[0]["state"] != "complete":
            errors = sorted({row["error"] for row in rows if row["error"]})
            raise InputError(f"sweep: no trial of {self.path} came to its end. {' '.join(errors[:3])}".strip())
        best = Run.open(rows[0]["run"])
        if not best.complete:
            process = start(["--resume", str(best.path)])
            try:
                while process.status() is None:
                    time.sleep(_PAUSE)
            finally:
                process.stop()
            if process.status():
                raise InputError(f"sweep: the best trial could not be tested. {process.said()}")
        results = {"trials": rows, "best": {**rows[0], "test": best.test()}}
        with files.write_aside(self.path / "results.json") as aside:
            aside.write_text(json.dumps(results, indent=2) + "\n", "utf-8")
        return results

    def _row(self, trial):
        losses = trial.intermediate_values
        return {
            "trial": trial.number,
            "settings": {key: trial.params[key] for key in self.space if key in trial.params},
            "state": trial.state.name.lower(),
            "epochs": len(losses),
            "val_loss": trial.value if trial.value is not None else losses.get(len(losses)),
            "error": trial.user_attrs.get("error"),
            "run": str(self._path(trial.number)),
        }

    def _path(self, number):
        return self.path / "trials" / str(number)

    @contextmanager
    def _locked(self):
        """Keeps a second process out; as trials hold the lock too, also while they outlive this process."""
        with ExitStack() as stack:
            try:
                lock = stack.enter_context(files.locked(self.path))
            except BlockingIOError:
                raise InputError(
                    f"sweep: `resume` must not be in training already. Received: {str(self.path)!r}, of which "
                    "another process trains a trial."
                ) from None
            yield () if lock is None else (lock,)


def _rank(row):
    loss = math.inf if row["val_loss"] is None else row["val_loss"]
    return row["state"] != "complete", loss, row["trial"]


def _dimension(value):
    return spaces.Range(**value) if "low" in value else spaces.Choices(tuple(value["values"]))
