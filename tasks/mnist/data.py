"""MNIST in memory: images uint8 of shape (n, 28, 28), labels int64 of shape (n,).

The test split is the stored one. Of the stored training split, the last tenth of each digit's
images is the validation split. TFDS shuffles by a hash when it stores, so that tenth is a random
sample, and the same one every time.
"""

from dataclasses import replace

import numpy as np

from tfnotes.data import prepared
from tfnotes.errors import InputError
from tfnotes.task import Splits
from tfnotes_tasks import sources


def full(data_dir=None):
    """The whole of MNIST: 54,004 images to train, 5,996 to validate, 10,000 to test.

    Args:
        data_dir: the data folder, or None for TFDS's own.

    Returns:
        `tfnotes.task.Splits`.

    Raises:
        InputError: the data aren't prepared, or are damaged.
    """
    return prepared.splits(sources.MNIST_FULL, data_dir, of=_pixels)


def sample(data_dir=None):
    """The sample of MNIST: 3,600 images to train, 400 to validate, 1,000 to test.

    All of them come from the training split of `full`: a model trained on `full` has seen them.

    Args:
        data_dir: the data folder, or None for TFDS's own.

    Returns:
        `tfnotes.task.Splits`.

    Raises:
        InputError: the data aren't prepared, or are damaged.
    """
    return prepared.splits(sources.MNIST_SAMPLE, data_dir, of=_pixels)


def select(splits, seed, *, digits="0123456789", examples=0, hold_out=True):
    """Some digits alone, and fewer examples of them or more.

    Args:
        splits: as `full` and `sample` give them.
        seed: which examples are drawn depends on it.
        digits: those that stay, in all three splits.
        examples: how many of them training sees, drawn at random; 0 for all.
        hold_out: whether the validation split stays out of training. With False training sees it too, as papers do
            in their last run, once the settings stand; figures of validation tell nothing then.

    Returns:
        `tfnotes.task.Splits`.

    Raises:
        InputError: there are no such digits, or not so many examples.
    """
    if not set(digits) <= set("0123456789") or not digits:
        raise InputError(f"mnist: `digits` must be digits such as 56789. Received: digits={digits!r}.")
    if not hold_out:
        splits = replace(splits, train=splits.train.joined(splits.validation))
    wanted = [int(digit) for digit in digits]
    kept = {}
    for name in ("train", "validation", "test"):
        split = getattr(splits, name)
        rows = np.flatnonzero(np.isin(split.y, wanted))
        if name == "train" and examples:
            if not 0 < examples <= len(rows):
                raise InputError(
                    f"mnist: `examples` must be from 1 to {len(rows)}, or 0 for all. Received: examples={examples}."
                )
            rows = np.sort(np.random.default_rng(seed).permutation(rows)[:examples])
        kept[name] = split.select(rows)
    return Splits(**kept)


def _pixels(images):
    return images[..., 0]
