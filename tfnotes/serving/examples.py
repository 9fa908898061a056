"""The inputs that an export carries, made of some examples of the test split: it is checked with them."""

from pathlib import Path

import numpy as np

NAME = "examples.npz"
"""The file in the version's folder; an array for each input, called `<endpoint>/<input>`."""


def of(folder, endpoint):
    """The stored inputs of one endpoint, a dict of arrays by name; empty if none are stored."""
    path = Path(folder) / NAME
    if not path.is_file():
        return {}
    with np.load(path) as stored:
        keys = {key: key.split("/", 1) for key in stored.files}
        return {inner: stored[key] for key, (name, inner) in keys.items() if name == endpoint}
