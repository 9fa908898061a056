"""Normal draws without outliers: what falls beyond two standard deviations is drawn again.

    w = mean + stddev * z,        z from the standard normal, given |z| < 2

The standard deviation of what remains is 0.8796 * stddev.
"""

import keras

from tfnotes import _checks
from tfnotes.initializers._random import RandomInitializer
from tfnotes.registry import Sample, concept


@concept(
    en="truncated normal initialization",
    zh="截断正态初始化",
    twin="keras.initializers.TruncatedNormal",
    notes=["002:89-107", "004:241"],
    samples=[
        Sample({"stddev": 0.01, "seed": 1}, (30, 40)),
        Sample({"mean": 0.5, "stddev": 2.0, "seed": 2}, (3, 5, 4, 6)),
        Sample({"seed": 3}, (7,)),
    ],
    bench=Sample({"stddev": 0.01, "seed": 1}, (1024, 1024)),
)
class TruncatedNormal(RandomInitializer):
    """Normal draws within two standard deviations (截断正态初始化).

    Args:
        mean: of the draws. Default 0.
        stddev: their standard deviation before they are cut off, at least 0. Default 0.05.
        seed: an int, a `keras.random.SeedGenerator`, or None, which draws a seed. Default None.

    Call arguments:
        shape: of the weight.
        dtype: of the weight. Default Keras's float type.

    Returns:
        Tensor of that shape and dtype.

    Raises:
        ValueError: an argument is none of these.

    Differences from keras.initializers.TruncatedNormal: none; the same seed draws the same numbers.

    Notes: 002:89-107, 004:241 (中文名: 截断正态初始化).

    >>> TruncatedNormal(seed=1)((2, 3)).shape == (2, 3)
    True
    """

    def __init__(self, mean=0.0, stddev=0.05, seed=None):
        super().__init__(seed)
        self.mean = _checks.number(self, "mean", mean)
        self.stddev = _checks.number(self, "stddev", stddev, 0)

    def __call__(self, shape, dtype=None):
        return keras.random.truncated_normal(shape, self.mean, self.stddev, dtype=dtype, seed=self.seed)

    def get_config(self):
        return {"mean": self.mean, "stddev": self.stddev, **super().get_config()}
