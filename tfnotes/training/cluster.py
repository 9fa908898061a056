"""The processes that train one run together, as the variable `TF_CONFIG` lists them.

    {"cluster": {"worker": ["10.0.0.1:2222", "10.0.0.2:2222"]}, "task": {"type": "worker", "index": 0}}

Kubernetes' training operators, Slurm's launchers and Ray set it so, each process with its own task. The chief is the
task of that type, or else worker 0. It alone reads and writes the run; the others take all from it.
"""

import contextlib
import errno
import itertools
import socket
import threading
import time
from typing import Any, NoReturn

from tfnotes import _share, documents
from tfnotes.errors import InputError, first_line

# Of how many collectives a step has room.
_ROOM = 1 << 16
# What a worker says to one that looks whether it has come.
_GREETING = b"tfnotes"


class Lost(Exception):
    """Another worker has gone, or hasn't been heard of for too long."""


@contextlib.contextmanager
def connected(cluster):
    """Within it, a collective of a cluster that fails is `Lost`; without a cluster nothing is different."""
    if cluster is None:
        yield
        return
    import tensorflow as tf

    names = ("Unavailable", "DeadlineExceeded", "Aborted", "Cancelled", "FailedPrecondition", "Internal")
    try:
        yield
    except tuple(getattr(tf.errors, f"{name}Error") for name in names) as error:
        silent = isinstance(error, tf.errors.DeadlineExceededError)
        said = f"silent for {cluster.wait:g} seconds" if silent else f"gone: {type(error).__name__}"
        raise Lost(said) from error


class Cluster:
    """Several processes, of which this is one.

    Args:
        addresses: `host:port` of each, the chief's first.
        rank: which of them this is.
        wait: seconds after which a worker that doesn't come, or doesn't answer, is given up.
    """

    def __init__(self, addresses, rank, wait=60):
        self.addresses, self.rank, self.wait = list(addresses), rank, wait
        self._keys, self._rooms = itertools.count(), itertools.count(1)

    @property
    def size(self):
        return len(self.addresses)

    @property
    def chief(self):
        return self.rank == 0

    def check(self):
        """Refuses a port that isn't free, in no time; `start` does as well.

        Raises:
            InputError: this worker's port is in use, or can't be listened at.
        """
        self._listening().close()

    def start(self):
        """Waits for the others, and starts TensorFlow's collectives; before TensorFlow's first operation.

        Raises:
            InputError: this worker's port is in use, or another one doesn't come.
            Lost: another one doesn't come, and `tfnotes train --workers` has started them all.
        """
        self._meet()
        import tensorflow as tf

        tf.get_logger().setLevel("ERROR")
        try:
            # Starts the server of this process; nothing is trained under it.
            self._strategy = tf.distribute.MultiWorkerMirroredStrategy()
        except (tf.errors.OpError, RuntimeError, ValueError) as error:
            said = first_line(error)
            raise InputError(f"train: `TF_CONFIG` must be one that TensorFlow can start. {said}") from error

    def broadcast(self, data=None):
        """The bytes that the chief gives; the others give None."""
        import numpy as np
        import tensorflow as tf

        own = np.frombuffer((data or b"") + bytes(-len(data or b"") % 4), "int32")
        sizes = self.sum(tf.constant([len(data or b""), len(own)], tf.int64)).numpy()
        words = self.sum(tf.constant(own if self.chief else np.zeros(sizes[1], "int32")))
        return words.numpy().tobytes()[: sizes[0]]

    def room(self):
        """The key before those of a function's collectives, which are no others' in this process.

        The workers call it in the same order.
        """
        return next(self._rooms) * _ROOM

    def gather(self):
        """Goes on when all have come here."""
        import tensorflow as tf

        self.sum(tf.constant([1], tf.int64))

    def sum(self, x):
        """The sum of a tensor over the processes."""
        with connected(self):
            return _share.all_reduce(x, self.size, next(self._keys), self.wait)

    def _listening(self):
        host, port = _split(self.addresses[self.rank])
        try:
            return socket.create_server(("", port), backlog=self.size)
        except OSError as error:
            said = "is in use" if error.errno == errno.EADDRINUSE else f"can't be listened at ({error.strerror})"
            raise InputError(
                f"train: `TF_CONFIG` must give worker {self.rank} a free port. Received: {host}:{port}, which {said}."
            ) from None

    def _meet(self):
        """Each listens at its own port until it has reached all the others, or TensorFlow's server in their place.

        TensorFlow would wait without end, and deaf to signals, for whatever else listens there.
        """
        # It takes `Lost` from here.
        from tfnotes.training.launch import launched

        until = time.monotonic() + self.wait
        with _greeting(self._listening()):
            for rank, address in enumerate(self.addresses):
                while rank != self.rank and not _answers(address):
                    if time.monotonic() > until:
                        if launched():
                            # All were started together: it has stopped on its way here.
                            raise Lost(f"silent for {self.wait:g} seconds")
                        raise InputError(
                            f"train: `TF_CONFIG` must list workers that come within {self.wait:g} seconds (--wait). "
                            f"Received: {address}, worker {rank} of {self.size}, which doesn't answer as one."
                        )
                    time.sleep(0.1)


