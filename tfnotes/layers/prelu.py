"""PReLU (He et al. 2015): a leaky ReLU that learns its slope.

    y         = x where x > 0, else alpha * x
    dy/dx     = 1 where x > 0, alpha where x < 0
    dy/dalpha = 0 where x > 0, else x

The derivative at 0, which doesn't exist, is taken to be 0. The gradient of alpha sums over the batch and over the
axes that share it.
"""

import keras
from keras import ops

from tfnotes import _checks
from tfnotes.layers._base import Elementwise
from tfnotes.registry import Sample, concept


def prelu(x, alpha):
    """Leaky ReLU with a slope per input.

    Args:
        x: inputs.
        alpha: slopes, of a shape that broadcasts to that of `x`.

    Returns:
        Tensor of the shape of `x`.
    """
    # As `where(x > 0, x, alpha * x)`, which takes a tenth longer; a difference would negate all that comes back.
    return ops.relu(x) + -alpha * ops.relu(-x)


@concept(
    en="parametric rectified linear unit",
    zh="参数化修正线性单元",
    twin="keras.layers.PReLU",
    notes=["001:14"],
    samples=[
        Sample({}, (4, 7)),
        Sample({"shared_axes": [1, 2]}, (2, 3, 4, 5)),
        Sample({"shared_axes": [1], "alpha_regularizer": "l2", "alpha_constraint": "non_neg"}, (2, 3, 4)),
    ],
    bench=Sample({"shared_axes": [1, 2]}, (128, 24, 24, 32)),
)
class PReLU(Elementwise):
    """Parametric rectified linear unit (参数化修正线性单元): the slope where x is negative is learned.

    Args:
        alpha_initializer: of the slopes. Default "zeros", which begins as ReLU; the paper takes 0.25.
        alpha_regularizer, alpha_constraint: Default None.
        shared_axes: axes over which one slope is shared, the batch being axis 0: [1, 2] for one slope a
            channel of an image. Default None, a slope for each input.

    Call arguments:
        inputs: shape `(batch, ...)`, any float dtype.

    Returns:
        Tensor of the shape of the inputs, in the compute dtype.

    Masking: a mask passes on unchanged.

    Raises:
        ValueError: `shared_axes` isn't one axis of the inputs or several, or an axis that isn't shared
            has no fixed size.

    Differences from keras.layers.PReLU: axes counted from the end are refused, of which Keras shares others than
    said.

    Notes: 001:14 (中文名: 参数化修正线性单元).

    Reference: He et al. 2015, "Delving deep into rectifiers", equations (1) and (3); arXiv:1502.01852.

    >>> layer = PReLU(alpha_initializer=keras.initializers.Constant(0.25))
    >>> [[float(y) for y in row] for row in layer(ops.array([[-2.0, 3.0]]))]
    [[-0.5, 3.0]]
    """

    def __init__(
        self,
        alpha_initializer="Zeros",
        alpha_regularizer=None,
        alpha_constraint=None,
        shared_axes=None,
        **kwargs,
    ):
        super().__init__(**kwargs)
        self.declare_weight("alpha", alpha_initializer, alpha_regularizer, alpha_constraint)
        if shared_axes is not None:
            axes = list(shared_axes) if isinstance(shared_axes, (tuple, list)) else [shared_axes]
            if any(isinstance(a, bool) or not isinstance(a, int) or a < 1 for a in axes):
                _checks.refuse(self, "shared_axes", "an axis of at least 1 or a list of them", shared_axes)
            shared_axes = axes
        self.shared_axes = shared_axes

    def build(self, input_shape):
        rank, shared = len(input_shape), self.shared_axes or []
        if any(axis >= rank for axis in shared):
            _checks.refuse(self, "shared_axes", f"axes of inputs of rank {rank}", shared)
        own = {axis: self.fixed_size(input_shape, axis) for axis in range(1, rank) if axis not in shared}
        self.alpha = self.add_declared("alpha", tuple(own.get(axis, 1) for axis in range(1, rank)))
        self.input_spec = keras.InputSpec(ndim=rank, axes=own)

    def call(self, inputs):
        return prelu(inputs, self.alpha)
