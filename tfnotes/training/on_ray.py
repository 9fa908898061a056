"""The processes that `tfnotes.training.launch` starts here, started on a Ray cluster by Ray Train.

    launcher -- fit --> Ray Train's controller --> workers of Ray, each with a process `tfnotes train` under TF_CONFIG
        '------------------------ Desk, an actor ---------------'

Ray Train finds places for the workers, and starts all anew when one is lost. What is trained, how, and in which
processes is as without Ray, so that the figures are the same. At the desk the workers say what shall be printed and how
they ended, and learn whether to go on.
"""

import os
import signal
import subprocess
import sys
import threading
import time
import uuid

from tfnotes import files, ray_cluster
from tfnotes.errors import InputError, first_line
from tfnotes.training import launch
from tfnotes.training.cluster import Lost
from tfnotes.training.run import Run

_PAUSE = 0.2
# For how long one that ends waits for what the others have to say, or to do.
_PATIENCE = 5


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

    def begin(self, attempt, done):
        """The chief begins, so many epochs being finished."""
        if self._attempt is not None:
            try:
                self._said.append((2, f"Warning: {self._tries.again(done)}\n"))
            except Lost as error:
                self._given_up = str(error)
        self._attempt = attempt

    def look(self, attempt, said=()):
        """What a worker has to do, having said this: "go on", "stop", "leave" after a loss, or "end" for good."""
        self._said += said
        if self._status is not None or self._given_up:
            return "end"
        if self._lost == attempt:
            return "leave"
        return "stop" if self._stopping else "go on"

    def lose(self, attempt):
        """A worker is lost."""
        self._lost = attempt

    def leave(self, attempt, rank):
        """A worker has ended its process after a loss; whether all have."""
        self._left.add((attempt, rank))
        return sum(a == attempt for a, _ in self._left) == self._size

    def end(self, status, said=()):
        """A worker has ended with an error of its own, or as it was told to."""
        self._said += said
        self._status = status if self._status is None else self._status

    def stop(self):
        """The launcher was asked to stop."""
        self._stopping = True

    def read(self):
        """What is to be printed: pairs of a descriptor, 1 or 2, and a line."""
        said, self._said = self._said, []
        return said

    def outcome(self):
        """The status that tells most, None if all ended well; and why it was given up, or None."""
        return self._status, self._given_up


def launch_on_ray(run, workers, arguments, wait):
    """Trains a run, from its last checkpoint, by so many processes of a Ray cluster; see `launch.launch`.

    Args:
        run: a `tfnotes.training.run.Run`, whose folder all machines of the cluster see at this path.
        workers: how many.
        arguments: of `tfnotes train` in each.
        wait: seconds after which a worker of Ray that doesn't answer is given up.

    Returns:
        The status of the worker that ended with an error, 0 if all ended well.

    Raises:
        Lost: workers are lost again and again.
        InputError: the extra `ray` is missing, or its cluster too small.
    """
    ray_cluster.needed("train", "ray.train")
    threads = run.config["threads"]
    # Ray Train hands these on to its controller.
    os.environ.setdefault("RAY_TRAIN_WORKER_HEALTH_CHECK_TIMEOUT_S", str(max(wait, 10)))
    os.environ.setdefault("RAY_CHDIR_TO_TRIAL_DIR", "0")
    with ray_cluster.joined("train", workers * threads) as ray, files.scratch(run.path.parent, run.path.name) as scratch:
        from ray.util.scheduling_strategies import NodeAffinitySchedulingStrategy

        here = NodeAffinitySchedulingStrategy(ray.get_runtime_context().get_node_id(), soft=False)
        desk = ray.remote(Desk).options(num_cpus=0, scheduling_strategy=here).remote(len(run.metrics()), workers)
        given = {
            "run": str(run.path.absolute()),
            "config": run.config,
            "wait": wait,
            "arguments": arguments,
            "desk": desk,
            "folder": os.getcwd(),
            # Ray sets it in its workers, and sums over another number of threads have other last digits.
            "variables": {"OMP_NUM_THREADS": os.environ.get("OMP_NUM_THREADS")},
        }
        _follow(ray, desk, _trainer(run, workers, given, scratch))
        status, given_up = ray.get(desk.outcome.remote())
    if (status or 0) < 0:
        raise KeyboardInterrupt
    if given_up and not run.complete:
        raise Lost(given_up)
    return 0 if run.complete else status or 0


def _trainer(run, workers, given, scratch):
    import ray
    from ray import train
    from ray.train.tensorflow import TensorflowTrainer

    epochs_left = run.config["epochs"] - len(run.metrics())
    return TensorflowTrainer(
        _work,
        train_loop_config=given,
        tensorflow_config=_addressed(),
        scaling_config=train.ScalingConfig(
            num_workers=workers,
            use_gpu=ray.cluster_resources().get("GPU", 0) >= workers,
            resources_per_worker={"CPU": run.config["threads"]},
        ),
        run_config=train.RunConfig(
            name="train",
            storage_path=str(scratch.absolute()),
            # More than this the desk doesn't allow.
            failure_config=train.FailureConfig(max_failures=launch.TRIES * (epochs_left + 1)),
            logging_config=train.LoggingConfig(log_level="CRITICAL"),
        ),
    )


