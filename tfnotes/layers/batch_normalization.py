"""Batch normalization (Ioffe and Szegedy 2015), the equations of note 003:128-132.

    mean     = 1/m * sum_i x[i]                     over all axes but that of the features
    variance = 1/m * sum_i (x[i] - mean)**2
    y        = gamma * (x - mean) / sqrt(variance + epsilon) + beta

    moving <- momentum * moving + (1 - momentum) * batch       for mean and variance, in training

Inference takes the moving mean and variance in place of the batch's.

_renormalization.py has the corrections of batch renormalization, _synchronized.py the statistics of several workers.
"""

import math

import keras
from keras import ops

from tfnotes import _checks
from tfnotes.layers._base import Layer
from tfnotes.layers._renormalization import bounds_of, corrections, fresh
from tfnotes.layers._synchronized import over_workers, total_of
from tfnotes.registry import Sample, concept


def moments(x, axes, mask=None):
    """Mean and variance (divided by m, not m - 1) over `axes`, of the entries that `mask` keeps.

    Args:
        x: inputs.
        axes: the axes that are reduced; they stay with size 1.
        mask: of a shape that broadcasts to that of `x`, or None.

    Returns:
        `(mean, variance)`.
    """
    if mask is None:
        # A sum over a count: on some backends `ops.mean` rounds 1 / m to float32.
        m = ops.cast(math.prod(ops.shape(x)[a] for a in axes), x.dtype)
        mean = ops.sum(x, axis=axes, keepdims=True) / m
        # As sum(x - mean) = 0, no gradient of the variance reaches the mean; not computing that zero
        # saves a pass over x. Second derivatives through it are lost, as in Keras's layer.
        centered = x - ops.stop_gradient(mean)
        return mean, ops.sum(ops.square(centered), axis=axes, keepdims=True) / m
    counts = ops.broadcast_to(ops.cast(mask, "bool"), ops.shape(x))
    # A batch that is masked whole has mean and variance 0, not NaN.
    m = ops.maximum(ops.sum(ops.cast(counts, x.dtype), axis=axes, keepdims=True), 1)
    # `where`, not a product: what padding holds doesn't matter, be it NaN.
    mean = ops.sum(ops.where(counts, x, 0), axis=axes, keepdims=True) / m
    centered = ops.where(counts, x - mean, 0)
    return mean, ops.sum(ops.square(centered), axis=axes, keepdims=True) / m


def batch_normalization(x, mean, variance, gamma, beta, epsilon):
    """Normalizes, scales and shifts: as x * scale + shift, so that `x` is passed over only once.

    Args:
        x: inputs.
        mean, variance: of a shape that broadcasts to that of `x`.
        gamma, beta: likewise, or None for 1 and 0.
        epsilon: added to the variance, inside the root.

    Returns:
        Tensor of the shape of `x`.
    """
    scale = ops.rsqrt(variance + epsilon)
    scale = scale if gamma is None else gamma * scale
    shift = -mean * scale if beta is None else beta - mean * scale
    return x * scale + shift


