"""Perceptron (Rosenblatt 1958): units that are on or off, and learn from their mistakes alone.

    z = x @ kernel + bias
    y = step(z)

    kernel <- kernel + rate * (t - y) * x         the perceptron rule; t, the target, is 0 or 1
    bias   <- bias   + rate * (t - y)

The step has no useful gradient. Taken as 1, it makes t's squared error (t - y)**2 / 2 have the gradient
-(t - y) * x, so that gradient descent with this slope *is* the rule.
"""

from keras import ops

from tfnotes.activations.step import step
from tfnotes.layers.dense import Dense, dense
from tfnotes.registry import Sample, concept


@ops.custom_gradient
def step_with_slope(z):
    """The step, whose derivative is taken as 1. Infinity is on or off, and NaN stays NaN."""

    def gradient(*args, upstream=None):
        return args[0] if upstream is None else upstream

    return ops.where(z == z, step(z), z), gradient


def perceptron(x, kernel, bias):
    """Units that are on where an affine map of the input is positive.

    Args:
        x: inputs, shape `(..., features)`.
        kernel: shape `(features, units)`.
        bias: shape `(units,)`, or None.

    Returns:
        Shape `(..., units)`: zeros and ones, whose gradient is that of the affine map.
    """
    return step_with_slope(dense(x, kernel, bias))


@concept(
    en="perceptron",
    zh="感知机",
    notes=["001:12", "003:7-26", "003:67", "004:41-47"],
    aliases=["neuron"],
    samples=[
        Sample({}, (4, 5)),
        Sample({"units": 3, "use_bias": False, "kernel_initializer": "glorot_uniform"}, (2, 3, 4)),
    ],
)
class Perceptron(Dense):
    """Perceptron (感知机): Dense units with a step, trained by the perceptron rule.

    Any loss whose gradient is a multiple of y - t makes `fit` the rule: with one unit,
    "mean_squared_error" and SGD of learning rate r move the weights by 2 r (t - y) x. With a batch
    size of 1 it finds a boundary in finitely many mistakes if there is one (Novikoff 1962); if there is
    none, as for XOR, it never stops changing.

    Args:
        units: number of outputs, each learning on its own, a positive integer. Default 1.
        use_bias: whether there is a bias, without which boundaries pass through 0. Default True.
        kernel_initializer, bias_initializer: Default "zeros": the learning rate then only scales the
            weights.
        kernel_regularizer, bias_regularizer, activity_regularizer: Default None.
        kernel_constraint, bias_constraint: Default None.

    Call arguments:
        inputs: shape `(batch, ..., features)`, any float dtype.

    Returns:
        Shape `(batch, ..., units)` of zeros and ones, in the layer's compute dtype.

    Masking: a mask passes on unchanged.

    Raises:
        ValueError: `units` isn't a positive integer, or the features have no fixed size.

    Differences from Keras: it has no perceptron.

    Notes: 001:12, 003:7-26, 003:67, 004:41-47 (中文名: 感知机).

    Reference: Rosenblatt 1958, "The perceptron"; Novikoff 1962, "On convergence proofs on perceptrons".

    >>> layer = Perceptron()
    >>> layer.build((None, 2))
    >>> layer.kernel.assign([[1.0], [1.0]]), layer.bias.assign([-1.5])
    (...)
    >>> [int(y) for (y,) in layer(ops.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]]))]
    [0, 0, 0, 1]
    """

    def __init__(
        self,
        units=1,
        use_bias=True,
        kernel_initializer="zeros",
        bias_initializer="zeros",
        kernel_regularizer=None,
        bias_regularizer=None,
        activity_regularizer=None,
        kernel_constraint=None,
        bias_constraint=None,
        **kwargs,
    ):
        # Whoever gives another activation is told that there are two, as it would not be heeded.
        super().__init__(
            units,
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

    def call(self, inputs, training=None):
        return perceptron(inputs, self.kernel, self.bias)