def _addressed():
    """Has Ray Train tell each worker the addresses of all, and which attempt this is.

    Ray's own configuration for TensorFlow does as much, but imports TensorFlow in the controller and in each worker
    of Ray, which only start processes.
    """
    from ray.train.backend import Backend, BackendConfig

    class Addressed(Backend):
        def on_start(self, worker_group, backend_config):
            addresses, attempt = worker_group.execute(_address), uuid.uuid4().hex
            worker_group.execute(_tell, attempt, addresses)

    class Config(BackendConfig):
        @property
        def backend_cls(self):
            return Addressed

    return Config()


_told: list = []


def _address():
    import ray

    return f"{ray.util.get_node_ip_address()}:{launch.free_ports(1)[0]}"


def _tell(attempt, addresses):
    _told[:] = attempt, addresses


def _follow(ray, desk, trainer):
    """Prints what the workers say until they end; Ctrl-C lets the chief end between two batches."""
    failed: list = []

    def fit():
        try:
            trainer.fit()
        except Exception as error:
            failed.append(error)

    thread = threading.Thread(target=fit, daemon=True)
    thread.start()
    until = None
    while True:
        over = not thread.is_alive()
        try:
            for descriptor, line in ray.get(desk.read.remote()):
                stream = sys.stdout if descriptor == 1 else sys.stderr
                stream.write(line)
                stream.flush()
            thread.join(_PAUSE)
        except KeyboardInterrupt:
            if until is not None:
                raise
            desk.stop.remote()
            until = time.monotonic() + 4 * _PATIENCE
        if over:
            break
        if until is not None and time.monotonic() > until:
            raise KeyboardInterrupt
    if failed and ray.get(desk.outcome.remote()) == (None, None):
        raise InputError(f"train: engine `ray` must be able to start the workers. {first_line(failed[0])}")


def _work(given):
    """What a worker of Ray does: it starts the process, and ends as that does."""
    import ray
    from ray import train

    rank, (attempt, addresses) = train.get_context().get_world_rank(), _told

    def ask(name, *arguments):
        return ray.get(getattr(given["desk"], name).remote(*arguments))

    if rank == 0:
        run = Run.open(given["run"])
        _await_lock(run.path, given["wait"])
        ask("begin", attempt, len(run.metrics()))
    attend(Process(given, addresses, rank), ask, attempt, rank)


def attend(process, ask, attempt, rank):
    """Stays with a worker's process until it has ended, or has to.

    Args:
        process: a `Process`.
        ask: called with the name of one of the desk's methods, and its arguments; gives the answer.
        attempt: which attempt this is.
        rank: which worker.

    Raises:
        Lost: a worker is lost, this one or another, and all shall begin anew.
    """
    order, asked = "go on", False
    while process.status() is None and order in ("go on", "stop"):
        if order == "stop" and rank == 0 and not asked:
            process.terminate()
            asked = True
        time.sleep(_PAUSE)
        order = ask("look", attempt, process.said())
    status = process.end()
    if order == "end":
        return
    if order != "leave":
        if status >= 0 and status != launch.LOST:
            ask("look", attempt, process.said(last=status > 0))
            if status:
                ask("end", 128 + signal.SIGINT if asked else status)
            return
        if asked:
            # It hadn't come so far that it could stop by itself.
            ask("end", status)
            return
        # Who has seen the reason ends a moment later than who has lost it.
        time.sleep(1)
        if ask("look", attempt, process.said()) == "end":
            return
        ask("lose", attempt)
    # Ray ends the others at once when this one does, and a process that stands still outlives its worker of Ray.
    until = time.monotonic() + _PATIENCE
    while not ask("leave", attempt, rank) and time.monotonic() < until:
        time.sleep(_PAUSE)
    raise Lost("gone")


class Process:
    """A worker's process, as `launch.launch` starts it.

    Args:
        given: what the launcher gives: "config" of the run, "arguments", the "folder" to start in, "variables".
        addresses: of all workers.
        rank: which of them it is. Of others than the chief only errors are said.
    """

    def __init__(self, given, addresses, rank):
        found = {**os.environ, **given["variables"], **launch.variables(given["config"], addresses, rank)}
        self._lines, self._rank = [], rank
        self._process = subprocess.Popen(
            launch.command(given["arguments"]),
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
            self._lines.append((descriptor, line))

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


def _await_lock(path, wait):
    """Until the chief of the attempt before is no more, which ends when its worker of Ray has gone."""
    until = time.monotonic() + wait
    while time.monotonic() < until:
        try:
            with files.locked(path):
                return
        except BlockingIOError:
            time.sleep(_PAUSE)
