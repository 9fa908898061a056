"""Ones: what a normalization's scale starts from.

    w = 1
"""

import keras
from keras import ops

from tfnotes.registry import Sample, concept


@concept(
    en="ones",
    zh="全一初始化",
    twin="keras.initializers.Ones",
    notes=["002:89-91", "004:244"],
    aliases=["one"],
    samples=[Sample({}, (3, 4)), Sample({}, (5,))],
    bench=Sample({}, (1024, 1024)),
)
class Ones(keras.initializers.Initializer):
    """All ones (全一初始化).

    Call arguments:
        shape: of the weight.
        dtype: of the weight. Default Keras's float type.

    Returns:
        Tensor of that shape and dtype.

    Differences from keras.initializers.Ones: none.

    Notes: 002:89-91, 004:244 (中文名: 全一初始化).

    >>> float(ops.sum(Ones()((2, 3))))
    6.0
    """

    def __call__(self, shape, dtype=None):
        return ops.ones(shape, dtype=dtype or keras.config.floatx())
