"""The inputs that an export carries, made of some examples of the test split: it is checked with them."""

import zipfile
import zlib
from pathlib import Path

import numpy as np

from tfnotes.serving import metadata

NAME = "examples.npz"
"""The file in the version's folder; an array for each input, called `<endpoint>/<input>`."""

LIMIT = 2**28
"""Bytes of all arrays; ours have some million."""


def of(folder, endpoint):
    """The stored inputs of one endpoint, a dict of arrays by name; empty if none are stored."""
    path = Path(folder) / NAME
    if not path.is_file():
        return {}
    try:
        with zipfile.ZipFile(path) as archive:
            # A small file can unpack to more than a computer's memory.
            if sum(inner.file_size for inner in archive.infolist()) > LIMIT:
                raise ValueError(f"{NAME} unpacks to more than {LIMIT // 2**20} MiB")
        with np.load(path) as stored:
            keys = {key: key.partition("/") for key in stored.files}
            found = {inner: stored[key] for key, (name, _, inner) in keys.items() if name == endpoint}
        if 0 in (len(value) for value in found.values() if value.ndim):
            raise ValueError(f"{NAME} has an input without examples")
        return found
    except (ValueError, OSError, EOFError, RuntimeError, zipfile.BadZipFile, zlib.error) as error:
        raise metadata.damaged(folder, error) from error
