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
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np

from tfnotes import documents, extras, files
from tfnotes.errors import InputError
from tfnotes.sweep import space as spaces
from tfnotes.sweep import trials
from tfnotes.training.run import Run

try:
    import fcntl
except ImportError:  # As in `tfnotes.training.run`.
    fcntl = None  # type: ignore[assignment]

_STUDY = "sweep"
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
        self._optuna = extras.needed("optuna", "sweep", "sweep: the choice of trials needs")
        self._optuna.logging.set_verbosity(self._optuna.logging.ERROR)

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

    def run(self, jobs=1, report=lambda row: None):
        """Works through the trials that are left, and tests the best one.

        With one job the trials are a function of the request alone, however often the sweep was interrupted;
        with several, which trial learns of which others depends on their times.

        Args:
            jobs: trainings at a time.
            report: called with the row of each trial that ends, a dict as in `results`.

        Returns:
            What `results.json` holds.

        Raises:
            InputError: a trial of this sweep still runs, or none gave a finite validation loss.
        """
        with self._locked() as lock:
            study = self._study()
            running: dict[Any, trials.Process] = {}
            try:
                while True:
                    while len(running) < jobs and (trial := self._next(study, running)) is not None:
                        running[trial] = self._start(trial, lock)
                    if not running:
                        break
                    time.sleep(_PAUSE)
                    for trial in [trial for trial in running if self._over(study, trial, running[trial])]:
                        del running[trial]
                        report(self._row(study.trials[trial.number]))
            finally:
                for process in running.values():
                    process.stop()
            return self._tested(study, lock)

    def rows(self):
        """The trials so far, a list of dicts; the best first, then those that ended early and those that failed."""
        rows = [self._row(trial) for trial in self._study().trials]
        return sorted(rows, key=lambda row: (row["state"] != "complete", row["val_loss"] or math.inf, row["trial"]))

    def _study(self):
        optuna, pruners = self._optuna, self._optuna.pruners
        backend = optuna.storages.journal.JournalFileBackend(str(self.path / "study.log"))
        study = optuna.create_study(
            storage=optuna.storages.JournalStorage(backend),
            study_name=_STUDY,
            load_if_exists=True,
            pruner=pruners.MedianPruner(n_warmup_steps=2) if self.request["prune"] else pruners.NopPruner(),
        )
        if self.request["grid"]:
            for chosen in spaces.grid(self.space)[len(study.trials) :]:
                study.enqueue_trial(chosen)
        return study

    def _next(self, study, running):
        """The next trial to train: one that was interrupted, or one that the search chooses; None at the end."""
        state = self._optuna.trial.TrialState
        numbers = {trial.number for trial in running}
        begun = [trial for trial in study.trials if trial.state != state.WAITING]
        left = (t for t in begun if t.state == state.RUNNING and t.number not in numbers)
        interrupted = next(left, None)
        number = len(begun) if interrupted is None else interrupted.number
        if number >= self.request["trials"]:
            return None
        # Of a seed of its own each, so that a sweep that goes on chooses as one that was never interrupted.
        (seed,) = np.random.SeedSequence([self.request["seed"], number]).generate_state(1)
        study.sampler = self._optuna.samplers.TPESampler(seed=int(seed))
        trial = study.ask() if interrupted is None else self._optuna.trial.Trial(study, interrupted._trial_id)
        for key, dimension in self.space.items():
            dimension.suggested(trial, key)
        return trial

    def _start(self, trial, lock):
        path = self._path(trial.number)
        if (path / "config.json").exists():
            return trials.Process(["--no-test", "--resume", str(path)], (lock,))
        chosen = {key: spaces.text(value) for key, value in trial.params.items()}
        return trials.Process(["--no-test", "--run", str(path), *trials.arguments(self.request, chosen)], (lock,))

    def _over(self, study, trial, process):
        """Whether a trial has ended, or shall; then the study knows how."""
        status = process.status()
        losses = self._losses(trial.number)
        known = study.trials[trial.number].intermediate_values
        for epoch, loss in enumerate(losses, 1):
            if epoch not in known:
                trial.report(loss, epoch)
                if trial.should_prune():
                    process.stop()
                    study.tell(trial.number, state=self._optuna.trial.TrialState.PRUNED)
                    return True
        if status is None:
            return False
        if status == 0 and losses and math.isfinite(self._value(losses)):
            study.tell(trial.number, self._value(losses))
        else:
            said = process.said() if status else "no finite val_loss"
            trial.set_user_attr("error", said)
            study.tell(trial.number, state=self._optuna.trial.TrialState.FAIL)
        return True

    def _value(self, losses):
        """The validation loss of the weights that the run holds: with patience the best epoch's, else the last's."""
        return min(losses) if "patience" in self.request["options"] else losses[-1]

    def _losses(self, number):
        path = self._path(number)
        rows = Run.open(path).metrics() if (path / "config.json").exists() else []
        return [row["val_loss"] for row in rows if "val_loss" in row]

    def _tested(self, study, lock):
        rows = self.rows()
        if not rows or rows[0]["state"] != "complete":
            errors = sorted({row["error"] for row in rows if row["error"]})
            raise InputError(f"sweep: no trial of {self.path} came to its end. {' '.join(errors[:3])}".strip())
        best = Run.open(rows[0]["run"])
        if not best.complete:
            process = trials.Process(["--resume", str(best.path)], (lock,))
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
        # Files that Python opens aren't inherited unless named.
        with (self.path / "lock").open("a") as file:
            if fcntl is not None:
                try:
                    fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                except BlockingIOError:
                    raise InputError(
                        f"sweep: `resume` must not be in training already. Received: {str(self.path)!r}, of which "
                        "another process trains a trial."
                    ) from None
            yield file.fileno()


def _dimension(value):
    return spaces.Range(**value) if "low" in value else spaces.Choices(tuple(value["values"]))
