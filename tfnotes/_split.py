"""The examples that a task learns from, and is measured by."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Split:
    """Examples in memory as they are stored: `x` of shape `(n, ...)` and labels `y` of shape `(n,)`.

    Those of a `tfnotes.data.stream.Streamed` are on the disk, but for `y`. These methods work with either.
    """

    x: Any
    y: Any

    def __len__(self):
        return len(self.y)

    def select(self, rows):
        """The examples of these rows, an array of ascending numbers, as a split of the same kind."""
        return Split(self.x[rows], self.y[rows])

    def take(self, rows):
        """The examples of these rows, an array of numbers or a slice, in memory and in that order."""
        return Split(self.x[rows], self.y[rows])

    def joined(self, other):
        """These examples and those of another split."""
        import numpy as np

        return Split(np.concatenate([self.x, other.x]), np.concatenate([self.y, other.y]))

    def chunks(self, size):
        """All examples in their order, as splits in memory of `size` examples and one of what is left."""
        for start in range(0, len(self), size):
            yield self.take(slice(start, start + size))


@dataclass(frozen=True)
class Splits:
    """`train` teaches, `validation` is looked at every epoch, `test` once, at the end."""

    train: Split
    validation: Split
    test: Split
