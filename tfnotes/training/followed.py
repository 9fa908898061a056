"""A run as a worker other than the chief has it: it takes the same steps, and keeps nothing."""

import contextlib
import tempfile
from pathlib import Path

from tfnotes.training.checkpoint import ExactCheckpoint
from tfnotes.training.run import Run


class Followed(Run):
    """The run that the chief keeps.

    Args:
        path: the chief's folder, only to be named: this worker may be on a machine without it.
        config: the run's.
        cluster: a started `tfnotes.training.cluster.Cluster`.
    """

    def __init__(self, path, config, cluster):
        super().__init__(path, {**config, "inspect": "off", "from": None})
        self.cluster = cluster

    def prepare(self, recipe):
        """As of a `Run`, what the chief has learned."""
        if recipe.fit is None:
            return recipe.prepare
        with tempfile.TemporaryDirectory() as folder:
            Path(folder, "preparation.keras").write_bytes(self.cluster.broadcast())
            return Run(folder, self.config).prepare(recipe)

    @contextlib.contextmanager
    def locked(self):
        yield

    def refuse_without_checkpoint(self):
        """The chief does."""

    def check(self):
        """The chief does."""

    def write_metrics(self, rows):
        """The chief does."""

    def write_model(self, model, name="model.keras"):
        """The chief does."""

    def write_test(self, figures):
        """The chief does."""


class FollowedCheckpoint(ExactCheckpoint):
    """The history, and whether training has ended, without a folder."""

    def restore(self, model):
        return 0

    def store(self, epoch, state, arrays):
        """The chief does."""
