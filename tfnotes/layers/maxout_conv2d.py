"""Convolutional maxout (Goodfellow et al. 2013): each filter takes the largest of several maps.

    z          = convolution of x with kernel, plus bias          filters * pieces maps
    y[..., f]  = max_k z[..., k * filters + f]                    k = 0 ... pieces - 1

The maximum is over maps at the same place, where max pooling takes it over places of the same map.
"""

from tfnotes import _checks
from tfnotes.layers.conv2d import Conv2D
from tfnotes.layers.maxout import maxout
from tfnotes.registry import Sample, concept


@concept(
    en="convolutional maxout",
    zh="卷积最大输出层",
    notes=["004:150-155", "004:160"],
    samples=[
        Sample({"filters": 3, "kernel_size": (3, 2)}, (2, 6, 5, 2)),
        Sample(
            {"filters": 2, "kernel_size": 3, "pieces": 3, "strides": (2, 3), "padding": "same"}, (2, 7, 8, 3)
        ),
        Sample({"filters": 2, "kernel_size": 2, "padding": 1, "use_bias": False}, (2, 3, 4, 3)),
        Sample({"filters": 2, "kernel_size": 2, "data_format": "channels_first"}, (2, 3, 4, 5)),
    ],
)
class MaxoutConv2D(Conv2D):
    """Two-dimensional convolution whose filters take the largest of `pieces` maps (卷积最大输出层).

    Args:
        filters: number of outputs, a positive integer.
        kernel_size: rows and columns of the window, one positive integer or two.
        pieces: maps per filter, a positive integer. One piece is a Conv2D layer. Default 2.
        strides: step of the window, one positive integer or two. Default 1.
        padding: "valid", "same", or how many zeros around, as in Conv2D. Default "valid".
        data_format: "channels_last" or "channels_first". Default what `keras.config` says.
        dilation_rate: spacing of the window, one positive integer or two; not with strides. Default 1.
        use_bias: whether each piece has a bias. Default True.
        kernel_initializer, bias_initializer: Default "glorot_uniform", "zeros". The fans are those of
            one Conv2D layer that computes all pieces at once.
        kernel_regularizer, bias_regularizer, activity_regularizer: Default None.
        kernel_constraint, bias_constraint: Default None.

    Call arguments:
        inputs: shape `(batch, height, width, channels)`, or channels first; any float dtype.

    Returns:
        Shape `(batch, out_height, out_width, filters)`, or channels first; the compute dtype.

    Raises:
        ValueError: an argument is out of range, the channels have no fixed size, or the window doesn't
            fit into the image.

    Differences from Keras: it has no Maxout.

    Notes: 004:150-155, 004:160 (中文名: 卷积最大输出层).

    Reference: Goodfellow et al. 2013, "Maxout networks", section 3; arXiv:1302.4389.

    >>> from keras import ops
    >>> MaxoutConv2D(3, 5)(ops.ones((2, 28, 28, 1))).shape == (2, 24, 24, 3)
    True
    """

    def __init__(
        self,
        filters,
        kernel_size,
        pieces=2,
        strides=(1, 1),
        padding="valid",
        data_format=None,
        dilation_rate=(1, 1),
        use_bias=True,
        kernel_initializer="glorot_uniform",
        bias_initializer="zeros",
        kernel_regularizer=None,
        bias_regularizer=None,
        activity_regularizer=None,
        kernel_constraint=None,
        bias_constraint=None,
        **kwargs,
    ):
        # No groups and no activation: whoever gives one is told that there are two, as it would not be heeded.
        super().__init__(
            filters,
            kernel_size,
            strides,
            padding,
            data_format,
            dilation_rate,
            1,
            None,
            use_bias=use_bias,
            kernel_initializer=kernel_initializer,
            bias_initializer=bias_initializer,
            kernel_regularizer=kernel_regularizer,
            bias_regularizer=bias_regularizer,
            activity_regularizer=activity_regularizer,
            kernel_constraint=kernel_constraint,
            bias_constraint=bias_constraint,
            **kwargs,
        )
        self.pieces = _checks.integer(self, "pieces", pieces)

    @property
    def maps(self):
        """How many maps the kernel makes of an image, before the maximum."""
        return self.filters * self.pieces

    def call(self, inputs):
        axis = 1 if self.data_format == "channels_first" else -1
        return maxout(self.convolve(inputs), self.pieces, axis)
