"""Dropout: in training each input is dropped with probability `rate`, the rest is scaled up.

    keep ~ Bernoulli(1 - rate)
    y    = x * keep / (1 - rate)      in training, so that E[y] = x
    y    = x                          in inference
"""

import keras
from keras import ops

from tfnotes import _checks, _share
from tfnotes.layers._base import Stateless
from tfnotes.registry import Sample, concept


def dropout(x, keep, rate):
    """Drops what isn't kept and scales the rest.

    Args:
        x: inputs.
        keep: bools, of a shape that broadcasts to that of `x`.
        rate: share dropped, below 1.

    Returns:
        Tensor of the shape of `x`.
    """
    # `where`, not a product: a dropped infinity is 0, not NaN.
    return ops.where(keep, x * (1 / (1 - rate)), 0)


@concept(
    en="dropout",
    zh="暂退法",
    twin="keras.layers.Dropout",
    notes=["003:116", "004:260-265"],
    samples=[
        Sample({"rate": 0.4, "seed": 1}, (4, 5)),
        Sample({"rate": 0.5, "noise_shape": (None, 1, None), "seed": 1}, (2, 4, 3)),
        Sample({"rate": 0.0}, (2, 3)),
    ],
    exempt={"parity in training": "it draws which inputs to drop by another stream; see its own statistical tests"},
    bench=Sample({"rate": 0.5, "seed": 1}, (128, 4096)),
)
class Dropout(Stateless):
    """Dropout (暂退法) with inverted scaling: nothing is left to do in inference.

    Args:
        rate: probability of dropping an input, from 0 to 1.
        noise_shape: shape of the draw, which broadcasts over axes of size 1; None in it stands for
            the input's size. Default None, the input's shape.
        seed: an int or None. Default None.

    Call arguments:
        inputs: any shape, any float dtype.
        training: whether inputs are dropped. Default False.

    Returns:
        Tensor of the shape and dtype of the inputs.

    Masking: a mask passes on unchanged.

    Raises:
        ValueError: `rate` isn't a number from 0 to 1, `noise_shape` isn't a shape, or `seed` no int.

    Differences from keras.layers.Dropout: the same seed drops other inputs.

    Notes: 003:116, 004:260-265 (中文名: 暂退法).

    Reference: Srivastava et al. 2014, "Dropout: a simple way to prevent neural networks from
    overfitting", section 4, with the scaling moved from inference to training.

    >>> float(ops.max(Dropout(0.5, seed=1)(ops.ones((100,)), training=True)))
    2.0
    """

    def __init__(self, rate, noise_shape=None, seed=None, **kwargs):
        super().__init__(**kwargs)
        self.rate = _checks.number(self, "rate", rate, 0, 1)
        if noise_shape is not None:
            sizes = list(noise_shape) if isinstance(noise_shape, (tuple, list)) else ["not a shape"]
            if any(s is not None and (isinstance(s, bool) or not isinstance(s, int) or s < 1) for s in sizes):
                _checks.refuse(self, "noise_shape", "a tuple of positive integers and None", noise_shape)
            noise_shape = tuple(sizes)
        self.noise_shape = noise_shape
        largest = _checks.LARGEST_SEED
        self.seed = None if seed is None else _checks.integer(self, "seed", seed, minimum=0, maximum=largest)
        self.seed_generator = keras.random.SeedGenerator(seed) if rate > 0 else None
        self.supports_masking = True

    def check_shape(self, input_shape):
        noise = self.noise_shape or input_shape
        same_rank = len(noise) == len(input_shape)
        if not same_rank or any(s and n not in (None, 1, s) for n, s in zip(noise, input_shape, strict=True)):
            expected = f"None, 1 or the inputs' size on each axis of {tuple(input_shape)}"
            _checks.refuse(self, "noise_shape", expected, noise)

    def call(self, inputs, training=False):
        if not training or self.rate == 0:
            return inputs
        if self.rate == 1:
            return ops.zeros_like(inputs)
        sizes = ops.shape(inputs)
        noise = self.noise_shape or (None,) * len(sizes)
        shape = [sizes[k] if noise[k] is None else noise[k] for k in range(len(sizes))]
        draws = _share.drawn(lambda shape: keras.random.uniform(shape, seed=self.seed_generator), shape)
        return dropout(inputs, draws >= self.rate, self.rate)

    def compute_output_shape(self, input_shape):
        return input_shape
