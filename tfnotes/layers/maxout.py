"""Maxout (Goodfellow et al. 2013): a unit that learns its own activation.

    z    = x @ kernel + bias                      units * pieces numbers
    y[u] = max_k z[k * units + u]                 k = 0 ... pieces - 1

Each unit keeps the largest of `pieces` affine maps of its input, so its activation is a learned
convex, piecewise-linear function: with two pieces it can be ReLU (x, 0), leaky ReLU (x, 0.01 x) or
the absolute value (x, -x).
"""

import functools

import keras
from keras import ops

from tfnotes import _checks
from tfnotes.layers._base import Layer, built_weight
from tfnotes.layers.dense import dense
from tfnotes.registry import Sample, concept


def maxout(z, pieces, axis=-1):
    """The largest of several maps, which lie behind one another along an axis.

    Args:
        z: numbers, `pieces * units` of them along `axis`.
        pieces: how many maps there are.
        axis: of the maps.

    Returns:
        Tensor of the shape of `z`, but with `units` along `axis`. Where two pieces are equal, the
        gradient goes to either or both, as the backend likes.
    """
    return functools.reduce(ops.maximum, ops.split(z, pieces, axis))


@concept(
    en="maxout",
    zh="最大输出单元",
    notes=["004:150-155", "004:160"],
    samples=[
        Sample({"units": 3}, (4, 5)),
        Sample({"units": 2, "pieces": 3, "use_bias": False}, (2, 3, 4)),
        Sample({"units": 2, "pieces": 1, "kernel_constraint": "max_norm"}, (2, 4)),
    ],
)
class Maxout(Layer):
    """Dense layer whose units take the largest of `pieces` affine maps (最大输出单元).

    Args:
        units: number of outputs, a positive integer.
        pieces: affine maps per unit, a positive integer. One piece is a Dense layer. Default 2.
        use_bias: whether each piece has a bias. Default True.
        kernel_initializer, bias_initializer: Default "glorot_uniform", "zeros". The fans are those of
            one Dense layer that computes all pieces at once.
        kernel_regularizer, bias_regularizer, activity_regularizer: Default None.
        kernel_constraint, bias_constraint: Default None. Along axis 0 of the kernel lie the weights of
            one piece, as "max_norm" takes them.

    Call arguments:
        inputs: shape `(batch, ..., features)`, any float dtype.

    Returns:
        Shape `(batch, ..., units)`, in the layer's compute dtype.

    Masking: a mask passes on unchanged.

    Raises:
        ValueError: `units` or `pieces` isn't a positive integer, or the features have no fixed size.

    Differences from Keras: it has no Maxout. `tensorflow_addons.layers.Maxout` only takes the maximum
    over groups of channels; here the affine maps belong to the layer.

    Notes: 004:150-155, 004:160 (中文名: 最大输出单元).

    Reference: Goodfellow et al. 2013, "Maxout networks", section 3; arXiv:1302.4389.

    >>> Maxout(3, pieces=2)(ops.ones((4, 5))).shape == (4, 3)
    True
    """

    def __init__(
        self,
        units,
        pieces=2,
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
        self.pieces = _checks.integer(self, "pieces", pieces)
        self.use_bias = _checks.boolean(self, "use_bias", use_bias)
        self.declare_weight("kernel", kernel_initializer, kernel_regularizer, kernel_constraint)
        self.declare_weight("bias", bias_initializer, bias_regularizer, bias_constraint)
        self.input_spec = keras.InputSpec(min_ndim=2)
        self.supports_masking = True

    def build(self, input_shape):
        features, maps = self.fixed_size(input_shape, axis=-1), self.pieces * self.units
        self._kernel = self.add_declared("kernel", (features, maps))
        self.bias = self.add_declared("bias", (maps,)) if self.use_bias else None
        self.input_spec = keras.InputSpec(min_ndim=2, axes={-1: features})

    kernel = built_weight("kernel")

    def call(self, inputs):
        return maxout(dense(inputs, self.kernel, self.bias), self.pieces)

    def compute_output_shape(self, input_shape):
        return (*input_shape[:-1], self.units)
