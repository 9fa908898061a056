"""ZCA whitening: PCA whitening turned back, the whitening that moves the data least (note 004:87-89).

    whitening = components.T @ diag(1 / sqrt(variance + epsilon)) @ components
    y         = (x - mean) @ whitening
    coloring  = components.T @ diag(sqrt(variance + epsilon)) @ components
    x         = y @ coloring + mean                                                     the inverse

The components and their variances are those of PCA. Both matrices are symmetric.
"""

import numpy as np
from keras import ops

from tfnotes import _checks
from tfnotes.preprocessing._components import FEATURES, components
from tfnotes.preprocessing._projection import Flattened
from tfnotes.registry import Sample, concept


def whitening_and_coloring(directions, variance, epsilon):
    """The symmetric square root of the covariance's inverse, and that of the covariance, both `(d, d)`."""
    deviation = np.sqrt(variance + epsilon)
    inverse = np.divide(1, deviation, out=np.zeros_like(deviation), where=deviation > 0)
    whitening, coloring = ((directions.T * d) @ directions for d in (inverse, deviation))
    # Symmetric to the last digit, which rounding of the products isn't.
    return (whitening + whitening.T) / 2, (coloring + coloring.T) / 2


@concept(
    en="ZCA whitening",
    zh="ZCA 白化",
    notes=["004:87-89"],
    samples=[Sample({}, (6, 3)), Sample({"epsilon": 0.1}, (5, 3, 2, 1))],
)
class ZCAWhitening(Flattened):
    """ZCA whitening (ZCA 白化): covariance the identity, up to `epsilon`, and images still look like images.

    Args:
        epsilon: added to each variance. Default 1e-6. With 0, a direction in which the data don't vary
            gives 0.

    Call arguments:
        inputs: shape `(batch, ...)` with up to 4096 features, any real dtype.

    Returns:
        Shape of the inputs, in the layer's compute dtype. `inverse` is exact.

    Raises:
        ValueError: `epsilon` isn't a number of at least 0, the inputs have more than 4096 features, the
            layer is called before `adapt`, or on another shape.

    Notes: 004:87-89 (中文名: 白化).

    Reference: Bell and Sejnowski 1997, "The independent components of natural scenes are edge filters".

    >>> import numpy as np
    >>> layer = ZCAWhitening(epsilon=0.0)
    >>> layer.adapt(np.array([[-2.0, 0.0], [2.0, 0.0], [0.0, 1.0], [0.0, -1.0]]))
    >>> print(layer.whitening.numpy().round(4))
    [[0.7071 0.    ]
     [0.     1.4142]]
    """

    def __init__(self, epsilon=1e-6, **kwargs):
        super().__init__(**kwargs)
        self.epsilon = _checks.number(self, "epsilon", epsilon, 0)

    def build(self, input_shape):
        features = self.set_features(input_shape)
        if features > FEATURES:
            expected = (
                f"a shape with at most {FEATURES} features, as the covariance of {features} has {features} x "
                f"{features} numbers; tfnotes.preprocessing.PCA(n_components=...) before it, which streams, "
                f"makes fewer"
            )
            _checks.refuse(self, "input_shape", expected, tuple(input_shape))
        self.mean = self.add_fitted("mean", (features,))
        self.whitening = self.add_fitted("whitening", (features, features))
        self.coloring = self.add_fitted("coloring", (features, features))
        self.count = self.add_count()

    def fit(self, stream):
        n, mean, directions, variance, _ = components(stream, self.matrix, self.features, self.features)
        return n, mean, *whitening_and_coloring(directions, variance, self.epsilon)

    def call(self, inputs):
        return ops.reshape(super().call(inputs), (-1, *self.example_shape))

    def transform(self, x):
        return ops.matmul(x - self.mean, self.whitening)

    def undo(self, y):
        return ops.matmul(ops.reshape(y, (-1, self.features)), self.coloring) + self.mean

    def compute_output_shape(self, input_shape):
        return input_shape
