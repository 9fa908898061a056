"""Global average pooling: the mean of each channel over the whole image.

    y[n, c] = mean_{i, j} x[n, i, j, c]

It takes the place of Flatten and Dense before a softmax: no weights, and images of any size.
"""

from keras import ops

from tfnotes.layers._global_pooling2d import GlobalPooling2D
from tfnotes.registry import Sample, concept


@concept(
    en="global average pooling",
    zh="全局平均池化",
    twin="keras.layers.GlobalAveragePooling2D",
    notes=["004:163-173"],
    aliases=["GlobalAvgPool2D"],
    samples=[
        Sample({}, (2, 3, 4, 5)),
        Sample({"keepdims": True}, (2, 3, 4, 5)),
        Sample({"data_format": "channels_first", "keepdims": True}, (2, 3, 4, 5)),
        Sample({"data_format": "channels_first"}, (2, 3, 4, 5)),
    ],
    bench=Sample({}, (128, 12, 12, 64)),
)
class GlobalAveragePooling2D(GlobalPooling2D):
    """Global average pooling (全局平均池化).

    Args:
        data_format: "channels_last" or "channels_first". Default what `keras.config` says.
        keepdims: whether height and width stay, with size 1. Default False.

    Call arguments:
        inputs: shape `(batch, height, width, channels)`, or channels first; any float dtype. Height and
            width may be unknown.

    Returns:
        Shape `(batch, channels)`; with `keepdims` `(batch, 1, 1, channels)`, or channels first.

    Raises:
        ValueError: `data_format` is neither, or `keepdims` no bool.

    Differences from keras.layers.GlobalAveragePooling2D: none.

    Notes: 004:163-173, of pooling as such (中文名: 全局平均池化).

    Reference: Lin, Chen and Yan 2014, "Network in network", section 3.2; arXiv:1312.4400.

    >>> GlobalAveragePooling2D()(ops.ones((2, 28, 28, 3))).shape == (2, 3)
    True
    """

    def call(self, inputs):
        return ops.mean(inputs, axis=self.axes, keepdims=self.keepdims)
