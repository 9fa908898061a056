"""Uniform draws between two bounds.

    w = minval + (maxval - minval) * u,        u uniform on [0, 1)
"""

import keras

from tfnotes import _checks
from tfnotes.initializers._random import RandomInitializer
from tfnotes.registry import Sample, concept


@concept(
    en="random uniform initialization",
    zh="均匀随机初始化",
    twin="keras.initializers.RandomUniform",
    notes=["002:89-107", "004:241"],
    aliases=["uniform"],
    samples=[
        Sample({"seed": 1}, (30, 40)),
        Sample({"minval": -1.0, "maxval": 3, "seed": 2}, (3, 5, 4, 6)),
        Sample({"minval": 0.0, "seed": 3}, (7,)),
    ],
    bench=Sample({"seed": 1}, (1024, 1024)),
)
class RandomUniform(RandomInitializer):
    """Uniform draws (均匀随机初始化).

    Args:
        minval: lower bound, which may be drawn. Default -0.05.
        maxval: upper bound, which isn't drawn, at least `minval`. Default 0.05.
        seed: an int, a `keras.random.SeedGenerator`, or None, which draws a seed. Default None.

    Call arguments:
        shape: of the weight.
        dtype: of the weight. Default Keras's float type.

    Returns:
        Tensor of that shape and dtype.

    Raises:
        ValueError: an argument is none of these, or the bounds are the wrong way round.

    Differences from keras.initializers.RandomUniform: none; the same seed draws the same numbers. Bounds the
    wrong way round are refused, from which Keras draws.

    Notes: 002:89-107, 004:241 (中文名: 均匀随机初始化).

    >>> RandomUniform(seed=1)((2, 3)).shape == (2, 3)
    True
    """

    def __init__(self, minval=-0.05, maxval=0.05, seed=None):
        super().__init__(seed)
        self.minval = _checks.number(self, "minval", minval)
        self.maxval = _checks.number(self, "maxval", maxval, low=minval)

    def __call__(self, shape, dtype=None):
        return keras.random.uniform(shape, self.minval, self.maxval, dtype=dtype, seed=self.seed)

    def get_config(self):
        return {"minval": self.minval, "maxval": self.maxval, **super().get_config()}
