"""Small inputs that the clients' programs share."""

import numpy as np


def images(n=12, size=8, channels=1, classes=3):
    rng = np.random.default_rng(1)
    return rng.normal(size=(n, size, size, channels)).astype("float32"), rng.integers(0, classes, n)


def rows(n=16, width=5, classes=3):
    rng = np.random.default_rng(2)
    return rng.normal(size=(n, width)).astype("float32"), rng.integers(0, classes, n)


def sequences(n=8, steps=6, width=4):
    rng = np.random.default_rng(3)
    return rng.normal(size=(n, steps, width)).astype("float32"), rng.normal(size=(n, 1)).astype("float32")


def words(n=8, steps=7, vocabulary=11):
    """Indices padded with zeros at the end, and a label of each row."""
    rng = np.random.default_rng(4)
    tokens = rng.integers(1, vocabulary, (n, steps))
    for k, row in enumerate(tokens):
        row[1 + k % steps :] = 0
    return tokens.astype("int32"), rng.integers(0, 2, n).astype("float32")