@concept(
    en="batch normalization",
    zh="批量归一化",
    twin="keras.layers.BatchNormalization",
    notes=["003:120-136", "004:244"],
    aliases=["BN"],
    samples=[
        Sample({"momentum": 0.7}, (6, 5)),
        Sample({"epsilon": 0.1, "scale": False}, (3, 4, 5, 2)),
        Sample({"axis": 1, "center": False}, (3, 4, 5)),
        Sample({"renorm": True, "renorm_clipping": {"rmax": 1.5, "rmin": 0.5, "dmax": 0.75}}, (6, 5)),
    ],
    exempt={"float64 on other backends": "Keras's own layer casts float64 to float32 on JAX and PyTorch"},
    bench=Sample({}, (128, 12, 12, 32)),
)
class BatchNormalization(Layer):
    """Batch normalization (批量归一化).

    Args:
        axis: of the features. Default the last.
        momentum: share of the moving statistics kept at each step, from 0 to 1. Default 0.99.
        epsilon: added to the variance, positive. Default 0.001.
        center, scale: whether there is a `beta`, a `gamma`. Default True.
        beta_initializer, gamma_initializer: Default "zeros", "ones".
        moving_mean_initializer, moving_variance_initializer: Default "zeros", "ones".
        beta_regularizer, gamma_regularizer, beta_constraint, gamma_constraint: Default None.
        renorm: whether a batch's statistics are corrected towards slow averages in training. Default False.
        renorm_clipping: bounds of the correction, a dict with any of `rmin`, `rmax` and `dmax`. Default None: none.
        renorm_momentum: share of the slow averages kept at each step, from 0 to 1. Default 0.99.
        synchronized: whether the statistics are those of all workers of `tfnotes train`, or of all replicas of a
            strategy of TensorFlow's, and not of each by itself. Default False.

    Call arguments:
        inputs: shape `(batch, ...)`, any float dtype.
        training: whether the batch's statistics are taken. A layer whose `trainable` is False always
            takes the moving ones. Default False.
        mask: bools of the inputs' shape without its last axis: entries that count for the statistics.

    Returns:
        Tensor of the inputs' shape in the compute dtype; computed in float32 at least.

    Masking: masked entries don't count for the statistics, and are normalized with the rest.

    Raises:
        ValueError: an argument is out of range, the features have no fixed size, or `synchronized` statistics are to
            be taken on another backend than TensorFlow.

    Differences from keras.layers.BatchNormalization: statistics under a mask are divided by the entries that count,
    by Keras by that number and 1e-7 more. Synchronized ones are summed up in double precision, and take a mask too.

    Notes: 003:120-136, 004:244 (中文名: 批量归一化).

    Reference: Ioffe and Szegedy 2015, algorithms 1 and 2; arXiv:1502.03167. Ioffe 2017, "Batch renormalization",
    algorithm 1; arXiv:1702.03275.

    >>> y = BatchNormalization()(ops.array([[0.0], [2.0]]), training=True)
    >>> [round(float(v), 3) for v in ops.reshape(y, -1)]
    [-1.0, 1.0]
    """

    def __init__(
        self,
        axis=-1,
        momentum=0.99,
        epsilon=1e-3,
        center=True,
        scale=True,
        beta_initializer="zeros",
        gamma_initializer="ones",
        moving_mean_initializer="zeros",
        moving_variance_initializer="ones",
        beta_regularizer=None,
        gamma_regularizer=None,
        beta_constraint=None,
        gamma_constraint=None,
        renorm=False,
        renorm_clipping=None,
        renorm_momentum=0.99,
        synchronized=False,
        **kwargs,
    ):
        super().__init__(**kwargs)
        self.axis = _checks.axis(self, "axis", axis)
        self.momentum = float(_checks.number(self, "momentum", momentum, 0, 1))
        self.epsilon = float(_checks.number(self, "epsilon", epsilon, 0, exclusive=True))
        self.center = _checks.boolean(self, "center", center)
        self.scale = _checks.boolean(self, "scale", scale)
        self.declare_weight("beta", beta_initializer, beta_regularizer, beta_constraint)
        self.declare_weight("gamma", gamma_initializer, gamma_regularizer, gamma_constraint)
        self.declare_weight("moving_mean", moving_mean_initializer)
        self.declare_weight("moving_variance", moving_variance_initializer)
        self.renorm = _checks.boolean(self, "renorm", renorm)
        self.renorm_clipping = bounds_of(self, renorm_clipping)
        self.renorm_momentum = float(_checks.number(self, "renorm_momentum", renorm_momentum, 0, 1))
        self.synchronized = _checks.boolean(self, "synchronized", synchronized)
        self.supports_masking = True

    def build(self, input_shape):
        features = self.fixed_size(input_shape, self.axis)
        # Statistics and their scale stay in float32 under mixed precision: float16 overflows at 65504.
        self.gamma = self.add_declared("gamma", (features,), autocast=False) if self.scale else None
        self.beta = self.add_declared("beta", (features,), autocast=False) if self.center else None
        self.moving_mean = self.add_declared("moving_mean", (features,), trainable=False, autocast=False)
        self.moving_variance = self.add_declared("moving_variance", (features,), trainable=False, autocast=False)
        if self.renorm:
            state = {"shape": (features,), "trainable": False, "autocast": False}
            mean, deviation = fresh(self.moving_mean_initializer), self._first_deviation
            self.moving_stddev = self.add_weight(name="moving_stddev", initializer=deviation, **state)
            self.renorm_mean = self.add_weight(name="renorm_mean", initializer=mean, **state)
            self.renorm_stddev = self.add_weight(name="renorm_stddev", initializer=deviation, **state)
        self.input_spec = keras.InputSpec(ndim=len(input_shape), axes={self.axis: features})

    def _first_deviation(self, shape, dtype=None):
        return ops.sqrt(fresh(self.moving_variance_initializer)(shape, dtype=dtype))

    def call(self, inputs, training=False, mask=None):
        rank = len(inputs.shape)
        double = keras.backend.standardize_dtype(inputs.dtype) == "float64"
        x = inputs if double else ops.cast(inputs, "float32")
        axes = tuple(a for a in range(rank) if a != self.axis % rank)
        along = [-1 if a == self.axis % rank else 1 for a in range(rank)]

        def shaped(weight):
            return None if weight is None else ops.reshape(ops.cast(weight, x.dtype), along)

        gamma, beta = shaped(self.gamma), shaped(self.beta)
        if training and self.trainable:
            if mask is not None:
                if len(mask.shape) != rank - 1:
                    _checks.refuse(self, "mask", f"of rank {rank - 1}, one less than the inputs", tuple(mask.shape))
                mask = ops.expand_dims(mask, -1)
            mean, variance = moments(x, axes, mask)
            total = total_of(self) if self.synchronized else None
            if total is not None:
                mean, variance = over_workers(mean, variance, x, axes, mask, total)
            if self.renorm:
                gamma, beta = self._renormalized(mean, ops.sqrt(variance + self.epsilon), shaped)
            else:
                self._average(self.moving_mean, mean, self.momentum)
                self._average(self.moving_variance, variance, self.momentum)
        else:
            mean, variance = shaped(self.moving_mean), shaped(self.moving_variance)
        y = batch_normalization(x, mean, variance, gamma, beta, self.epsilon)
        return ops.cast(y, self.compute_dtype)

    def _renormalized(self, mean, deviation, shaped):
        """The scale and shift that hold the corrections too; it moves the averages."""
        slow = ops.maximum(shaped(self.renorm_stddev), self.epsilon**0.5)
        r, d = corrections(mean, deviation, shaped(self.renorm_mean), slow, self.renorm_clipping or {})
        gamma, beta = shaped(self.gamma), shaped(self.beta)
        scale, shift = (r, d) if gamma is None else (r * gamma, d * gamma)
        self._average(self.renorm_mean, mean, self.renorm_momentum)
        self._average(self.renorm_stddev, deviation, self.renorm_momentum)
        self._average(self.moving_mean, mean, self.momentum)
        self._average(self.moving_stddev, deviation, self.momentum)
        variance = ops.square(ops.convert_to_tensor(self.moving_stddev)) - self.epsilon
        self.moving_variance.assign(ops.maximum(variance, 0))
        return scale, shift if beta is None else shift + beta

    @staticmethod
    def _average(moving, batch, momentum):
        batch = ops.cast(ops.reshape(batch, (-1,)), moving.dtype)
        moving.assign(ops.convert_to_tensor(moving) * momentum + batch * (1 - momentum))

    def compute_output_shape(self, input_shape):
        return input_shape
