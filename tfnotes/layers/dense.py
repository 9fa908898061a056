"""Dense: each unit weighs all inputs.

    y = activation(x @ kernel + bias)
"""

import keras
from keras import ops

from tfnotes import _checks
from tfnotes.layers._base import Layer, built_weight
from tfnotes.registry import Sample, concept


def dense(x, kernel, bias):
    """An affine map of the last axis.

    Args:
        x: inputs, shape `(..., features)`.
        kernel: shape `(features, units)`.
        bias: shape `(units,)`, or None.

    Returns:
        Shape `(..., units)`.
    """
    z = ops.matmul(x, kernel)
    return z if bias is None else z + bias


@concept(
    en="fully connected layer",
    zh="全连接层",
    twin="keras.layers.Dense",
    notes=["003:13-26", "003:73", "002:27-31", "004:175-178"],
    aliases=["fully_connected"],
    samples=[
        Sample({"units": 3, "activation": "relu"}, (4, 5)),
        Sample({"units": 2, "use_bias": False}, (2, 3, 4)),
        Sample({"units": 3, "activation": "tanh", "kernel_regularizer": "l2"}, (2, 1, 3, 4)),
    ],
    exempt={"arguments": "lora_rank, lora_alpha and quantization_config: LoRA and quantization are out of scope"},
    bench=Sample({"units": 512, "activation": "relu"}, (128, 784)),
)
class Dense(Layer):
    """Fully connected layer (全连接层).

    Args:
        units: number of outputs, a positive integer.
        activation: function of the outputs. Default None, linear.
        use_bias: whether there is a bias. Default True.
        kernel_initializer, bias_initializer: Default "glorot_uniform", "zeros".
        kernel_regularizer, bias_regularizer, activity_regularizer: Default None.
        kernel_constraint, bias_constraint: Default None.

    Call arguments:
        inputs: shape `(batch, ..., features)`, any float dtype.

    Returns:
        Shape `(batch, ..., units)`, in the layer's compute dtype.

    Masking: a mask passes on unchanged.

    Raises:
        ValueError: `units` isn't a positive integer, or the features have no fixed size.

    Differences from keras.layers.Dense: no LoRA and no quantization, so none of their arguments, and
    `quantize` is refused.

    Notes: 003:13-26, 003:73, 004:175-178 (中文名: 全连接层).

    >>> Dense(3)(ops.ones((2, 5))).shape == (2, 3)
    True
    """

    def __init__(
        self,
        units,
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
        self.units = _checks.integer(self, "units", units)
        self.declare_activation(activation)
        self.use_bias = _checks.boolean(self, "use_bias", use_bias)
        self.declare_weight("kernel", kernel_initializer, kernel_regularizer, kernel_constraint)
        self.declare_weight("bias", bias_initializer, bias_regularizer, bias_constraint)
        self.input_spec = keras.InputSpec(min_ndim=2)
        self.supports_masking = True

    def build(self, input_shape):
        features = self.fixed_size(input_shape, axis=-1)
        self._kernel = self.add_declared("kernel", (features, self.units))
        self.bias = self.add_declared("bias", (self.units,)) if self.use_bias else None
        self.input_spec = keras.InputSpec(min_ndim=2, axes={-1: features})
        self.build_activation(self.compute_output_shape(input_shape))

    kernel = built_weight("kernel")

    def call(self, inputs, training=None):
        return self.activate(dense(inputs, self.kernel, self.bias))

    def compute_output_shape(self, input_shape):
        return (*input_shape[:-1], self.units)

    def get_config(self):
        config = super().get_config()
        # As in Keras's config of a Dense, though of no other layer.
        if self.activity_regularizer is None:
            del config["activity_regularizer"]
        return config

    def quantize(self, mode=None, type_check=True, config=None):
        self.refuse_quantization(mode)
