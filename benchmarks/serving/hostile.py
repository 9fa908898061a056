"""What comes back to what shouldn't be sent, and whether the next one is still answered."""

import tempfile
from pathlib import Path

from rich.table import Table
from rich.text import Text

from benchmarks.serving.child import Child
from tests.serving.server import hostile


def table(path, options):
    """A table with a row for each of `tests/serving/server/hostile.py`; False if one wasn't endured."""
    made, endured = Table("sent", "status", "what came back", "next answer ms", show_lines=False), True
    with tempfile.TemporaryDirectory() as folder:
        tokens = Path(folder, "tokens")
        tokens.write_text(hostile.TOKEN)
        with Child(path, options=[*options, *hostile.OPTIONS, "--tokens", tokens]) as child:
            model = child.said[0].split()[0]
            before = child.memory()
            for case in hostile.CASES:
                status, sentence = hostile.answer(child.address, case, model)
                after, seconds = hostile.good(child.address, model)
                good = status in case.statuses and after == 200
                endured &= good
                shown = str(status or ("closed" if case.stay else "left"))
                then = f"{1000 * seconds:.0f}" if after == 200 else "none"
                made.add_row(*map(Text, (case.name, shown, sentence[:150], then)), style=None if good else "bold red")
            made.caption = f"memory before {before:.0f} MiB, after {child.memory():.0f} MiB"
    return made, endured
