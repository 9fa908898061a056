"""A trial: `tfnotes train` in a process of its own, so that it gives what the same command gives by hand."""

import os
import signal
import subprocess
import tempfile
from collections.abc import Callable

from tfnotes import _checks
from tfnotes.training import launch

OPTIONS: dict[str, Callable] = {"epochs": int, "batch_size": int, "learning_rate": float, "learning_rate_decay": float}
"""What may be searched besides a model's settings: options of `tfnotes train`, with `_` for `-`, and their types."""


def option(name, text):
    """The value of one of `OPTIONS`.

    Raises:
        InputError: the text stands for none.
    """
    try:
        return OPTIONS[name](text)
    except ValueError:
        return _checks.refuse("sweep", name, "an integer" if OPTIONS[name] is int else "a number", text)


def arguments(request, chosen):
    """What follows `tfnotes train` for a trial.

    Args:
        request: what the sweep was asked for, see `tfnotes.sweep.sweep.Sweep.create`.
        chosen: this trial's values, texts by name.
    """
    options = {**request["options"], **{key: value for key, value in chosen.items() if key in OPTIONS}}
    given = [f"--{key.replace('_', '-')}={value}" for key, value in options.items()]
    settings = [f"--set={key}={value}" for key, value in chosen.items() if key not in OPTIONS]
    return [request["task"], *given, *settings]


class Process:
    """One `tfnotes train`.

    Args:
        arguments: what follows `tfnotes train`.
        held: file descriptors that the process keeps open, whatever becomes of this one.
        variables: further ones of its environment.
        tethered: whether it ends when this process does.
    """

    def __init__(self, arguments, held=(), variables=None, tethered=False):
        # Closed with this object.
        self._said = tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace")  # noqa: SIM115
        self._process = subprocess.Popen(
            launch.command(arguments),
            stdin=subprocess.PIPE if tethered else subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=self._said,
            pass_fds=held,
            env={**os.environ, "PYTHONUNBUFFERED": "1", **(launch.TETHERED if tethered else {}), **(variables or {})},
        )
    def status(self):
        """The exit status, None while it runs."""
        return self._process.poll()

    def stop(self):
        """Lets it end between two batches, with a checkpoint to go on from, and waits for that."""
        if self._process.poll() is None:
            self._process.send_signal(signal.SIGTERM)
        self._process.wait()

    def said(self):
        """The last line of what it wrote to standard error."""
        self._said.seek(0)
        lines = self._said.read().strip().splitlines()
        return lines[-1].removeprefix("Error: ") if lines else f"status {self._process.returncode}"
