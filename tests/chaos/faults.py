"""Faults that aren't signals: a disk that is full, a folder that nobody may write, a clock set back, a folder moved."""

import contextlib
import os
import re
import resource
import shutil
import signal
import subprocess
import time
from pathlib import Path
from random import Random

from tests.chaos import Trials, ends
from tests.chaos.children import free, held
from tests.chaos.kills import undisturbed

DAY = 86_400


class Fault:
    """One fault of one case, from its start to the comparison.

    Attributes:
        folder: where the command works.
        result: what it makes there.
    """

    def __init__(self, world, case, trials, random):
        self.world, self.case, self.trials, self.random = world, case, trials, random
        self.reference, self.seconds = undisturbed(world, case)
        self.folder, self.log = world.folder / "fault", world.folder / "fault.log"
        shutil.rmtree(self.folder, ignore_errors=True)
        self.log.unlink(missing_ok=True)
        self.folder.mkdir()
        self.result = self.folder / case.result

    def start(self, wrap=lambda function: function, folder=None):
        self.log.unlink(missing_ok=True)
        return self.case.start(self.world, folder or self.folder, self.log, wrap)

    def killed(self):
        """A command that is killed at an instant, if it hasn't ended before."""
        child = self.start()
        child.wait(self.seconds * self.random.random())
        child.send(signal.SIGKILL)
        child.end()
        free(self.result)

    def refused(self, name, child, says):
        """Waits for the end of a command that something is in the way of: well, or with one sentence."""
        status = child.end()
        self.trials.check(name, child)
        line = child.said().strip().splitlines()[-1] if child.said().strip() else ""
        if status and not (status == 1 and re.search(says, line)):
            self.trials.faults.append(f"{name}: status {status}, and the last line is {line[:300]!r}")

    def compare(self, name, folder=None, wrap=lambda function: function):
        """Goes on with what stands, to the end, and compares that."""
        folder = folder or self.folder
        child = self.start(wrap, folder)
        child.end()
        self.trials.check(name, child)
        if child.status:
            self.trials.faults.append(f"{name}: status {child.status} at the end: {child.said()[-500:]}")
            return
        different = ends.found(self.case.differences, folder / self.case.result, self.reference, log=self.log)
        self.trials.compare(name, different)


def full(fault):
    """A disk of the size that it takes to come to some place, made larger afterwards."""
    needed = sum(path.stat().st_size for path in fault.reference.rglob("*") if path.is_file())
    size = int(needed * fault.random.uniform(0.05, 1.1)) + 4096
    with _disk(fault.folder, size) as grow:
        fault.refused("disk full", fault.start(), "No space left on device")
        grow(10 * needed + 2**24)
        fault.compare("disk full")


@contextlib.contextmanager
def _disk(folder, size):
    """A disk in memory at a folder; gives a function that makes it larger."""
    mount = ["mount", "-t", "tmpfs", "-o"]
    subprocess.run([*mount, f"size={size}", "tfnotes", str(folder)], check=True)
    try:
        yield lambda size: subprocess.run([*mount, f"remount,size={size}", "tfnotes", str(folder)], check=True)
    finally:
        subprocess.run(["umount", str(folder)], check=True)


def large(fault):
    """No file may be larger than some size."""
    sizes = sorted(path.stat().st_size for path in fault.reference.rglob("*") if path.is_file())
    size = int(sizes[-1] * fault.random.random())

    def limited(function):
        def run():
            resource.setrlimit(resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))
            function()

        return run

    fault.refused("file too large", fault.start(limited), "File too large|No space left")
    fault.compare("file too large")


def read_only(fault):
    """From an instant on nobody may write to the folder; then they may again."""
    child = fault.start(held)
    child.wait(fault.seconds * fault.random.random())
    for path in _folders(fault.folder):
        with contextlib.suppress(FileNotFoundError):
            path.chmod(0o555)
    fault.refused("read-only", child, "Permission denied|can be written")
    for path in _folders(fault.folder):
        path.chmod(0o755)
    fault.compare("read-only", wrap=held)


def _folders(folder):
    return [folder, *(path for path in folder.rglob("*") if path.is_dir())]


def clock(fault):
    """It is ten days earlier than before: what stands is of a later time, also by its events' names."""
    fault.killed()
    for path in sorted(fault.folder.rglob("*"), reverse=True):
        if "tfevents" in path.name:
            later = re.sub(r"(?<=tfevents\.)\d+", lambda found: str(int(found[0]) + 10 * DAY), path.name)
            path = path.rename(path.with_name(later))
        os.utime(path, (time.time() + 10 * DAY,) * 2)

    fault.compare("clock set back", wrap=_earlier)


def _earlier(function):
    def run():
        now = time.time
        time.time = lambda: now() - 10 * DAY
        function()

    return run


def renamed(fault):
    """The folder has another name than when it was killed."""
    fault.killed()
    moved = fault.world.folder / "moved"
    shutil.rmtree(moved, ignore_errors=True)
    fault.folder.rename(moved)
    fault.compare("renamed", moved)


def moved_while_it_runs(fault):
    """The folder is given another name at an instant, of which the command takes notice; then it goes on there."""
    child = fault.start()
    child.wait(fault.seconds * fault.random.random())
    elsewhere = fault.result.with_name("elsewhere")
    there = fault.result.exists()
    if there:
        fault.result.rename(elsewhere)
    fault.refused("renamed while it runs", child, "deleted or renamed while|No such file")
    if there:
        if fault.result.exists():
            fault.trials.faults.append(f"renamed while it runs: {sorted(os.listdir(fault.result))} is made anew")
            shutil.rmtree(fault.result)
        elsewhere.rename(fault.result)
    fault.compare("renamed while it runs")


def copied(fault):
    """Two copies of what was killed."""
    fault.killed()
    copy = fault.world.folder / "copy"
    shutil.rmtree(copy, ignore_errors=True)
    shutil.copytree(fault.folder, copy)
    fault.compare("copied", copy)
    fault.compare("copied")


KINDS = {
    "disk full": full,
    "file too large": large,
    "read-only": read_only,
    "clock set back": clock,
    "renamed": renamed,
    "renamed while it runs": moved_while_it_runs,
    "copied": copied,
}


def trials(world, name, cases, times):
    """Trials of one kind of fault, so many of each case; None if this machine can't have it."""
    if name == "disk full" and not _mounts(world.folder):
        return None
    found, random = Trials(name), Random(name)
    for case in cases:
        # Data are prepared under a hidden name, and what replaces them has none to be given meanwhile.
        if case.resume is None and name == "renamed while it runs":
            continue
        for _ in range(times):
            KINDS[name](Fault(world, case, found, random))
            found.done["done"] += 1
    return found


def _mounts(folder):
    probe = Path(folder) / "probe"
    probe.mkdir(exist_ok=True)
    try:
        with _disk(probe, 4096):
            return True
    except (OSError, subprocess.CalledProcessError):
        return False
