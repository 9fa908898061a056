"""Normal draws: the notes' `numpy.random.randn() * 0.01`.

    w = mean + stddev * z,        z from the standard normal
"""

import keras

from tfnotes import _checks
from tfnotes.initializers._random import RandomInitializer
from tfnotes.registry import Sample, concept


@concept(
    en="random normal initialization",
    zh="正态随机初始化",
    twin="keras.initializers.RandomNormal",
    notes=["002:89-107", "004:241"],
    aliases=["randn", "normal"],
    samples=[
        Sample({"stddev": 0.01, "seed": 1}, (30, 40)),
        Sample({"mean": 0.5, "stddev": 2.0, "seed": 2}, (3, 5, 4, 6)),
        Sample({"seed": 3}, (7,)),
    ],
    bench=Sample({"stddev": 0.01, "seed": 1}, (1024, 1024)),
)
class RandomNormal(RandomInitializer):
    """Normal draws (正态随机初始化).

    The notes' small start is `RandomNormal(stddev=0.01)`.

    Args:
        mean: of the draws. Default 0.
        stddev: their standard deviation, at least 0. Default 0.05.
        seed: an int, a `keras.random.SeedGenerator`, or None, which draws a seed. Default None.

    Call arguments:
        shape: of the weight.
        dtype: of the weight. Default Keras's float type.

    Returns:
        Tensor of that shape and dtype.

    Raises:
        ValueError: an argument is none of these.

    Differences from keras.initializers.RandomNormal: none; the same seed draws the same numbers.

    Notes: 002:89-107, 004:241 (中文名: 正态随机初始化).

    >>> RandomNormal(stddev=0.01, seed=1)((2, 3)).shape == (2, 3)
    True
    """

    def __init__(self, mean=0.0, stddev=0.05, seed=None):
        super().__init__(seed)
        self.mean = _checks.number(self, "mean", mean)
        self.stddev = _checks.number(self, "stddev", stddev, 0)

    def __call__(self, shape, dtype=None):
        return keras.random.normal(shape, self.mean, self.stddev, dtype=dtype, seed=self.seed)

    def get_config(self):
        return {"mean": self.mean, "stddev": self.stddev, **super().get_config()}
