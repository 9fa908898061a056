"""Two-dimensional convolution: one kernel slides over the image, the same weights everywhere.

    z[n, i, j, o] = bias[o] + sum_{a, b, c} x[n, i * stride + a, j * stride + b, c] * kernel[a, b, c, o]
    y = activation(z)

The kernel isn't flipped, so mathematics would call it a cross-correlation.
"""

import keras
from keras import ops

from tfnotes import _checks
from tfnotes.layers._base import Layer, built_weight
from tfnotes.layers._windows import output_size, windows
from tfnotes.layers.zero_padding2d import padded_size, zero_padding2d
from tfnotes.registry import Sample, concept


def conv2d(x, kernel, strides=(1, 1), padding="valid", dilation=(1, 1), groups=1):
    """Convolution as patches times one matrix: the definition.

    Args:
        x: images, shape `(batch, height, width, channels)`.
        kernel: shape `(rows, columns, channels // groups, filters)`.
        strides, dilation: pairs.
        padding: "valid", "same" or `((top, bottom), (left, right))` zeros.
        groups: the channels and the filters are split into so many groups, each on its own.

    Returns:
        Shape `(batch, out_height, out_width, filters)`.
    """
    rows, columns, _, filters = kernel.shape
    x, padding = add_zeros(x, padding)
    outputs = []
    for x_g, kernel_g in zip(ops.split(x, groups, -1), ops.split(kernel, groups, -1), strict=True):
        patches = windows(x_g, (rows, columns), strides, padding, dilation)
        patches = ops.reshape(patches, (*patches.shape[:3], -1))
        outputs.append(ops.matmul(patches, ops.reshape(kernel_g, (-1, filters // groups))))
    return ops.concatenate(outputs, axis=-1)


def add_zeros(x, padding):
    """First the zeros, then the convolution: the padded images, and the padding that is still to do."""
    return (x, padding) if isinstance(padding, str) else (zero_padding2d(x, padding), "valid")


def _layer_by_definition(layer, inputs):
    z = conv2d(inputs, layer.kernel, layer.strides, layer.padding, layer.dilation_rate, layer.groups)
    return layer.activate(z if layer.bias is None else z + layer.bias)


@concept(
    en="two-dimensional convolution",
    zh="卷积层",
    twin="keras.layers.Conv2D",
    notes=["000:52-60", "000:74-82", "001:4-6", "003:141-153", "004:93-111"],
    aliases=["Convolution2D", "conv"],
    samples=[
        Sample({"filters": 3, "kernel_size": (3, 2), "activation": "relu"}, (2, 6, 5, 2)),
        Sample({"filters": 4, "kernel_size": 3, "strides": (2, 3), "padding": "same"}, (2, 7, 8, 3)),
        Sample({"filters": 2, "kernel_size": (2, 3), "dilation_rate": (3, 2), "use_bias": False}, (1, 8, 9, 3)),
    ],
    bench=Sample({"filters": 64, "kernel_size": 5, "activation": "relu"}, (64, 12, 12, 32)),
    definition=_layer_by_definition,
)
class Conv2D(Layer):
    """Two-dimensional convolution (卷积层).

    It runs the framework's convolution kernel. As patches times one matrix (`conv2d` above, which the
    tests hold it to) a training step of LeNet's two convolutions took 1.8 and 4.7 times as long: the
    patches of a 5 x 5 window are 25 times the image, and memory is what a processor waits for.

    Args:
        filters: number of kernels, a positive integer, a multiple of `groups`.
        kernel_size: rows and columns of the window, one positive integer or two.
        strides: step of the window, one positive integer or two. Default 1.
        padding: "valid" (inside the image only), "same" (zeros around), or how many zeros around: an int,
            a pair for height and width, or `((top, bottom), (left, right))`. Default "valid".
        data_format: "channels_last" or "channels_first". Default what `keras.config` says.
        dilation_rate: spacing of the window, one positive integer or two; not with strides. Default 1.
        groups: channels and filters split into so many groups, each on its own. Default 1.
        activation: function of the outputs. Default None, linear.
        use_bias: whether there is a bias. Default True.
        kernel_initializer, bias_initializer: Default "glorot_uniform", "zeros".
        kernel_regularizer, bias_regularizer, activity_regularizer: Default None.
        kernel_constraint, bias_constraint: Default None.

    Call arguments:
        inputs: shape `(batch, height, width, channels)`, or channels first; any float dtype.

    Returns:
        Shape `(batch, out_height, out_width, filters)`, or channels first; the compute dtype.

    Raises:
        ValueError: an argument is out of range, the channels have no fixed size or don't divide into
            the groups, or the window doesn't fit into the image.

    Differences from keras.layers.Conv2D: quantization and LoRA are left out; channels_first also runs on
    processors under TensorFlow; `padding` may be numbers.

    Notes: 000:52-60, 000:74-82, 001:4-6, 003:141-153, 004:93-111 (中文名: 卷积层).

    Reference: LeCun et al. 1998, "Gradient-based learning applied to document recognition", II.A.

    >>> Conv2D(3, 5)(ops.ones((2, 28, 28, 1))).shape == (2, 24, 24, 3)
    True
    """

    def __init__(
        self,
        filters,
        kernel_size,
        strides=(1, 1),
        padding="valid",
        data_format=None,
        dilation_rate=(1, 1),
        groups=1,
        activation=None,
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
        super().__init__(activity_regularizer=activity_regularizer, **kwargs)
        self.filters = _checks.integer(self, "filters", filters)
        self.kernel_size = _checks.pair(self, "kernel_size", kernel_size)
        self.strides = _checks.pair(self, "strides", strides)
        if isinstance(padding, str):
            self.padding = _checks.one_of(self, "padding", padding, ("valid", "same"))
        else:
            self.padding = _checks.padding2d(self, "padding", padding)
        self.data_format = _checks.data_format(self, data_format)
        self.dilation_rate = _checks.pair(self, "dilation_rate", dilation_rate)
        self.groups = _checks.integer(self, "groups", groups)
        if max(self.strides) > 1 and max(self.dilation_rate) > 1:
            _checks.refuse(self, "dilation_rate", f"1 with strides={self.strides}", dilation_rate)
        if self.filters % self.groups:
            _checks.refuse(self, "groups", f"a divisor of filters={self.filters}", groups)
        self.declare_activation(activation)
        self.use_bias = _checks.boolean(self, "use_bias", use_bias)
        self.declare_weight("kernel", kernel_initializer, kernel_regularizer, kernel_constraint)
        self.declare_weight("bias", bias_initializer, bias_regularizer, bias_constraint)
        self.input_spec = keras.InputSpec(ndim=4)

    def build(self, input_shape):
        axis = -1 if self.data_format == "channels_last" else 1
        channels = self.fixed_size(input_shape, axis)
        if channels % self.groups:
            _checks.refuse(self, "input_shape", f"of channels that divide into groups={self.groups}", input_shape)
        self._kernel = self.add_declared("kernel", (*self.kernel_size, channels // self.groups, self.maps))
        self.bias = self.add_declared("bias", (self.maps,)) if self.use_bias else None
        self.input_spec = keras.InputSpec(ndim=4, axes={axis: channels})
        self.build_activation(self.compute_output_shape(input_shape))

    kernel = built_weight("kernel")
    rank = 2

    @property
    def maps(self):
        """How many maps the kernel makes of an image, before the activation."""
        return self.filters

    def call(self, inputs):
        return self.activate(self.convolve(inputs))

    def convolve(self, inputs):
        """The maps before the activation."""
        self.compute_output_shape(inputs.shape)
        z = self.convolution_op(inputs, self.kernel)
        if self.bias is None:
            return z
        return z + (self.bias if self.data_format == "channels_last" else ops.reshape(self.bias, (-1, 1, 1)))

    def convolution_op(self, inputs, kernel):
        """The maps before bias and activation: what a subclass overrides to convolve in another way."""
        # TensorFlow's kernel for processors only knows channels last, so that is what every backend is given.
        first = self.data_format == "channels_first"
        x = ops.transpose(inputs, (0, 2, 3, 1)) if first else inputs
        x, padding = add_zeros(x, self.padding)
        z = ops.conv(x, kernel, self.strides, padding, "channels_last", self.dilation_rate)
        return ops.transpose(z, (0, 3, 1, 2)) if first else z

    def compute_output_shape(self, input_shape):
        first = self.data_format == "channels_first"
        sizes, padding = input_shape[2:] if first else input_shape[1:3], self.padding
        if not isinstance(padding, str):
            sizes, padding = map(padded_size, sizes, padding), "valid"
        window = zip(sizes, self.kernel_size, self.strides, self.dilation_rate, strict=True)
        out = tuple(output_size(n, size, stride, padding, dilation) for n, size, stride, dilation in window)
        if any(n is not None and n < 1 for n in out):
            expected = f"at least as large as the window, kernel_size={self.kernel_size}"
            _checks.refuse(self, "input_shape", expected, tuple(input_shape))
        return (input_shape[0], self.filters, *out) if first else (input_shape[0], *out, self.filters)
