"""Commands of `tfnotes` in processes of their own, which find TensorFlow imported already; killed at an instant.

The process that starts them imports TensorFlow and runs no operation, so that it can fork: what a fork of a running
TensorFlow can't have is its threads. What runs an operation here, a comparison of event files say, does so in a child.
"""

import contextlib
import ctypes
import os
import signal
import sys
import time
import traceback
from pathlib import Path

from tfnotes import files

PATIENCE = 600
"""Seconds after which a command hangs."""
# Of Linux: what lets root pass over permissions, by which call it is given up, and the layout of the other call.
_OVERRIDE, _DROP, _VERSION = 1, 24, 0x20080522


class Child:
    """A function in a forked process, with what it says in a file.

    Args:
        function: called without arguments; its `SystemExit` is the status.
        folder: where it works.
        log: the file of what it says.
    """

    def __init__(self, function, folder, log):
        self.log, self.status = Path(log), None
        sys.stdout.flush()
        sys.stderr.flush()
        self.begun = time.monotonic()
        self.pid = os.fork()
        if not self.pid:
            os._exit(_child(function, folder, log))

    def said(self):
        return self.log.read_text("utf-8", "replace")

    def over(self):
        """Whether it has ended."""
        if self.status is None:
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            if pid:
                self.status = os.waitstatus_to_exitcode(status)
                self.seconds = time.monotonic() - self.begun
        return self.status is not None

    def wait(self, seconds=PATIENCE):
        """Waits until it ends, or for so long; gives whether it has."""
        until = time.monotonic() + seconds
        while not self.over() and time.monotonic() < until:
            time.sleep(0.002)
        return self.over()

    def end(self):
        """Waits for the end; one that doesn't come is a status of its own."""
        if not self.wait():
            self.send(signal.SIGKILL)
            self.wait()
            self.status = "hangs"
        return self.status

    def send(self, signum):
        """Sends it a signal; Ctrl-C goes to all that it has started too, as a terminal's does."""
        with contextlib.suppress(ProcessLookupError):
            (os.killpg if signum == signal.SIGINT else os.kill)(self.pid, signum)


def _child(function, folder, log):
    """What the child does; gives its status."""
    os.setpgid(0, 0)
    out = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o666)
    os.dup2(out, 1)
    os.dup2(out, 2)
    os.close(out)
    # Whoever runs this in the background ignores SIGINT, and children inherit that.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    status = 1
    try:
        os.chdir(folder)
        function()
        status = 0
    except SystemExit as error:
        status = error.code if isinstance(error.code, int) else int(error.code is not None)
    except BaseException:
        traceback.print_exc()
    with contextlib.suppress(Exception):
        sys.stdout.flush()
        sys.stderr.flush()
    return status


def command(arguments):
    """A function that does what `tfnotes` with these arguments does."""

    def run():
        from tfnotes.cli import main

        sys.argv = ["tfnotes", *map(str, arguments)]
        main()

    return run


def held(function):
    """The same for somebody whom permissions hold: root gives up to pass over them, as does all that it starts."""

    def run():
        if os.geteuid() == 0:
            libc, header, sets = ctypes.CDLL(None), (ctypes.c_uint32 * 2)(_VERSION, 0), (ctypes.c_uint32 * 6)()
            done = [libc.prctl(_DROP, _OVERRIDE, 0, 0, 0), libc.capget(header, sets)]
            for k in (0, 1):  # The effective ones, and the permitted ones.
                sets[k] &= ~(1 << _OVERRIDE)
            done.append(libc.capset(header, sets))
            if any(done):
                raise OSError("root can't give up to pass over permissions")
        function()

    return run


def free(folder, seconds=60):
    """Waits until no process holds the lock of a folder: what a killed command has started ends a moment later."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        try:
            with files.locked(folder):
                return True
        except FileNotFoundError:
            return True
        except BlockingIOError:
            time.sleep(0.05)
    return False


def alone(group, seconds=60):
    """Waits until nothing is left of a group of processes; ends what is, and gives whether nothing was."""
    until = time.monotonic() + seconds
    try:
        while time.monotonic() < until:
            os.killpg(group, 0)
            time.sleep(0.05)
        os.killpg(group, signal.SIGKILL)
    except ProcessLookupError:
        return True
    return False


def load():
    """Imports what the commands import, and runs no operation."""
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    os.environ.update(TFNOTES_LANG="en", GRPC_VERBOSITY="NONE")
    import matplotlib.figure  # noqa: F401
    import tensorflow_datasets  # noqa: F401
    from tensorboard.backend.event_processing import event_accumulator  # noqa: F401

    from tfnotes import cli, experiments, task  # noqa: F401
    from tfnotes.cli import _tensorflow

    _tensorflow.load()
    from tfnotes.callbacks import Progress  # noqa: F401
    from tfnotes.data import prepared  # noqa: F401
    from tfnotes.serving import export  # noqa: F401
    from tfnotes.training import health, loop  # noqa: F401

    for name in ("mnist", "imdb", "autoencode"):
        task.load(name)
