"""The one place that reads the text files of a run, as `run.schema.json` beside this module describes them."""

import re
from functools import lru_cache
from pathlib import Path

from tfnotes import documents

LIMIT = 64 * 2**20
"""Bytes of one of these files; a million epochs have about as many."""

_CHECKPOINT = re.compile(r"epoch-([0-9]{4,10})")


@lru_cache(maxsize=1)
def _schemas():
    return documents.schemas(Path(__file__).with_name("run.schema.json"))


def one(path, kind):
    """What a JSON file holds.

    Args:
        path: of the file.
        kind: the name of its schema: "config", "test" or "checkpoint".

    Raises:
        ValueError: it is damaged.
        OSError: it can't be read.
    """
    found = documents.parsed(documents.content(path, LIMIT), path.name)
    _schemas()[kind](found, path.name)
    return found


def config(path):
    """What `config.json` holds, its whole numbers as such."""
    found, integers = one(path, "config"), ("epochs", "batch_size", "seed", "threads")
    # JSON's 4.0 is a whole number too, but none to count with; and what is no number is below no limit.
    for key, value in found.items():
        if (key in integers and type(value) is not int) or value != value:
            raise ValueError(f"{key} is {value}")
    return found


def rows(path):
    """The rows of `metrics.jsonl`, a dict for each epoch; as for `one`."""
    found = []
    for number, line in enumerate(documents.content(path, LIMIT).splitlines(), 1):
        name = f"line {number}"
        found.append(documents.parsed(line, name))
        _schemas()["metrics"](found[-1], name)
    return found


def checkpoints(folder):
    """The checkpoints in a folder by the number of their epoch, the oldest first; what else is there is nobody's."""
    named = ((_CHECKPOINT.fullmatch(path.name), path) for path in Path(folder).glob("epoch-*"))
    return dict(sorted((int(name[1]), path) for name, path in named if name and path.is_dir()))
