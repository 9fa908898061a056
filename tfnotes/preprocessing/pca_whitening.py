"""PCA whitening: uncorrelated coordinates, each with variance 1 (note 004:87-89).

    deviation = sqrt(variance + epsilon), 1 where variance is 0
    y = (x - mean) @ components.T / deviation
    x = y * deviation @ components + mean                                 the inverse

The mean, the components and their variances are those of PCA.
"""

from keras import ops

from tfnotes import _checks
from tfnotes.preprocessing._projection import Projection
from tfnotes.preprocessing.pca import project, unproject
from tfnotes.registry import Sample, concept


def deviation(variance, epsilon):
    """What a component is divided by; 1 where the data never varied."""
    return ops.where(variance == 0, ops.ones_like(variance), ops.sqrt(variance + epsilon))


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
            With 0, the outputs' covariance is exactly the identity where the data vary.

    Call arguments:
        inputs: shape `(batch, ...)`, any real dtype; an example is one vector of all its numbers.

    Returns:
        Shape `(batch, n_components)`, in the layer's compute dtype; `inverse` as of `PCA`. A direction in which the
        data of `adapt` didn't vary, but for rounding, is left as it is: its deviation is taken as 1, not as a small
        number that makes huge ones of whatever comes later.

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
        return project(x, self.mean, self.components) / deviation(self.variance, self.epsilon)

    def undo(self, y):
        return unproject(y * deviation(self.variance, self.epsilon), self.mean, self.components)
