"""Film reviews in memory: texts as UTF-8 bytes, labels int64, 0 for negative and 1 for positive.

The test split is the stored one; a part of the stored training split is the validation split.
"""

import hashlib

import numpy as np

from tfnotes.data import prepared
from tfnotes_tasks import sources


def full(data_dir=None):
    """IMDB's reviews: 22,500 to train, 2,500 to validate, 25,000 to test.

    No film stands in both training and test. The validation split is the last tenth of each label's
    reviews, in the random order in which TFDS stores them; the same films may stand in training.

    Args:
        data_dir: the data folder, or None for TFDS's own.

    Returns:
        `tfnotes.task.Splits`.

    Raises:
        InputError: the data aren't prepared, or are damaged.
    """
    return prepared.splits(sources.IMDB_FULL, data_dir, "text")


def sample(data_dir=None):
    """Snippets of reviews: 10,229 to train and to validate, 2,523 to test; no film stands in two splits.

    The validation split is about a tenth of the films, by the hashes of their names.

    Args:
        data_dir: the data folder, or None for TFDS's own.

    Returns:
        `tfnotes.task.Splits`.

    Raises:
        InputError: the data aren't prepared, or are damaged.
    """
    return prepared.splits(sources.IMDB_SAMPLE, data_dir, "text", by="film", held=_tenth)


def _tenth(films):
    hashes = (hashlib.sha256(b"validation " + film).digest() for film in films)
    return np.array([int.from_bytes(found[:4], "big") % 10 == 0 for found in hashes])
