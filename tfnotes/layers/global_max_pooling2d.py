"""Global max pooling: the largest value of each channel over the whole image.

    y[n, c] = max_{i, j} x[n, i, j, c]

It tells whether a feature is anywhere in the image, and not where.
"""

from keras import ops

from tfnotes.layers._global_pooling2d import GlobalPooling2D
from tfnotes.registry import Sample, concept


@concept(
    en="global max pooling",
    zh="全局最大池化",
    twin="keras.layers.GlobalMaxPooling2D",
    notes=["004:163-173"],
    aliases=["GlobalMaxPool2D"],
    samples=[
        Sample({}, (2, 3, 4, 5)),
        Sample({"keepdims": True}, (2, 3, 4, 5)),
        Sample({"data_format": "channels_first", "keepdims": True}, (2, 3, 4, 5)),
        Sample({"data_format": "channels_first"}, (2, 3, 4, 5)),
    ],
    bench=Sample({}, (128, 12, 12, 64)),
)
class GlobalMaxPooling2D(GlobalPooling2D):
    """Global max pooling (全局最大池化).

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

    Differences from keras.layers.GlobalMaxPooling2D: none.

    Notes: 004:163-173, of pooling as such (中文名: 全局最大池化).

    Reference: Oquab et al. 2015, "Is object localization for free?", section 3.

    >>> GlobalMaxPooling2D()(ops.ones((2, 28, 28, 3))).shape == (2, 3)
    True
    """

    def call(self, inputs):
        return ops.max(inputs, axis=self.axes, keepdims=self.keepdims)
