"""What happens to commands: killed at any instant, a disk that is full or read-only, a clock set back, a folder moved.

Whatever it was, the same command, given again as a person would, must come to the end that an undisturbed one comes
to, bit for bit; until then nothing half-made may stand under a name that anything reads.
"""

from collections import Counter
from pathlib import Path

HELD = ("Traceback (most recent call last)", "Exception ignored", "Fatal Python error", "core dumped")


class Trials:
    """What was done to one kind of command.

    Attributes:
        name: of the kind.
        done: how often each thing was done to it, by name.
        compared: how many ends were compared with the undisturbed one's.
        faults: what wasn't as it should be, a sentence each.
    """

    def __init__(self, name):
        self.name = name
        self.done: Counter[str] = Counter()
        self.compared = 0
        self.faults: list[str] = []

    def check(self, when, child):
        """Notes what no person should see of a command that has ended."""
        said = child.said()
        for text in HELD:
            if text in said:
                found = said[said.index(text) :]
                # What it was stands at the beginning, and what came of it at the end.
                self.faults.append(f"{when}: {found if len(found) < 1500 else f'{found[:700]} ... {found[-800:]}'}")
                return
        if child.status == "hangs":
            self.faults.append(f"{when}: no end in minutes; {said[-300:]}")

    def compare(self, when, differences):
        """Counts a comparison, and notes what it found."""
        self.compared += 1
        self.faults += [f"{when}: {difference}" for difference in differences]


def hidden(folder):
    """What is hidden in a folder: what a killed writer leaves, and the next one takes away."""
    return sorted(str(path.relative_to(folder)) for path in Path(folder).rglob(".*"))
