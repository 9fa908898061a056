"""A run's folder, carried from machine to machine by Ray Train's checkpoints."""

import io
import shutil
import tarfile
from pathlib import Path

from tfnotes.training.run import Run


class Carried:
    """The chief's own copy of the run's folder; after each epoch Ray takes it to the storage, as a checkpoint.

    Args:
        folder: an empty one of this machine.
        ask: as for `tfnotes.training.ray_worker.attend`.
    """

    def __init__(self, folder, ask):
        self.path, self._copy, self._ask, self._reported = Path(folder, "run"), Path(folder, "copy"), ask, -1

    def begin(self, checkpoint, content):
        """Brings the folder here: as Ray took it last, or as it was `packed` in the beginning."""
        if checkpoint is None:
            unpack(content, self.path)
        else:
            checkpoint.to_directory(self.path)
        self._reported = len(Run.open(self.path).metrics())

    def report(self, _=0, last=False):
        """Has Ray take it if an epoch was finished since the last time, or at the end."""
        from ray import train

        done = len(Run.open(self.path).metrics())
        if done == self._reported and not last:
            return
        _copied(self.path, self._copy)
        self._ask("report")
        train.report({"epochs": done}, checkpoint=train.Checkpoint.from_directory(self._copy))
        self._reported = done


class Followed:
    """What the others do of a carried run: they take part in each report."""

    def __init__(self):
        self._reported = 0

    def report(self, reports=0, last=False):
        """Takes part in those that the chief has begun."""
        from ray import train

        while self._reported < reports:
            self._reported += 1
            train.report({})


def packed(path):
    """A run's folder as bytes."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        archive.add(path, "")
    return buffer.getvalue()


def unpack(content, path):
    """Makes the folder that was `packed`."""
    with tarfile.open(fileobj=io.BytesIO(content)) as archive:
        archive.extractall(path, filter="data")


def _copied(path, to):
    """Copies a run's folder while it is trained: files vanish in it, and each is whole."""
    for last in (False, False, True):
        shutil.rmtree(to, ignore_errors=True)
        try:
            shutil.copytree(path, to, ignore=shutil.ignore_patterns(".*"))
            return
        except (FileNotFoundError, shutil.Error):
            if last:
                raise
