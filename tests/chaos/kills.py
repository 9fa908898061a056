"""Kills at random, seeded instants: one command is killed again and again, goes on, and is compared at its end."""

import os
import shutil
import signal
from random import Random

from tests.chaos import Trials, ends
from tests.chaos.children import alone, free
from tests.workers.launched import workers

SIGNALS = (signal.SIGKILL, signal.SIGTERM, signal.SIGINT)
STATUSES = {
    signal.SIGKILL: {-signal.SIGKILL},
    # Before a run holds the signal it ends the process as it ends any.
    signal.SIGTERM: {-signal.SIGTERM, 128 + signal.SIGTERM, 128 + signal.SIGINT},
    signal.SIGINT: {-signal.SIGINT, 128 + signal.SIGINT},
}
_ROW = 12  # kills of one command before it may end


def undisturbed(world, case):
    """Its result and how many seconds it takes; made once, as is what it works on."""
    world.make()
    if case.of:
        undisturbed(world, case.of)
    folder = world.folder / "undisturbed" / case.name
    if case.name not in world.seconds:
        folder.mkdir(parents=True)
        child = case.start(world, folder, folder.with_suffix(".log"))
        if child.end():
            raise RuntimeError(f"{case.name}, undisturbed: {child.said()}")
        world.seconds[case.name] = child.seconds
    return folder / case.result, world.seconds[case.name]


def killed(world, case, wanted):
    """Trials with so many kills of a case."""
    trials, (reference, seconds) = Trials(case.name), undisturbed(world, case)
    random, row = Random(case.name), 0
    while trials.done.total() < wanted and len(trials.faults) < 5:
        row += 1
        folder, log = world.folder / "killed", world.folder / "killed.log"
        shutil.rmtree(folder, ignore_errors=True)
        log.unlink(missing_ok=True)
        folder.mkdir()
        child, said = _row(world, case, trials, folder, log, seconds, random, wanted)
        when = f"row {row} ({', '.join(said)})"
        child.end()
        trials.check(when, child)
        if child.status:
            trials.faults.append(f"{when}: status {child.status} at the end: {child.said()[-500:]}")
        else:
            # Of a creation that was killed, the next one takes away what is left.
            left = [f"{path.name} is left beside it" for path in folder.iterdir() if path.name.startswith(".")]
            trials.compare(when, left + ends.found(case.differences, folder / case.result, reference, log=log))
    return trials


def _row(world, case, trials, folder, log, seconds, random, wanted):
    """Kills in a row; gives the command that comes to the end, and what was done before."""
    child, said = None, []
    for _ in range(min(_ROW, wanted - trials.done.total())):
        child = child or case.start(world, folder, log)
        instant, signum = seconds * random.random(), random.choice(SIGNALS)
        if child.wait(instant):
            return child, said
        lost = random.choice([*(worker.pid for worker in workers(child)), child.pid])
        if lost != child.pid:
            # The others begin anew by themselves.
            os.kill(lost, signal.SIGKILL)
            trials.done["SIGKILL"] += 1
            said.append(f"a worker after {instant:.2f} s")
            continue
        child.send(signum)
        aborted = child.end() == 1 and signum == signal.SIGINT and "Aborted!" in child.said()
        if child.status not in STATUSES[signum] and not aborted:
            return child, said
        trials.done[signum.name] += 1
        said.append(f"{signum.name} after {instant:.2f} s")
        trials.check(", ".join(said), child)
        for left in (alone(child.pid), free(folder / case.result)):
            if not left:
                trials.faults.append(f"{', '.join(said)}: what it had started runs on for a minute")
        log.unlink()
        child = None
    return child or case.start(world, folder, log), said
