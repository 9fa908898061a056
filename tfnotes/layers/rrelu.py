"""RReLU (Xu et al. 2015): a leaky ReLU whose slope is drawn anew for each input in training.

    slope ~ Uniform(lower, upper)          in training, one draw for each input
    slope = (lower + upper) / 2            in inference: its mean
    y     = x where x > 0, else slope * x

With the defaults 1/8 and 1/3 the mean slope is 11/48.
"""

import keras
from keras import ops

from tfnotes import _checks, _share
from tfnotes.activations.leaky_relu import leaky_relu
from tfnotes.layers._base import Elementwise
from tfnotes.registry import Sample, concept


@concept(
    en="randomized leaky rectified linear unit",
    zh="随机修正线性单元",
    notes=["001:14"],
    samples=[Sample({"seed": 1}, (4, 7)), Sample({"lower": 0.0, "upper": 0.5, "seed": 1}, (2, 3, 4))],
)
class RReLU(Elementwise):
    """Randomized leaky rectified linear unit (随机修正线性单元): noise in the slope against overfitting.

    Args:
        lower, upper: bounds of the slope, 0 <= lower <= upper. Default 1/8 and 1/3.
        seed: an int from 0, or None. Default None.

    Call arguments:
        inputs: any shape, any float dtype.
        training: whether slopes are drawn. Default False.

    Returns:
        Tensor of the shape of the inputs, in the compute dtype.

    Masking: a mask passes on unchanged.

    Raises:
        ValueError: the bounds aren't numbers in order from 0, or `seed` no int.

    Differences from Keras: it has no RReLU. The paper draws the divisor, from 3 to 8, and divides by its
    mean 5.5 in inference; here, as in the notes' other rectifiers, it is the slope that is drawn.

    Notes: 001:14 (中文名: 随机修正线性单元).

    Reference: Xu et al. 2015, "Empirical evaluation of rectified activations in convolutional network",
    section 2.4; arXiv:1505.00853.

    >>> RReLU()(ops.array([-48.0, 5.0])).numpy().tolist()
    [-11.0, 5.0]
    """

    def __init__(self, lower=1 / 8, upper=1 / 3, seed=None, **kwargs):
        super().__init__(**kwargs)
        self.lower = _checks.number(self, "lower", lower, 0)
        self.upper = _checks.number(self, "upper", upper, self.lower)
        largest = _checks.LARGEST_SEED
        self.seed = None if seed is None else _checks.integer(self, "seed", seed, minimum=0, maximum=largest)
        self.seed_generator = keras.random.SeedGenerator(seed)

    def call(self, inputs, training=False):
        if not training:
            return leaky_relu(inputs, (self.lower + self.upper) / 2)
        def draw(shape):
            return keras.random.uniform(shape, self.lower, self.upper, inputs.dtype, seed=self.seed_generator)

        slope = _share.drawn(draw, ops.shape(inputs))
        return ops.where(inputs > 0, inputs, slope * inputs)
