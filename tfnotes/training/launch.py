"""Several processes of this machine that train one run, and what is done when one of them is lost."""

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from typing import Any

from tfnotes.training.cluster import Lost

LOST = 75
"""With which status a worker ends that another one has left alone: what failed may be tried again."""

TETHERED = {"TFNOTES_LAUNCHED": "1"}
"""In its environment, has a `tfnotes train` end when its standard input is closed: when who started it has gone."""
# Seconds in which a process ends by itself that has been asked to.
_GRACE = 10
TRIES = 3
"""How often in a row all begin anew without having finished an epoch."""


def launch(run, workers, arguments, report):
    """Trains a run, from its last checkpoint, by so many processes; when one is lost, all begin anew.

    Args:
        run: a `tfnotes.training.run.Run`.
        workers: how many.
        arguments: of `tfnotes train` in each.
        report: called with a sentence when all begin anew.

    Returns:
        The status of the worker that ended with an error, 0 if all ended well.

    Raises:
        Lost: workers are lost again and again.
    """
    tries = Tries(len(run.metrics()))
    while True:
        status = _once(run, workers, arguments)
        if status != LOST or run.complete:
            return 0 if run.complete else status
        report(tries.again(len(run.metrics())))


class Tries:
    """How often in a row all have begun anew without having finished an epoch.

    Args:
        done: how many epochs are finished.
    """

    def __init__(self, done):
        self._tries, self._done = 0, done

    def again(self, done):
        """The sentence that says that all begin anew, so many epochs being finished.

        Raises:
            Lost: they have too often.
        """
        self._tries, self._done = (self._tries + 1 if done == self._done else 1), done
        if self._tries > TRIES:
            raise Lost(f"lost {TRIES} times in a row before an epoch was finished")
        return f"A worker was lost; all begin anew after epoch {done}."


def command(arguments):
    """What starts `tfnotes train` with these arguments."""
    return [sys.executable, "-m", "tfnotes", "train", *arguments]


def variables(config, addresses, rank):
    """What a worker finds in its environment: who the others are, and what it shares with them.

    Args:
        config: the run's.
        addresses: of all workers, the chief's first.
        rank: which of them it is.
    """
    cluster = {"cluster": {"worker": addresses}, "task": {"type": "worker", "index": rank}}
    return {"TF_CONFIG": json.dumps(cluster), "TF_NUM_INTRAOP_THREADS": str(config["threads"]), **TETHERED}


def launched():
    """Whether this process is to end with the one that started it."""
    return all(os.environ.get(name) == value for name, value in TETHERED.items())


def end_with_launcher():
    """Where it is to: asks this process to stop when the one that started it has gone, however it went."""
    if launched():

        def watch():
            # Nothing is ever written: it returns when the other end is closed.
            os.read(0, 1)
            os.kill(os.getpid(), signal.SIGTERM)
            # In a collective that the others have left it doesn't come to the end of a batch.
            time.sleep(_GRACE)
            os._exit(LOST)

        threading.Thread(target=watch, daemon=True).start()


def _once(run, workers, arguments):
    addresses = [f"127.0.0.1:{port}" for port in free_ports(workers)]
    with contextlib.ExitStack() as stack:
        said = [stack.enter_context(tempfile.TemporaryFile()) for _ in addresses]
        children = []
        try:
            for rank in range(workers):
                more = variables(run.config, addresses, rank) | _processor(rank)
                outputs: dict[str, Any] = {"stdout": subprocess.DEVNULL, "stderr": said[rank]} if rank else {}
                children.append(
                    subprocess.Popen(
                        command(arguments),
                        stdin=subprocess.PIPE,
                        # Ctrl-C reaches the launcher alone, which lets the chief end between two batches.
                        start_new_session=True,
                        env={**os.environ, **more},
                        **outputs,
                    )
                )
            status, who = _ended(children)
        except KeyboardInterrupt:
            children[0].terminate()
            with contextlib.suppress(subprocess.TimeoutExpired):
                children[0].wait(_GRACE)
            if not children[0].returncode or children[0].returncode < 0:
                raise
            # It has said where it stopped.
            status, who = 128 + signal.SIGINT, 0
        finally:
            for child in children:
                child.kill()
                child.wait()
        if who and status != LOST:
            said[who].seek(0)
            sys.stderr.write(said[who].read().decode(errors="replace"))
    return status


def _processor(rank):
    """The variable that leaves a worker one graphics processor of those that are here, if there are any."""
    import tensorflow as tf

    count = len(tf.config.list_physical_devices("GPU"))
    named = os.environ.get("CUDA_VISIBLE_DEVICES", ",".join(map(str, range(count)))).split(",")
    return {"CUDA_VISIBLE_DEVICES": named[rank % count]} if count else {}


def _ended(children):
    """The status that tells most, and whose it is, once all have ended well or one hasn't."""
    while True:
        codes = [child.poll() for child in children]
        if all(code == 0 for code in codes):
            return 0, 0
        if any(codes):
            break
        time.sleep(0.1)
    # Who has seen the reason ends a moment later than who has lost it.
    time.sleep(1)
    codes = [child.poll() for child in children]
    wrong = [(code, rank) for rank, code in enumerate(codes) if code and code > 0 and code != LOST]
    return wrong[0] if wrong else (LOST, 0)


def free_ports(count):
    """Ports of this machine at which nobody listens."""
    with contextlib.ExitStack() as stack:
        sockets = [stack.enter_context(socket.create_server(("127.0.0.1", 0))) for _ in range(count)]
        return [s.getsockname()[1] for s in sockets]
