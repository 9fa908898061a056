"""Constant: the same number everywhere, such as a forget gate's bias of 1.

    w = value
"""

import keras
import numpy as np
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
        value: a number, infinite too, or numbers that broadcast to the weight. Default 0.

    Call arguments:
        shape: of the weight.
        dtype: of the weight. Default Keras's float type.

    Returns:
        Tensor of that shape and dtype.

    Raises:
        ValueError: `value` isn't a number or an array of numbers, or doesn't broadcast to the weight.

    Differences from keras.initializers.Constant: in float64 Keras rounds a number to float32, here it keeps its
    digits. NaN is refused.

    Notes: 002:89-91, 002:107 (中文名: 常数初始化).

    >>> float(ops.sum(Constant(0.5)((2, 3))))
    3.0
    """

    def __init__(self, value=0.0):
        if isinstance(value, dict):
            value = keras.saving.deserialize_keras_object(value)
        try:
            self._numbers = np.asarray(ops.convert_to_numpy(value) if ops.is_tensor(value) else value)
        except ValueError:
            self._numbers = np.array(np.nan)
        if self._numbers.dtype.kind not in "iuf" or np.isnan(self._numbers).any():
            _checks.refuse(self, "value", "a number or an array of numbers", value)
        self.value = value

    def __call__(self, shape, dtype=None):
        dtype = dtype or keras.config.floatx()
        if not self._numbers.shape:
            return ops.full(shape, self.value, dtype=dtype)
        try:
            numbers = np.broadcast_to(self._numbers, shape)
        except ValueError:
            expected = f"of a shape that broadcasts to the weight's, {tuple(shape)}"
            _checks.refuse(self, "value", expected, f"of shape {self._numbers.shape}")
        return ops.convert_to_tensor(numbers, dtype=dtype)

    def get_config(self):
        return {"value": keras.saving.serialize_keras_object(self.value)}
