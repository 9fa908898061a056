"""Writes the data of the widgets without a model, a file each: python -m tfnotes.play.prepared FOLDER."""

import json
import sys
from pathlib import Path

from tfnotes import files
from tfnotes.play import prepared


def main(folder):
    for name in prepared.NAMES:
        text = json.dumps(prepared.load(name).data(), separators=(",", ":"), allow_nan=False)
        with files.write_aside(Path(folder) / f"{name}.json") as aside:
            aside.write_text(text + "\n", "utf-8")


if __name__ == "__main__":
    main(sys.argv[1])
