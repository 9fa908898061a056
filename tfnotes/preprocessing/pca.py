"""PCA: each example in the coordinates of the directions in which the data vary most (note 004:81-83).

    covariance   = 1/n * sum_i outer(x[i] - mean, x[i] - mean)
    covariance @ components[k] = variance[k] * components[k]          variance[0] >= variance[1] >= ...
    y            = (x - mean) @ components.T                          inverse: x = y @ components + mean

With fewer components than features, the inverse gives the nearest point that the components reach.
"""

from keras import ops

from tfnotes.preprocessing._projection import Projection
from tfnotes.registry import Sample, concept


def project(x, mean, components):
    """Coordinates of `x`, shape `(n, d)`, along the rows of `components`: shape `(n, k)`."""
    return ops.matmul(x - mean, ops.transpose(components))


def unproject(y, mean, components):
    """The point with these coordinates: shape `(n, d)`."""
    return ops.matmul(y, components) + mean


@concept(
    en="principal component analysis",
    zh="主成分分析",
    notes=["004:81-83"],
    aliases=["principal_component_analysis"],
    samples=[Sample({}, (6, 3)), Sample({"n_components": 2}, (5, 3, 2, 1))],
)
class PCA(Projection):
    """PCA (主成分分析): coordinates along the directions of largest variance, which are uncorrelated.

    Args:
        n_components: how many directions. Default None, as many as features, up to 4096 features. Inputs
            with more need a number so small that a sketch of 2 * n_components + 10 examples takes at most
            1 GiB of working memory: at most 54 for a 250 x 250 x 3 image.

    Call arguments:
        inputs: shape `(batch, ...)`, any real dtype; an example is one vector of all its numbers.

    Returns:
        Shape `(batch, n_components)`, in the layer's compute dtype. `inverse` gives the data's shape back:
        exactly, if no component was left out, else the nearest point that the components reach.

    How exact: up to 4096 features the covariance is formed, in float64 (of float32 data the products, not
    their sums, are float32: an error of about 1e-7 of the largest variance, below which one counts as 0). Above,
    the data stream through a sketch, and the weight `variance_error` says how far below its true value a
    `variance` can be; it is 0 where the covariance was formed, or the data's rank is at most that of the sketch.
    A component's sign is chosen so that its largest number is positive. The variance is the sum of squares
    divided by n, not n - 1.

    Raises:
        ValueError: `n_components` isn't a positive integer, is larger than the features or the examples or
            too large for a sketch; the layer is called before `adapt`, or on another shape.

    Notes: 004:81-83 (中文名: 主成分分析).

    Reference: Ross et al. 2008, "Incremental learning for robust visual tracking", section 3.1.

    >>> import numpy as np
    >>> layer = PCA(1)
    >>> layer.adapt(np.array([[1.0, 1.0], [2.0, 2.0], [3.0, 3.0]]))
    >>> print(layer(np.array([[3.0, 3.0]])).numpy().round(4), layer.variance.numpy().round(4))
    [[1.4142]] [1.3333]
    """

    def transform(self, x):
        return project(x, self.mean, self.components)

    def undo(self, y):
        return unproject(y, self.mean, self.components)
