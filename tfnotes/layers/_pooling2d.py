"""What the pooling layers share: the window's arguments, its fit, its output shape."""

import keras
from keras import ops

from tfnotes import _checks
from tfnotes.layers._base import Stateless
from tfnotes.layers._windows import output_size


class Pooling2D(Stateless):
    """A layer that reduces each window of each channel to one number."""

    def __init__(self, pool_size=(2, 2), strides=None, padding="valid", data_format=None, name=None, **kwargs):
        super().__init__(name=name, **kwargs)
        self.pool_size = _checks.pair(self, "pool_size", pool_size)
        self.strides = self.pool_size if strides is None else _checks.pair(self, "strides", strides)
        self.padding = _checks.one_of(self, "padding", padding, ("valid", "same"))
        self.data_format = _checks.data_format(self, data_format)
        self.input_spec = keras.InputSpec(ndim=4)

    def check_shape(self, shape):
        if len(shape) == 4:
            self.compute_output_shape(shape)

    def compute_output_shape(self, input_shape):
        first = self.data_format == "channels_first"
        sizes = input_shape[2:] if first else input_shape[1:3]
        window = zip(sizes, self.pool_size, self.strides, strict=True)
        out = tuple(output_size(n, size, stride, self.padding) for n, size, stride in window)
        if any(n is not None and n < 1 for n in out):
            _checks.refuse(
                self, "input_shape", f"at least as large as pool_size={self.pool_size}", tuple(input_shape)
            )
        return (*input_shape[:2], *out) if first else (input_shape[0], *out, input_shape[3])


def by_definition(pool):
    """A pooling layer's definition, of `(layer, inputs)`, from that of channels-last images."""

    def layer_by_definition(layer, inputs):
        if layer.data_format == "channels_last":
            return pool(inputs, layer.pool_size, layer.strides, layer.padding)
        x = ops.transpose(inputs, (0, 2, 3, 1))
        return ops.transpose(pool(x, layer.pool_size, layer.strides, layer.padding), (0, 3, 1, 2))

    return layer_by_definition
