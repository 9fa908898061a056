"""Draws whose seed is a tensor, so that an exported model takes it as an argument."""

import keras
from keras import ops

from tfnotes import _share


class Stream(keras.random.SeedGenerator):
    """A seed generator without a variable: its seeds are a function of `seed` and of how many were drawn.

    Args:
        seed: an integer or an integer tensor.
        branch: tells streams of one seed apart: an integer or an integer tensor.
    """

    def __init__(self, seed, branch=0):
        # A SeedGenerator's own constructor makes a variable, which a function's trace can't hold.
        self.seed, self.branch, self.drawn = seed, branch, 0

    def next(self, ordered=True):
        self.drawn += 1
        # Odd factors keep the branches of a loop and the draws of one turn apart.
        low = ops.cast(self.branch, "int64") * 2654435761 + self.drawn * 40503
        pair = ops.stack([ops.cast(self.seed, "int64"), low])
        return ops.cast(pair % 2**32, "uint32")


def turn(random, k):
    """What to draw from in turn k of a loop: a loop's body is traced once, so a `Stream` is branched by k."""
    return Stream(random.seed, k + 1) if isinstance(random, Stream) else random


def bernoulli(p, random):
    """Ones with chance p, else zeros."""
    draws = _share.drawn(lambda shape: keras.random.uniform(shape, dtype=p.dtype, seed=random), ops.shape(p))
    return ops.cast(draws < p, p.dtype)


def normal(shape, dtype, random):
    """Standard normal draws; the first axis is that of the batch."""
    return _share.drawn(lambda shape: keras.random.normal(shape, dtype=dtype, seed=random), shape)
