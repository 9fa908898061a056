"""What a worker of Ray does: it starts a worker's process, and ends as that does."""

import os
import signal
import subprocess
import tempfile
import threading
import time
from pathlib import Path

from tfnotes import files
from tfnotes.training import launch
from tfnotes.training.cluster import Lost
from tfnotes.training.ray_carried import Carried, Followed
from tfnotes.training.run import Run

_PAUSE = 0.2
# For how long one that ends waits for what the others have to say, or to do.
_PATIENCE = 5
# The desk's orders with which a process goes on.
_ON = ("go on", "stop")


_told: list = []


def address():
    """Where this worker's process can listen."""
    import ray

    return f"{ray.util.get_node_ip_address()}:{launch.free_ports(1)[0]}"


def tell(attempt, addresses):
    """Which attempt this is, and where all workers' processes listen; before `work`."""
    _told[:] = attempt, addresses


def work(given):
    """What Ray Train calls in each worker of Ray; `given` is what `tfnotes.training.on_ray` hands out."""
    import ray
    from ray import train

    rank, (attempt, addresses) = train.get_context().get_world_rank(), _told

    def ask(name, *arguments):
        return ray.get(getattr(given["desk"], name).remote(*arguments))

    with tempfile.TemporaryDirectory() as folder:
        carried, path = None, Path(given["run"])
        if given["content"] is not None:
            carried = Carried(folder, ask) if rank == 0 else Followed()
        if isinstance(carried, Carried):
            carried.begin(train.get_checkpoint(), given["content"])
            path = carried.path
        if rank == 0:
            # The chief of the attempt before ends when its worker of Ray has gone, but not at once.
            files.until_free(path, given["wait"])
            ask("begin", attempt, len(Run.open(path).metrics()))
        attend(Process(given, path, addresses, rank), ask, attempt, rank, carried)


def attend(process, ask, attempt, rank, carried=None):
    """Stays with a worker's process until it has ended, or has to.

    Args:
        process: a `Process`.
        ask: called with the name of one of the desk's methods, and its arguments; gives the answer.
        attempt: which attempt this is.
        rank: which worker.
        carried: a `Carried` or `Followed` if the run's folder is carried by Ray's checkpoints.

    Raises:
        Lost: a worker is lost, this one or another, and all shall begin anew.
    """
    asked = False

    def look(last=False):
        time.sleep(_PAUSE)
        order, reports = ask("look", attempt, process.said(last))
        if carried and order in _ON:
            carried.report(reports)
        return order

    while (order := look()) in _ON and process.status() is None:
        if order == "stop" and rank == 0 and not asked:
            process.terminate()
            asked = True
    status = process.end()
    # Who has seen the reason ends a moment later than who has lost it.
    until = time.monotonic() + 1
    while order in _ON and _is_lost(status, asked) and (order == "stop" or time.monotonic() < until):
        order = look()
    if order in _ON and not _is_lost(status, asked):
        look(last=status != 0)
        if rank == 0 or status:
            if carried:
                carried.report(last=True)
            ask("end", 128 + signal.SIGINT if asked and status > 0 else status)
        # The chief tells when it is over; until then a report of it waits for the others.
        while (order := look()) in _ON:
            pass
    if order == "end":
        return
    ask("lose", attempt)
    # Ray ends the others at once when this one does, and a process that stands still outlives its worker of Ray.
    until = time.monotonic() + _PATIENCE
    while not ask("leave", attempt, rank) and time.monotonic() < until:
        time.sleep(_PAUSE)
    raise Lost("gone")


def _is_lost(status, asked):
    # One that was asked to stop before it could do so by itself was ended by that.
    return status == launch.LOST or (status < 0 and not asked)


class Process:
    """A worker's process, as `launch.launch` starts it.

    Args:
        given: what the launcher gives: "config" of the run and its path "run", "arguments", the "folder" to start in,
            "variables" of the environment.
        path: of the run here.
        addresses: of all workers.
        rank: which of them it is. Of others than the chief only errors are said.
    """

    def __init__(self, given, path, addresses, rank):
        # On the way a run may stand elsewhere than where it was asked for.
        self._named = str(path), given["run"]
        found = {**os.environ, **given["variables"], **launch.variables(given["config"], addresses, rank)}
        self._lines, self._rank = [], rank
        self._process = subprocess.Popen(
            launch.command(["--resume", str(path), *given["arguments"]]),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            errors="replace",
            cwd=given["folder"] if os.path.isdir(given["folder"]) else None,
            start_new_session=True,
            env={name: value for name, value in found.items() if value is not None},
        )
        streams = ((1, self._process.stdout), (2, self._process.stderr))
        self._readers = [threading.Thread(target=self._read, args=stream, daemon=True) for stream in streams]
        for reader in self._readers:
            reader.start()

    def _read(self, descriptor, stream):
        for line in stream:
            self._lines.append((descriptor, line.replace(*self._named)))

    def status(self):
        """The exit status, None while it runs."""
        return self._process.poll()

    def terminate(self):
        """Asks it to end between two batches."""
        self._process.terminate()

    def end(self):
        """Its exit status, at once."""
        self._process.kill()
        status = self._process.wait()
        for reader in self._readers:
            reader.join(_PATIENCE)
        return status

    def said(self, last=False):
        """What it has said since the last time: pairs of a descriptor, 1 or 2, and a line."""
        if self._rank and not last:
            return []
        count = len(self._lines)
        said, self._lines[:count] = self._lines[:count], []
        return [(descriptor, line) for descriptor, line in said if descriptor == 2 or not self._rank]
