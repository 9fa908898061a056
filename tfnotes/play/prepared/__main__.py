"""Writes the data of a widget without a model, whose name the file bears: python -m tfnotes.play.prepared FILE."""

import json
import sys
from pathlib import Path

from tfnotes import files
from tfnotes.play import prepared


def main(path):
    path = Path(path)
    text = json.dumps(prepared.load(path.stem).data(), separators=(",", ":"), allow_nan=False)
    with files.write_aside(path) as aside:
        aside.write_text(text + "\n", "utf-8")


if __name__ == "__main__":
    main(sys.argv[1])
