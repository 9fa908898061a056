"""Zeros: what biases start from. A kernel of zeros leaves all units of its layer equal for ever (002:91).

    w = 0
"""

import keras
from keras import ops

from tfnotes.registry import Sample, concept


@concept(
    en="zeros",
    zh="全零初始化",
    twin="keras.initializers.Zeros",
    notes=["002:91", "002:107"],
    aliases=["zero"],
    samples=[Sample({}, (3, 4)), Sample({}, (5,))],
)
class Zeros(keras.initializers.Initializer):
    """All zeros (全零初始化).

    Call arguments:
        shape: of the weight.
        dtype: of the weight. Default Keras's float type.

    Returns:
        Tensor of that shape and dtype.

    Differences from keras.initializers.Zeros: none.

    Notes: 002:91, 002:107 (中文名: 全零初始化).

    >>> float(ops.sum(Zeros()((2, 3))))
    0.0
    """

    def __call__(self, shape, dtype=None):
        return ops.zeros(shape, dtype=dtype or keras.config.floatx())
