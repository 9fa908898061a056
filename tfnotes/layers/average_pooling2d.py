"""Average pooling: the mean of each window, channel by channel.

    y[n, i, j, c] = mean_{a, b inside the image} x[n, i * stride + a, j * stride + b, c]

Under "same" padding the padding isn't counted: a window at the border divides by fewer values.
"""

from keras import ops

from tfnotes.layers._pooling2d import Pooling2D, by_definition
from tfnotes.layers._windows import windows
from tfnotes.registry import Sample, concept


def average_pool2d(x, pool_size, strides, padding="valid"):
    """The mean of each window: the definition.

    Args:
        x: shape `(batch, height, width, channels)`.
        pool_size, strides: pairs.
        padding: "valid" or "same".

    Returns:
        Shape `(batch, out_height, out_width, channels)`.
    """
    total = ops.sum(windows(x, pool_size, strides, padding), axis=-2)
    inside = ops.sum(windows(ops.ones_like(x[:1, ..., :1]), pool_size, strides, padding), axis=-2)
    return total / inside


@concept(
    en="average pooling",
    zh="平均池化",
    twin="keras.layers.AveragePooling2D",
    notes=["000:62-71", "001:7-8", "003:163", "004:163-173"],
    aliases=["AvgPool2D", "mean_pooling"],
    samples=[
        Sample({"pool_size": 2}, (2, 6, 4, 3)),
        Sample({"pool_size": (3, 2), "strides": (2, 1), "padding": "same"}, (2, 7, 5, 2)),
        Sample({"pool_size": 3, "strides": 2, "data_format": "channels_first"}, (2, 3, 7, 8)),
    ],
    bench=Sample({"pool_size": 2}, (128, 24, 24, 32)),
    definition=by_definition(average_pool2d),
)
class AveragePooling2D(Pooling2D):
    """Average pooling (平均池化).

    It runs the framework's kernel: spelled out with reshape and mean a training step took 4 times as
    long.

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

    Differences from keras.layers.AveragePooling2D: `pool_size` has a default, as in MaxPooling2D.

    Notes: 000:62-71, 003:163, 004:163-173 (中文名: 平均池化).

    >>> AveragePooling2D()(ops.ones((2, 28, 28, 3))).shape == (2, 14, 14, 3)
    True
    """

    @property
    def pool_mode(self):
        return "average"

    def call(self, inputs):
        self.compute_output_shape(inputs.shape)
        return ops.average_pool(inputs, self.pool_size, self.strides, self.padding, self.data_format)
