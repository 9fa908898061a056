"""Trains a seed of a row by `tfnotes train`, or goes on with it where it stopped."""

import json
import math
import os
import re
import shlex
import subprocess
import sys
import time
from datetime import date
from pathlib import Path

from tfnotes import documents
from tfnotes.errors import InputError
from tfnotes.files import write_aside
from tfnotes.reproduce import results, table
from tfnotes.sweep.trials import Process
from tfnotes.training.run import Run

_LIMIT = 2**20  # bytes of what stands beside a run
_PAUSE = 0.2  # seconds between two looks at the training


class Seed:
    """One seed of a row: the run `OUT/ROW-SEED`, and beside it `ROW-SEED.json`, its result or the time it took so far.

    Args:
        row: a `tfnotes.reproduce.table.Row`.
        budget: "quick" or "full".
        seed: of the training.
        out: folder of the runs.
        variation: one of the row's, or "" for none, to measure on the validation split; None to measure on the test
            split. Its run is `OUT/ROW-SEED` and the variation's letters.
    """

    def __init__(self, row, budget, seed, out, variation=None):
        self.row, self.budget, self.seed, self.variation = row, budget, seed, variation
        self.command = row.command(budget, seed, variation)
        self._split = None if variation is None else "validation"
        name = f"{row.name}-{seed}" if budget == "full" else f"{budget}-{row.name}-{seed}"
        if self._split:
            name += f"-{self._split}{re.sub('[^a-z0-9.]+', '-', variation)}"
        self.path, self.beside = Path(out) / name, Path(out) / f"{name}.json"

    def result(self):
        """What is finished, as in results.json; None before that.

        Raises:
            InputError: the file is damaged, or of other settings.
        """
        found = self._stored()
        return found if "figures" in found else None

    def train(self, progress=lambda done, total: None):
        """Trains, tests, and keeps the result.

        Args:
            progress: called with the epochs done and their number.

        Returns:
            What `result` gives.

        Raises:
            InputError: `tfnotes train` refuses, for want of data for one; what is in its way is said.
            KeyboardInterrupt: as it came, with all that is needed to go on in place.
        """
        before, begun = self._stored().get("cpu_seconds", 0.0), _cpu_of_children()
        # Of what a kill ends nobody tells how long it took.
        self._keep({"command": self.command, "cpu_seconds": None})

        def spent():
            return None if before is None else before + _cpu_of_children() - begun

        try:
            if not self._trained():
                self._train(progress)
            figures = self._figures()
            if self.row.measure not in figures:
                raise InputError(
                    f"reproduce: the run {self.path} must have been measured by {self.row.measure}. "
                    f"Received: {', '.join(figures) or 'no figures'}; move it away to train it again."
                )
            if not all(map(math.isfinite, figures.values())):
                received = ", ".join(f"{name} {value}" for name, value in figures.items())
                raise InputError(
                    f"reproduce: the run {self.path} must have finite figures. Received: {received}; move it away to "
                    "train it again."
                )
        except BaseException:
            if self._begun():
                self._keep({"command": self.command, "cpu_seconds": spent()})
            else:
                self.beside.unlink(missing_ok=True)
            raise
        result = {
            "row": self.row.name,
            "budget": self.budget,
            "seed": self.seed,
            "command": self.command,
            "figures": figures,
            "cpu_seconds": spent(),
            "date": date.today().isoformat(),
            "versions": Run.open(self.path).config["versions"],
        }
        if self._split:
            result["split"] = self._split
        self._keep(result)
        return result

    def _train(self, progress):
        given = ["--run", str(self.path), *shlex.split(self.command)]
        if self._begun():
            given = ["--resume", str(self.path), *(["--no-test"] if self._split else [])]
        process = Process(given, tethered=True)
        try:
            while process.status() is None:
                time.sleep(_PAUSE)
                if self._begun():
                    run = Run.open(self.path)
                    progress(len(run.metrics()), run.config["epochs"])
        finally:
            process.stop()
        if process.status():
            raise InputError(process.said())

    def _figures(self):
        if not (self.row.evaluated or self._split):
            return _numbers(Run.open(self.path).test())
        asked = [sys.executable, "-m", "tfnotes", "evaluate", str(self.path), "--json"]
        asked += ["--split", self._split] if self._split else []
        done = subprocess.run(asked, capture_output=True, text=True, check=False)
        if done.returncode:
            raise InputError((done.stderr.strip().splitlines() or [""])[-1].removeprefix("Error: "))
        return _numbers(json.loads(done.stdout))

    def _trained(self):
        if not self._begun():
            return False
        run = Run.open(self.path)
        return len(run.metrics()) == run.config["epochs"] if self._split else run.complete

    def _begun(self):
        return (self.path / "config.json").exists()

    def _stored(self):
        name = self.beside.name
        try:
            found = documents.parsed(documents.content(self.beside, _LIMIT), name)
            kind, checked = ("results", [found]) if isinstance(found, dict) and "figures" in found else ("part", found)
            table.schemas()[kind](checked, name)
            if kind == "results":
                results.check(found, name, self.row)
                given = tuple(found.get(key) for key in ("row", "budget", "seed", "split"))
                if given != (self.row.name, self.budget, self.seed, self._split):
                    raise ValueError(f"{name} has a result of {' '.join(map(str, filter(None, given)))}")
            known = results.same(found["command"], self.command)
        except FileNotFoundError:
            if not os.path.lexists(self.path):
                return {}
            raise InputError(
                f"reproduce: `out` must hold runs of this command alone. Received: {self.path} without {name}; move it "
                "away, or take another --out."
            ) from None
        except ValueError as error:
            raise InputError(f"reproduce: {self.beside} is damaged ({error}).") from error
        if not known:
            raise InputError(
                f"reproduce: `out` must hold runs of the settings of {self.row.name}. Received: {self.beside} of "
                f"`{found['command']}`; move it and {self.path} away, or take another --out."
            )
        return found

    def _keep(self, content):
        with write_aside(self.beside) as aside:
            aside.write_text(json.dumps(content, indent=1) + "\n", "utf-8")


def _numbers(figures):
    return {
        key: value for key, value in figures.items() if isinstance(value, (int, float)) and not isinstance(value, bool)
    }


def _cpu_of_children():
    """CPU seconds of all processes that this one has started and that have ended, and of theirs."""
    times = os.times()
    return times.children_user + times.children_system