@contextlib.contextmanager
def _greeting(listening):
    """Within it, greets whoever calls; then the port is free."""

    def greet():
        # What ends the block ends the waiting for a call with an error.
        with contextlib.suppress(OSError):
            while True:
                called, _ = listening.accept()
                with called, contextlib.suppress(OSError):
                    called.sendall(_GREETING)

    thread = threading.Thread(target=greet, daemon=True)
    with listening:
        thread.start()
        try:
            yield
        finally:
            with contextlib.suppress(OSError):
                listening.shutdown(socket.SHUT_RDWR)
            thread.join(1)


def from_environment(environ, wait=60):
    """The cluster that `TF_CONFIG` describes; None if it isn't set, or lists one process alone.

    Raises:
        InputError: it is no such description.
    """
    text = environ.get("TF_CONFIG")
    if not text:
        return None
    try:
        config = documents.parsed(text, "TF_CONFIG")
    except ValueError as error:
        _refuse(f"JSON ({error})", text)
    config = config if isinstance(config, dict) else {}
    cluster: Any = config.get("cluster")
    task: Any = config.get("task")
    if not isinstance(cluster, dict) or not cluster or not all(_addresses(found) for found in cluster.values()):
        _refuse('an object whose "cluster" lists addresses such as {"worker": ["host:2222"]}', text)
    unknown = sorted(set(cluster) - {"chief", "worker"})
    if unknown:
        _refuse(f'a cluster of "chief" and "worker" alone, without {", ".join(unknown)}', text)
    if not isinstance(task, dict) or task.get("type") not in [*cluster] or not str(task.get("index")).isdecimal():
        _refuse('an object whose "task" gives a "type" of the cluster and an "index"', text)
    kind, index = task["type"], int(task["index"])
    if index >= len(cluster[kind]):
        _refuse(f"of a task {kind} with an index below {len(cluster[kind])}", text)
    addresses = [*cluster.get("chief", []), *cluster.get("worker", [])]
    if len(set(addresses)) < len(addresses):
        _refuse("of addresses that differ from each other", text)
    rank = index + (len(cluster.get("chief", [])) if kind == "worker" else 0)
    return Cluster(addresses, rank, wait) if len(addresses) > 1 else None


def _refuse(expected, text) -> NoReturn:
    raise InputError(f"train: `TF_CONFIG` must be {expected}. Received: {first_line(text)}")


def _addresses(found):
    return isinstance(found, list) and found and all(isinstance(a, str) and _split(a) for a in found)


def _split(address):
    host, _, port = address.rpartition(":")
    return (host, int(port)) if host and port.isdecimal() and 0 < int(port) < 65536 else None


def _answers(address):
    try:
        with socket.create_connection(_split(address), timeout=2) as found:
            said = found.recv(len(_GREETING))
    except OSError:
        return False
    # TensorFlow's server begins with HTTP/2's settings, a frame of type 4.
    return said == _GREETING or said[3:4] == b"\x04"
