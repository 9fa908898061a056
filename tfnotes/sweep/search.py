"""Which settings a sweep tries next, and which trials end early: Optuna's study, kept in a file."""

import math
from pathlib import Path

import numpy as np

from tfnotes import extras
from tfnotes.errors import InputError, first_line
from tfnotes.sweep import space as spaces

_STUDY = "sweep"


def optuna():
    """The package, quiet.

    Raises:
        InputError: it isn't installed.
    """
    found = extras.needed("optuna", "sweep", "sweep: the choice of trials needs")
    found.logging.set_verbosity(found.logging.ERROR)
    return found


class Search:
    """The trials of a sweep so far, and the next ones.

    Args:
        path: the file that holds the study, made where there is none.
        request: what the sweep was asked for, see `tfnotes.sweep.sweep.Sweep.create`.
        space: what is searched, a dict of `tfnotes.sweep.space.Choices` and `Range` by name.
    """

    def __init__(self, path, request, space):
        self.request, self.space = request, space
        self._optuna = optuna()
        self._states = self._optuna.trial.TrialState
        pruners, storages = self._optuna.pruners, self._optuna.storages
        _cut(path)
        try:
            self._study = self._optuna.create_study(
                storage=storages.JournalStorage(storages.journal.JournalFileBackend(str(path))),
                study_name=_STUDY,
                load_if_exists=True,
                pruner=pruners.MedianPruner(n_warmup_steps=2) if request["prune"] else pruners.NopPruner(),
            )
        except OSError:
            raise
        # Optuna raises whatever it stumbles over in a damaged record.
        except Exception as error:
            raise InputError(f"sweep: {path} is damaged ({first_line(error)}).") from error
        self._check(path)
        if request["grid"]:
            for chosen in spaces.grid(space)[len(self._study.trials) :]:
                self._study.enqueue_trial(chosen)

    def _check(self, path):
        """Refuses a study with trials that can't be this sweep's."""
        for trial in self._study.trials:
            complete = trial.state == self._states.COMPLETE
            whole = (
                all(isinstance(value, float) for value in trial.intermediate_values.values())
                and (isinstance(trial.value, float) and math.isfinite(trial.value) if complete else True)
                and trial.params.keys() <= self.space.keys()
                and isinstance(trial.user_attrs.get("error", ""), str)
            )
            if not whole:
                raise InputError(f"sweep: {path} is damaged (trial {trial.number} is none of this sweep).")

    @property
    def trials(self):
        """All trials as they stand, by their numbers, Optuna's `FrozenTrial`s."""
        return self._study.trials

    def next(self, running):
        """The next trial to train: one that was interrupted, or one that the search chooses; None at the end.

        Args:
            running: the trials that are being trained.
        """
        numbers = {trial.number for trial in running}
        begun = [trial for trial in self.trials if trial.state != self._states.WAITING]
        left = (t for t in begun if t.state == self._states.RUNNING and t.number not in numbers)
        interrupted = next(left, None)
        number = len(begun) if interrupted is None else interrupted.number
        if number >= self.request["trials"]:
            return None
        # Of a seed of its own each, so that a sweep that goes on chooses as one that was never interrupted.
        (seed,) = np.random.SeedSequence([self.request["seed"], number]).generate_state(1)
        self._study.sampler = self._optuna.samplers.TPESampler(seed=int(seed))
        again = self._optuna.trial.Trial
        trial = self._study.ask() if interrupted is None else again(self._study, interrupted._trial_id)
        for key, dimension in self.space.items():
            dimension.suggested(trial, key)
        return trial

    def falls_behind(self, trial, losses):
        """Whether a trial shall end early, having these losses after its epochs; then it is known to have."""
        known = self.trials[trial.number].intermediate_values
        for epoch, loss in enumerate(losses, 1):
            if epoch not in known:
                trial.report(loss, epoch)
                if trial.should_prune():
                    self._study.tell(trial.number, state=self._states.PRUNED)
                    return True
        return False

    def complete(self, trial, loss):
        """A trial came to its end with this loss."""
        self._study.tell(trial.number, loss)

    def fail(self, trial, error):
        """A trial came to none; `error` says why."""
        trial.set_user_attr("error", error)
        self._study.tell(trial.number, state=self._states.FAIL)


def _cut(path):
    """Takes away the end of a record that a killed process has begun: what is written next would be joined to it."""
    path = Path(path)
    if path.exists():
        with path.open("rb+") as file:
            file.truncate(file.read().rfind(b"\n") + 1)
