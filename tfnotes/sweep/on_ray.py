"""A trial on a Ray cluster: the same process, started by a worker of Ray wherever there is room."""

import os
from pathlib import Path

from tfnotes import files
from tfnotes.sweep import trials
from tfnotes.training import config

# How often a trial is begun anew, from its last checkpoint, whose worker of Ray is lost.
_TRIES = 3
# Seconds in which a process ends whose worker of Ray has gone.
_GRACE = 15


class Place:
    """What stands in the worker of Ray, an actor: a `tfnotes.sweep.trials.Process`, with its methods.

    Args:
        arguments: what follows `tfnotes train`.
        folder: to start in, for what is named from there.
        variables: of the environment; None for those that shall not be there.
        run: the run's folder.
    """

    def __init__(self, arguments, folder, variables, run):
        os.chdir(folder)
        for name, value in variables.items():
            if value is None:
                os.environ.pop(name, None)
        if Path(run).is_dir():
            files.until_free(run, _GRACE)
        given = {name: value for name, value in variables.items() if value is not None}
        self._process = trials.Process(arguments, variables=given, tethered=True)

    def status(self):
        return self._process.status()

    def stop(self):
        self._process.stop()

    def said(self):
        return self._process.said()


class Remote:
    """A trial's process, as `tfnotes.sweep.trials.Process`, somewhere on the cluster.

    All machines must see the sweep's folder at the same path.

    Args:
        ray: the package, connected.
        arguments: as there.
    """

    def __init__(self, ray, arguments):
        self._ray, self._arguments, self._tries, self._last = ray, list(arguments), 0, ""
        self._start()

    def _start(self):
        threads = config.threads()
        # A sum over another number of threads has other last digits.
        variables = {"TF_NUM_INTRAOP_THREADS": str(threads), "OMP_NUM_THREADS": os.environ.get("OMP_NUM_THREADS")}
        flag = "--resume" if "--resume" in self._arguments else "--run"
        run = self._arguments[self._arguments.index(flag) + 1]
        arguments = self._arguments
        if flag == "--run" and Path(run, "config.json").exists():
            arguments = [*(["--no-test"] if "--no-test" in arguments else []), "--resume", run]
        made = self._ray.remote(Place).options(num_cpus=threads)
        self._place = made.remote(arguments, os.getcwd(), variables, run)
        self._answer = self._place.status.remote()

    def status(self):
        """The exit status, None while it runs or waits for room."""
        if not self._ray.wait([self._answer], timeout=0)[0]:
            return None
        try:
            status = self._ray.get(self._answer)
            if status is None:
                self._answer = self._place.status.remote()
                return None
            self._last = self._ray.get(self._place.said.remote()) if status else ""
            self._ray.kill(self._place)
        except self._ray.exceptions.RayActorError:
            self._tries += 1
            if self._tries > _TRIES:
                self._last = "Its worker of Ray was lost again and again."
                return 1
            self._start()
            return None
        return status

    def stop(self):
        """Lets it end between two batches, and waits for that."""
        try:
            if self._ray.wait([self._answer], timeout=0)[0]:
                self._ray.get(self._place.stop.remote())
        except self._ray.exceptions.RayActorError:
            return
        self._ray.kill(self._place)

    def said(self):
        """The last line of what it wrote to standard error."""
        return self._last
