"""Max pooling: the largest value of each window, channel by channel.

    y[n, i, j, c] = max_{a, b} x[n, i * stride + a, j * stride + b, c]

"same" padding surrounds the image with minus infinity, which is never the largest.
"""

from keras import ops

from tfnotes.layers._pooling2d import Pooling2D, by_definition
from tfnotes.layers._windows import windows
from tfnotes.registry import Sample, concept


def max_pool2d(x, pool_size, strides, padding="valid"):
    """The largest value of each window: the definition.

    Args:
        x: shape `(batch, height, width, channels)`.
        pool_size, strides: pairs.
        padding: "valid" or "same".

    Returns:
        Shape `(batch, out_height, out_width, channels)`.
    """
    return ops.max(windows(x, pool_size, strides, padding, fill=float("-inf")), axis=-2)


@concept(
    en="max pooling",
    zh="最大池化",
    twin="keras.layers.MaxPooling2D",
    notes=["000:62-71", "001:7-8", "003:159-163", "004:163-173"],
    aliases=["MaxPool2D"],
    samples=[
        Sample({}, (2, 6, 4, 3)),
        Sample({"pool_size": (3, 2), "strides": (2, 1), "padding": "same"}, (2, 7, 5, 2)),
        Sample({"pool_size": 3, "strides": 2, "data_format": "channels_first"}, (2, 3, 7, 8)),
    ],
    bench=Sample({}, (128, 24, 24, 32)),
    definition=by_definition(max_pool2d),
)
class MaxPooling2D(Pooling2D):
    """Max pooling (最大池化).

    It runs the framework's kernel: spelled out with reshape and max a training step took 12 times as
    long, 7 times with the backward pass written by hand.

    Args:
        pool_size: rows and columns of the window, one positive integer or two. Default 2.
        strides: step of the window. Default None, `pool_size`.
        padding: "valid" or "same". Default "valid".
        data_format: "channels_last" or "channels_first". Default what `keras.config` says.
        name: of the layer.

    Call arguments:
        inputs: shape `(batch, height, width, channels)`, or channels first; any float dtype.

    Returns:
        Shape `(batch, out_height, out_width, channels)`, or channels first.

    Raises:
        ValueError: an argument is out of range, or the window doesn't fit into the image.

    Differences from keras.layers.MaxPooling2D: none.

    Notes: 000:62-71, 003:159-163, 004:163-173 (中文名: 最大池化).

    >>> MaxPooling2D()(ops.ones((2, 28, 28, 3))).shape == (2, 14, 14, 3)
    True
    """

    @property
    def pool_mode(self):
        return "max"

    def call(self, inputs):
        self.compute_output_shape(inputs.shape)
        return ops.max_pool(inputs, self.pool_size, self.strides, self.padding, self.data_format)
