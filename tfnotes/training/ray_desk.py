"""Where launcher and workers of a training on Ray leave what the others shall know."""

from tfnotes.training import launch
from tfnotes.training.cluster import Lost


class Desk:
    """Where launcher and workers leave what the others shall know; an actor.

    Args:
        done: how many epochs are finished.
        size: how many workers there are.
    """

    def __init__(self, done, size):
        self._tries, self._size = launch.Tries(done), size
        self._attempt, self._lost, self._left = None, None, set()
        self._said, self._status, self._stopping, self._given_up = [], None, False, None
        self._reports = 0

    def begin(self, attempt, done):
        """The chief begins, so many epochs being finished."""
        if self._attempt is not None:
            try:
                self._said.append((2, f"Warning: {self._tries.again(done)}\n"))
            except Lost as error:
                self._given_up = str(error)
        self._attempt, self._reports = attempt, 0

    def look(self, attempt, said=()):
        """What a worker has to do, having said this, and how many reports to Ray Train it shall have taken part in.

        Returns:
            A pair of "go on", "stop", "leave" after a loss, or "end" for good; and a number.
        """
        self._said += said
        return self._order(attempt), self._reports if self._attempt == attempt else 0

    def _order(self, attempt):
        if self._status is not None or self._given_up:
            return "end"
        if self._lost == attempt:
            return "leave"
        return "stop" if self._stopping else "go on"

    def report(self):
        """The chief begins one more report, in which the others take part."""
        self._reports += 1

    def lose(self, attempt):
        """A worker is lost."""
        self._lost = attempt

    def leave(self, attempt, rank):
        """A worker has ended its process after a loss; whether all have."""
        self._left.add((attempt, rank))
        return sum(a == attempt for a, _ in self._left) == self._size

    def end(self, status):
        """The chief has ended well, or a worker with an error of its own, or as it was told to."""
        self._status = status if self._status is None else self._status

    def stop(self):
        """The launcher was asked to stop."""
        self._stopping = True

    def read(self):
        """What is to be printed: pairs of a descriptor, 1 or 2, and a line."""
        said, self._said = self._said, []
        return said

    def outcome(self):
        """The status with which it ended, None if it did not; and why it was given up, or None."""
        return self._status, self._given_up
