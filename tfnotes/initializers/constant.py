"""Constant: the same number everywhere, such as a forget gate's bias of 1.

    w = value
"""

import math
from numbers import Real

import keras
from keras import ops

from tfnotes import _checks
from tfnotes.registry import Sample, concept


@concept(
    en="constant",
    zh="常数初始化",
    twin="keras.initializers.Constant",
    notes=["002:89-91", "002:107"],
    samples=[Sample({"value": 0.5}, (3, 4)), Sample({"value": -2}, (5,)), Sample({}, (2, 3, 2))],
    bench=Sample({"value": 0.1}, (1024, 1024)),
)
class Constant(keras.initializers.Initializer):
    """The same number everywhere (常数初始化).

    Args:
        value: a number, infinite too. Default 0.

    Call arguments:
        shape: of the weight.
        dtype: of the weight. Default Keras's float type.

    Returns:
        Tensor of that shape and dtype.

    Raises:
        ValueError: `value` isn't a number.

    Differences from keras.initializers.Constant: an array as `value`, which Keras broadcasts against its
    documentation, is refused. In float64 Keras rounds `value` to float32, here it keeps its digits.

    Notes: 002:89-91, 002:107 (中文名: 常数初始化).

    >>> float(ops.sum(Constant(0.5)((2, 3))))
    3.0
    """

    def __init__(self, value=0.0):
        if not isinstance(value, Real) or math.isnan(value):
            _checks.refuse(self, "value", "a number", value)
        self.value = value

    def __call__(self, shape, dtype=None):
        return ops.full(shape, self.value, dtype=dtype or keras.config.floatx())

    def get_config(self):
        return {"value": self.value}
