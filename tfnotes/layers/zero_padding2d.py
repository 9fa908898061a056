"""Zero padding: rows and columns of zeros around an image.

    y[n, top + i, left + j, c] = x[n, i, j, c], and 0 elsewhere

At stride 1 a window of 3 keeps the image's size with 1 around it, a window of 5 with 2.
"""

import keras
from keras import ops

from tfnotes import _checks
from tfnotes.layers._base import Layer
from tfnotes.registry import Sample, concept


def zero_padding2d(x, padding):
    """Puts zeros around images.

    Args:
        x: shape `(batch, height, width, channels)`.
        padding: `((top, bottom), (left, right))`.

    Returns:
        Shape `(batch, top + height + bottom, left + width + right, channels)`.
    """
    return ops.pad(x, ((0, 0), *padding, (0, 0)))


def padded_size(n, pair):
    """The size of an axis of `n` (None if unknown) after padding."""
    return None if n is None else n + sum(pair)


@concept(
    en="zero padding",
    zh="零填充",
    twin="keras.layers.ZeroPadding2D",
    notes=["000:74-82", "003:166-178"],
    samples=[
        Sample({}, (2, 3, 4, 2)),
        Sample({"padding": (0, 2)}, (2, 3, 4, 2)),
        Sample({"padding": ((1, 2), (3, 0)), "data_format": "channels_first"}, (2, 3, 4, 5)),
    ],
    bench=Sample({"padding": 2}, (128, 24, 24, 32)),
)
class ZeroPadding2D(Layer):
    """Zero padding (零填充) of images: first the zeros, then the convolution.

    Args:
        padding: rows and columns of zeros: an int for all sides, a pair for height and width, or
            `((top, bottom), (left, right))`. Default (1, 1).
        data_format: "channels_last" or "channels_first". Default what `keras.config` says.

    Call arguments:
        inputs: shape `(batch, height, width, channels)`, or channels first; any dtype.

    Returns:
        Shape `(batch, top + height + bottom, left + width + right, channels)`, or channels first.

    Raises:
        ValueError: `padding` isn't made of integers of at least 0, or `data_format` is neither.

    Differences from keras.layers.ZeroPadding2D: negative padding is refused.

    Notes: 000:74-82, 003:166-178 (中文名: 零填充).

    >>> ZeroPadding2D(2)(ops.ones((1, 28, 28, 3))).shape == (1, 32, 32, 3)
    True
    """

    def __init__(self, padding=(1, 1), data_format=None, **kwargs):
        super().__init__(**kwargs)
        self.padding = _checks.padding2d(self, "padding", padding)
        self.data_format = _checks.data_format(self, data_format)
        self.input_spec = keras.InputSpec(ndim=4)

    def call(self, inputs):
        if self.data_format == "channels_last":
            return zero_padding2d(inputs, self.padding)
        return ops.pad(inputs, ((0, 0), (0, 0), *self.padding))

    def compute_output_shape(self, input_shape):
        sizes, first = list(input_shape), 2 if self.data_format == "channels_first" else 1
        sizes[first : first + 2] = map(padded_size, sizes[first : first + 2], self.padding)
        return tuple(sizes)
