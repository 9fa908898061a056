"""Standardization: each feature gets mean 0 and standard deviation 1 (Z-score, note 004:75-77).

    mean     = 1/n * sum_i x[i]
    variance = 1/n * sum_i (x[i] - mean)**2
    y        = (x - mean) / deviation                               inverse: x = y * deviation + mean

The deviation is max(sqrt(variance), epsilon), with Keras's epsilon of 1e-7; but 1 where the variance is 0, as in
scikit-learn: a pixel that was black in all of the training images and isn't in a test image stays small. `adapt`
takes for 0 what scikit-learn does, a variance that is within the rounding error of the mean:

    variance <= n * eps * variance + (n * mean * eps)**2              eps = 2.2e-16
"""

import keras
import numpy as np
from keras import ops

from tfnotes import _checks
from tfnotes.preprocessing._moments import streamed
from tfnotes.preprocessing._scaling import Scaling
from tfnotes.registry import Sample, concept


def deviation(variance, epsilon):
    """What is divided by: the root of the variance; 1 for none at all."""
    return ops.where(variance == 0, ops.ones_like(variance), ops.maximum(ops.sqrt(variance), epsilon))


def standardize(x, mean, variance, epsilon):
    """`x` in standard deviations from the mean; all of shapes that broadcast."""
    return (x - mean) / deviation(variance, epsilon)


def unstandardize(y, mean, variance, epsilon):
    """The inverse of `standardize`."""
    return mean + y * deviation(variance, epsilon)


def without_rounding(n, mean, variance):
    """Variances of `n` numbers with those set to 0 that rounding the mean explains."""
    eps = np.finfo("float64").eps
    return np.where(variance <= n * eps * variance + (n * mean * eps) ** 2, 0, variance)


@concept(
    en="standardization",
    zh="标准化",
    twin="keras.layers.Normalization",
    notes=["004:75-77"],
    aliases=["Normalization", "z-score"],
    samples=[
        Sample({}, (5, 3)),
        Sample({"axis": [1, 2]}, (4, 3, 2, 2)),
        Sample({"axis": None, "invert": True}, (4, 3)),
        Sample({"mean": 3.0, "variance": 2.0}, (4, 3)),
    ],
    bench=Sample({}, (128, 4096)),
)
class Standardization(Scaling):
    """Standardization (标准化): subtracts the mean, divides by the standard deviation.

    Args:
        axis: the axis or axes that have a mean and variance for each index; None: one of each for
            everything. Default -1.
        mean, variance: given both, they are used and `adapt` isn't needed. They broadcast to the sizes
            of `axis`. Default None.
        invert: whether the layer does the inverse. Default False.

    Call arguments:
        inputs: any shape that has the sizes of the data on `axis`, any real dtype.

    Returns:
        Shape of the inputs, in the layer's compute dtype.

    Masking: a mask passes on unchanged.

    Raises:
        ValueError: `axis`, `mean` or `variance` isn't as above, the layer is called before `adapt`, or on
            another shape.

    Differences from keras.layers.Normalization: refuses to be called before `adapt`, which Keras takes
    for mean 0 and variance 1; refuses data with NaN or infinity or a single example, and an `axis` that holds the
    batch's; a feature without variance is divided by 1, by Keras by 1e-7; `adapt` computes in float64; in
    float64 Keras rounds a given `mean` and `variance` to float32, here they keep their digits; in a `tf.data`
    pipeline it needs the TensorFlow backend.

    Notes: 004:75-77 (中文名: 标准化).

    >>> import numpy as np
    >>> layer = Standardization()
    >>> layer.adapt(np.array([[1.0, 10.0], [3.0, 20.0]]))
    >>> print(layer(np.array([[1.0, 15.0]])).numpy())
    [[-1.  0.]]
    """

    def __init__(self, axis=-1, mean=None, variance=None, invert=False, **kwargs):
        super().__init__(axis, invert, **kwargs)
        self.input_mean = _given(self, "mean", mean)
        self.input_variance = _given(self, "variance", variance, minimum=0)
        if (mean is None) != (variance is None) or np.shape(self.input_mean) != np.shape(self.input_variance):
            _checks.refuse(self, "variance", "given if and only if `mean` is, in the same shape", variance)
        if np.ndim(self.input_mean or 0) > len(self.axis):
            _checks.refuse(self, "mean", f"of at most {len(self.axis)} axes, the number in `axis`", mean)

    def add_statistics(self, shape):
        if self.input_mean is None:
            self.adapt_mean = self.add_fitted("mean", shape)
            self.adapt_variance = self.add_fitted("variance", shape, initializer="ones")
            self.count = self.add_count()
            return
        try:
            self.adapt_mean, self.adapt_variance = (
                np.broadcast_to(v, shape) for v in (self.input_mean, self.input_variance)
            )
        except ValueError:
            _checks.refuse(self, "mean", f"of a shape that broadcasts to {shape}", self.input_mean)

    @property
    def fitted(self):
        return self.input_mean is not None or super().fitted

    @property
    def mean(self):
        """What is subtracted, in a shape that broadcasts to the inputs; None until the layer is built."""
        return self.shaped(self.adapt_mean) if self.built else None

    @property
    def variance(self):
        """Whose root is divided by, likewise."""
        return self.shaped(self.adapt_variance) if self.built else None

    def fit(self, stream):
        if self.input_mean is not None:
            _checks.refuse(self, "mean", "None for `adapt`, which computes it", self.input_mean)
        count, mean, m2 = streamed(stream.blocks(self.matrix))
        variance = without_rounding(count, mean, m2 / count)
        return count, mean.reshape(self.sizes), variance.reshape(self.sizes)

    def get_config(self):
        return {**super().get_config(), "mean": self.input_mean, "variance": self.input_variance}

    def transform(self, x):
        return standardize(x, self.mean, self.variance, keras.config.epsilon())

    def undo(self, y):
        return unstandardize(y, self.mean, self.variance, keras.config.epsilon())


def _given(owner, argument, value, minimum=-np.inf):
    if value is None:
        return None
    try:
        numbers = np.asarray(ops.convert_to_numpy(value) if ops.is_tensor(value) else value)
    except ValueError:
        numbers = np.array(np.nan)
    if numbers.dtype.kind not in "iuf" or not np.all(np.isfinite(numbers)) or np.any(numbers < minimum):
        kind = "finite numbers" if minimum < 0 else "finite numbers of at least 0"
        _checks.refuse(owner, argument, f"None or {kind}", value)
    # As a config holds it.
    return numbers.tolist()
