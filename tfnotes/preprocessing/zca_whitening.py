"""ZCA whitening: PCA whitening turned back, the whitening that moves the data least (note 004:87-89).

    deviation = sqrt(variance + epsilon), 1 where variance is 0
    whitening = components.T @ diag(1 / deviation) @ components
    y         = (x - mean) @ whitening
    coloring  = components.T @ diag(deviation) @ components
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
    deviation = np.where(variance == 0, 1, np.sqrt(variance + epsilon))
    whitening, coloring = ((directions.T * d) @ directions for d in (1 / deviation, deviation))
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
        epsilon: added to each variance. Default 1e-6.

    Call arguments:
        inputs: shape `(batch, ...)` with up to 4096 features, any real dtype.

    Returns:
        Shape of the inputs, in the layer's compute dtype. `inverse` is exact. A direction in which the data of
        `adapt` didn't vary, but for rounding, is left as it is: its deviation is taken as 1, not as a small number
        that makes huge ones of whatever comes later.

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

    def measure(self, input_shape):
        super().measure(input_shape)
        features = self.features
        if features > FEATURES:
            expected = (
                f"a shape with at most {FEATURES} features, as the covariance of {features} has {features} x "
                f"{features} numbers; tfnotes.preprocessing.PCA(n_components=...) before it, which streams, "
                f"makes fewer"
            )
            _checks.refuse(self, "input_shape", expected, tuple(input_shape))

    def build(self, input_shape):
        self.measure(input_shape)
        features = self.features
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
