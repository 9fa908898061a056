"""Min pooling: the smallest value of each window, channel by channel.

    y[n, i, j, c] = min_{a, b} x[n, i * stride + a, j * stride + b, c] = -max_{a, b} -x[...]

"same" padding surrounds the image with infinity, which is never the smallest.
"""

from keras import ops

from tfnotes.layers._pooling2d import Pooling2D, by_definition
from tfnotes.layers._windows import windows
from tfnotes.registry import Sample, concept


def min_pool2d(x, pool_size, strides, padding="valid"):
    """The smallest value of each window: the definition.

    Args:
        x: shape `(batch, height, width, channels)`.
        pool_size, strides: pairs.
        padding: "valid" or "same".

    Returns:
        Shape `(batch, out_height, out_width, channels)`.
    """
    return ops.min(windows(x, pool_size, strides, padding, fill=float("inf")), axis=-2)


@concept(
    en="min pooling",
    zh="最小池化",
    notes=["004:163-173"],
    aliases=["MinPool2D"],
    samples=[
        Sample({}, (2, 6, 4, 3)),
        Sample({"pool_size": (3, 2), "strides": (2, 1), "padding": "same"}, (2, 7, 5, 2)),
        Sample({"pool_size": 3, "strides": 2, "data_format": "channels_first"}, (2, 3, 7, 8)),
    ],
    definition=by_definition(min_pool2d),
)
class MinPooling2D(Pooling2D):
    """Min pooling (最小池化).

    It runs the framework's kernel for max pooling, on -x.

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

    Differences from Keras: it has no min pooling.

    Notes: 004:163-173 (中文名: 最小池化).

    >>> MinPooling2D()(ops.ones((2, 28, 28, 3))).shape == (2, 14, 14, 3)
    True
    """

    @property
    def pool_mode(self):
        return "min"

    def call(self, inputs):
        self.compute_output_shape(inputs.shape)
        return -ops.max_pool(-inputs, self.pool_size, self.strides, self.padding, self.data_format)
