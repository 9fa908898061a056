"""The results of seeds: one file, read and added to."""

import json
import math
import shlex
from pathlib import Path

from tfnotes import documents
from tfnotes.errors import InputError
from tfnotes.files import write_aside
from tfnotes.reproduce import table

_LIMIT = 2**24  # bytes of a file of results


def same(command, other):
    """Whether two commands differ in spaces at most."""
    return shlex.split(command) == shlex.split(other)


def recorded():
    """The results that tfnotes brings along."""
    return read(table.FOLDER / "results.json")


def read(path):
    """The results in a file.

    Raises:
        InputError: `path` isn't a file of results.
        OSError: it can't be read.
    """
    path = Path(path)
    try:
        found = documents.parsed(documents.content(path, _LIMIT), path.name)
        table.schemas()["results"](found, path.name)
        for result in found:
            check(result, path.name, table.rows().get(result["row"]))
    except ValueError as error:
        raise InputError(
            f"reproduce: `record` must be a file of results. Received: {str(path)!r} ({error})."
        ) from error
    return found


def check(result, name, row):
    """Refuses a result whose figures aren't those of its row, a `ValueError` that names the file.

    Args:
        result: what fits the schema.
        name: of the file that it stands in.
        row: its `tfnotes.reproduce.table.Row`; None of a row that is no more, whose results stay and aren't shown.
    """
    if row and row.measure not in result["figures"]:
        raise ValueError(f"{name} has a result of {row.name} without {row.measure}")
    if not all(math.isfinite(value) for value in result["figures"].values()):
        raise ValueError(f"{name} has a figure that isn't finite")
    shlex.split(result["command"])


def record(results, path):
    """Adds results to the file `path`, which is made if missing; one of the same command is replaced.

    Those of other settings stay: each has looked at the test split.
    """
    path = Path(path)
    found = {_key(result): result for result in (read(path) if path.exists() else [])}
    found |= {_key(result): result for result in results}
    order = list(table.rows())
    kept = sorted(found.values(), key=lambda r: (order.index(r["row"]) if r["row"] in order else len(order), *_key(r)))
    with write_aside(path) as aside:
        aside.write_text(json.dumps(kept, indent=1) + "\n", "utf-8")


def _key(result):
    return result["row"], result["budget"], result["command"], result["seed"]
