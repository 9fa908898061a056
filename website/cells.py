"""A chapter's cells: run once in a process of their own, their printed text and figures kept until a source changes.

    python -m website.cells CHAPTER FOLDER

writes FOLDER/outputs.json and the figures beside it, FOLDER being where the outputs are kept.
"""

import contextlib
import hashlib
import io
import json
import os
import subprocess
import sys
from functools import cache
from pathlib import Path

from tfnotes.files import write_aside
from website import chapters
from website.chapters import ROOT, BookError

KEPT = ROOT / "build" / "cells"
OUTPUTS = "outputs.json"


def read(chapter):
    """A chapter's cells: a dict from id to code, in order; empty where it has no cells.py."""
    path = chapters.BOOK / chapter / "cells.py"
    return _split(chapter, path.read_text("utf-8")) if path.exists() else {}


# Every directive and notebook asks for cells of the same few files, and jupytext takes its time.
@cache
def _split(chapter, text):
    import jupytext

    found = {}
    for cell in jupytext.reads(text, fmt="py:percent").cells:
        if cell.cell_type != "code":
            continue
        name = cell.metadata.get("title", "")
        # What stands above the first cell is the file's docstring.
        if not name and not found:
            continue
        if not name or name in found:
            raise BookError(f"docs/book/{chapter}/cells.py: each cell must have an id of its own. Received: {name!r}.")
        found[name] = cell.source
    return found


def outputs(chapter):
    """What each cell printed and drew: a dict from id to {"text": ..., "figures": [stem, ...]}; run where needed.

    Raises:
        BookError: a cell failed.
    """
    if not read(chapter):
        return {}
    folder = KEPT / chapter
    if not fresh(chapter):
        ran = child("website.cells", chapter, folder)
        if ran.returncode:
            # TensorFlow's greetings come on the other stream.
            raise BookError(ran.stdout.strip() or f"docs/book/{chapter}/cells.py: {ran.stderr.strip()[-2000:]}")
    return json.loads((folder / OUTPUTS).read_text("utf-8"))["cells"]


def fresh(chapter):
    """Whether the outputs kept are of today's cells and of today's modules, as far as the cells use them."""
    path = KEPT / chapter / OUTPUTS
    if not path.exists():
        return False
    sources = json.loads(path.read_text("utf-8"))["sources"]
    return all((ROOT / name).exists() and digest(ROOT / name) == found for name, found in sources.items())


def child(module, *arguments):
    """A module of the builder, run in a process of its own, with what TensorFlow and matplotlib need to be quiet."""
    environment = {**os.environ, "MPLBACKEND": "Agg", "TF_CPP_MIN_LOG_LEVEL": "3", "CUDA_VISIBLE_DEVICES": ""}
    command = [sys.executable, "-m", module, *map(str, arguments)]
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)


def digest(path):
    """A file's content, as a short text."""
    return hashlib.sha256(Path(path).read_bytes()).hexdigest()[:16]


def run(chapter, folder):
    """Runs the cells in one namespace, and writes what they printed and drew.

    Raises:
        BookError: a cell failed; with the end of its traceback.
    """
    import matplotlib as mpl

    from website import figures

    path = chapters.BOOK / chapter / "cells.py"
    namespace, found = {"__name__": "__main__", "__file__": str(path)}, {}
    with write_aside(Path(folder)) as aside, mpl.rc_context(figures.style()):
        aside.mkdir()
        for name, code in read(chapter).items():
            printed = io.StringIO()
            try:
                with contextlib.redirect_stdout(printed):
                    exec(compile(code, f"<{chapter}, cell {name}>", "exec"), namespace)
                    drawn = figures.save(aside, name)
            except Exception as error:
                raise BookError(f"docs/book/{chapter}/cells.py: the cell {name} failed. {_where(error)}") from error
            found[name] = {"text": printed.getvalue(), "figures": drawn}
        kept = {"sources": {os.path.relpath(p, ROOT): digest(p) for p in _used(path)}, "cells": found}
        (aside / OUTPUTS).write_text(json.dumps(kept, indent=1, ensure_ascii=False), "utf-8")


def _used(path):
    """The files that decide over the outputs: the cells, what runs them, and modules of ours that were imported."""
    loaded = (getattr(module, "__file__", None) for module in list(sys.modules.values()))
    modules = {Path(file) for file in loaded if file}
    ours = {m for m in modules if m.is_relative_to(ROOT / "tfnotes") or m.is_relative_to(ROOT / "tasks")}
    return sorted({path, *ours, ROOT / "website" / "cells.py", ROOT / "website" / "figures.py"})


def _where(error):
    import traceback

    inside = [frame for frame in traceback.extract_tb(error.__traceback__) if frame.filename.startswith("<")]
    line = f" in its line {inside[-1].lineno}" if inside else ""
    return f"{type(error).__name__}{line}: {error}"


if __name__ == "__main__":
    import shutil

    shutil.rmtree(sys.argv[2], ignore_errors=True)
    try:
        run(*sys.argv[1:])
    except BookError as error:
        sys.stdout.write(f"{error}\n")
        sys.exit(1)
