"""KL sparsity: keeps each unit's mean activation near a small target, for sparse autoencoders.

    rho_hat[j] = mean over the batch of a[:, j]                 a: activations from 0 to 1
    KL[j]      = rho * log(rho / rho_hat[j]) + (1 - rho) * log((1 - rho) / (1 - rho_hat[j]))
    penalty    = beta * sum_j KL[j]

Seen as a coin, unit j comes up with chance rho_hat[j] and should with chance rho: KL[j] is the
divergence between the two, 0 where they agree.
"""

import math

import keras
from keras import ops

from tfnotes import _checks
from tfnotes.registry import Sample, concept
from tfnotes.regularizers._base import Regularizer


def kl_sparsity(a, rho, beta):
    """The penalty on activations.

    Args:
        a: activations from 0 to 1, shape `(batch, ..., units)`.
        rho: target of each unit's mean.
        beta: factor.

    Returns:
        A scalar.
    """
    rho_hat = ops.mean(a, axis=tuple(range(len(a.shape) - 1)))
    epsilon = keras.config.epsilon()
    rho_hat = ops.clip(rho_hat, epsilon, 1 - epsilon)
    entropy = rho * math.log(rho) + (1 - rho) * math.log(1 - rho)
    cross = rho * ops.log(rho_hat) + (1 - rho) * ops.log(1 - rho_hat)
    return beta * ops.sum(entropy - cross)


@concept(
    en="KL sparsity penalty",
    zh="KL 稀疏惩罚",
    notes=["004:282", "004:248-249"],
    samples=[Sample({}, (6, 5)), Sample({"rho": 0.25, "beta": 0.5}, (2, 3, 3, 4))],
    bench=Sample({}, (256, 1024)),
)
class KLSparsity(Regularizer):
    """KL sparsity penalty (KL 稀疏惩罚): an `activity_regularizer` for units between 0 and 1.

    It looks at means over the batch, and for outputs of more axes over those too. They say little where the
    batch isn't large beside `1 / rho`.

    Args:
        rho: each unit's target mean, above 0 and below 1. Default 0.05.
        beta: factor of the penalty, at least 0. Default 3.0, as in the reference.

    A layer divides what its `activity_regularizer` gives by the batch size. So that the equation is what
    reaches the loss, for batches of any size, this gives the batch size times the penalty.

    Call arguments:
        x: activations, shape `(batch, ..., units)`, from 0 to 1, as a sigmoid gives. Means outside are
            taken for the nearest end, without a gradient.

    Returns:
        The penalty times the batch size, a scalar of the dtype of `x`.

    Raises:
        ValueError: an argument is out of range, or `x` has no axis of units beside the batch.

    Notes: 004:282, 004:248-249 (中文名: KL 稀疏惩罚).

    Reference: Ng 2011, "Sparse autoencoder", CS294A lecture notes, section 3.

    >>> abs(float(KLSparsity(rho=0.5)(ops.array([[0.25], [0.75]])))) < 1e-6
    True
    """

    def __init__(self, rho=0.05, beta=3.0):
        self.rho = float(_checks.number(self, "rho", rho, 0, 1, exclusive=True))
        self.beta = float(_checks.number(self, "beta", beta, 0))

    def __call__(self, x):
        if len(x.shape) < 2:
            _checks.refuse(self, "x", "of shape (batch, ..., units)", tuple(x.shape))
        return ops.cast(ops.shape(x)[0], x.dtype) * kl_sparsity(x, self.rho, self.beta)
