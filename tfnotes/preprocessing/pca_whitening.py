"""PCA whitening: uncorrelated coordinates, each with variance 1 (note 004:87-89).

    y = (x - mean) @ components.T / sqrt(variance + epsilon)
    x = y * sqrt(variance + epsilon) @ components + mean                  the inverse

The mean, the components and their variances are those of PCA.
"""

from keras import ops

from tfnotes import _checks
from tfnotes.preprocessing._projection import Projection
from tfnotes.preprocessing.pca import project, unproject
from tfnotes.registry import Sample, concept


def inverse_deviation(variance, epsilon):
    """1 / sqrt(variance + epsilon); 0 where that is 0: what never varied stays at 0."""
    total = variance + epsilon
    return ops.where(
        total > 0, ops.rsqrt(ops.where(total > 0, total, ops.ones_like(total))), ops.zeros_like(total)
    )


@concept(
    en="PCA whitening",
    zh="PCA 白化",
    notes=["004:87-89"],
    aliases=["whitening"],
    samples=[Sample({}, (6, 3)), Sample({"n_components": 2, "epsilon": 0.1}, (5, 3, 2, 1))],
)
class PCAWhitening(Projection):
    """PCA whitening (PCA 白化): the covariance of the outputs is the identity, up to `epsilon`.

    Args:
        n_components: how many components. Default None, as many as features. As of `PCA`, which also says
            how exact they are.
        epsilon: added to each variance, so that directions with hardly any aren't blown up. Default 1e-6.
            With 0, the outputs' covariance is exactly the identity, and a direction in which the data
            don't vary gives 0.

    Call arguments:
        inputs: shape `(batch, ...)`, any real dtype; an example is one vector of all its numbers.

    Returns:
        Shape `(batch, n_components)`, in the layer's compute dtype; `inverse` as of `PCA`.

    Raises:
        ValueError: `epsilon` isn't a number of at least 0, `n_components` as of `PCA`; the layer is called
            before `adapt`, or on another shape.

    Notes: 004:87-89 (中文名: 白化). The note says that features become normally distributed; whitening gives
    them variance 1 and no correlation, and leaves the distribution's form as it is.

    >>> import numpy as np
    >>> layer = PCAWhitening(epsilon=0.0)
    >>> layer.adapt(np.array([[1.0, 1.0], [2.0, 2.0], [3.0, 3.0]]))
    >>> print(abs(layer(np.array([[3.0, 3.0]])).numpy().round(4)))
    [[1.2247 0.    ]]
    """

    def __init__(self, n_components=None, epsilon=1e-6, **kwargs):
        super().__init__(n_components, **kwargs)
        self.epsilon = _checks.number(self, "epsilon", epsilon, 0)

    def transform(self, x):
        return project(x, self.mean, self.components) * inverse_deviation(self.variance, self.epsilon)

    def undo(self, y):
        return unproject(y * ops.sqrt(self.variance + self.epsilon), self.mean, self.components)
