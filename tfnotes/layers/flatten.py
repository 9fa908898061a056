"""Flatten: every axis but the batch becomes one.

    y[n, (i * width + j) * channels + c] = x[n, i, j, c]
"""

import math

import keras
from keras import ops

from tfnotes import _checks
from tfnotes.layers._base import Layer
from tfnotes.registry import Sample, concept


@concept(
    en="flatten",
    zh="展平",
    twin="keras.layers.Flatten",
    notes=["000:84-86"],
    samples=[
        Sample({}, (2, 3, 4)),
        Sample({}, (3,)),
        Sample({"data_format": "channels_first"}, (2, 3, 4, 5)),
    ],
    bench=Sample({}, (128, 4, 4, 64)),
)
class Flatten(Layer):
    """Flattens all axes but the batch into one (展平).

    Args:
        data_format: "channels_last" or "channels_first", whose channels are moved last before
            flattening, so that weights fit either format. Default what `keras.config` says.

    Call arguments:
        inputs: shape `(batch, ...)`, any dtype.

    Returns:
        Shape `(batch, product of the rest)`; `(batch, 1)` for inputs of rank 1.

    Raises:
        ValueError: `data_format` is neither.

    Differences from keras.layers.Flatten: none.

    Notes: 000:84-86 (中文名: 展平).

    >>> Flatten()(ops.ones((2, 3, 4))).shape == (2, 12)
    True
    """

    def __init__(self, data_format=None, **kwargs):
        super().__init__(**kwargs)
        self.data_format = _checks.data_format(self, data_format)
        self.input_spec = keras.InputSpec(min_ndim=1)

    def call(self, inputs):
        rank = len(inputs.shape)
        if self.data_format == "channels_first" and rank > 1:
            inputs = ops.transpose(inputs, (0, *range(2, rank), 1))
        features = self.compute_output_shape(inputs.shape)[1]
        # Only one size may be left to find, and none beside a 0: asking for the batch costs operations in an export.
        shape = (-1, features) if features else (ops.shape(inputs)[0], -1 if features is None else 0)
        return ops.reshape(inputs, shape)

    def compute_output_shape(self, input_shape):
        sizes = input_shape[1:]
        return (input_shape[0], None if None in sizes else math.prod(sizes))

    def compute_output_spec(self, inputs):
        return keras.KerasTensor(self.compute_output_shape(inputs.shape), dtype=inputs.dtype, sparse=inputs.sparse)
