"""KL divergence between Gaussians with diagonal covariance: the price of a VAE's code.

    s = log_variance,  t = prior_log_variance
    KL = 1/2 * sum over the last axis of
         exp(s - t) + (mean - prior_mean)**2 * exp(-t) - 1 - s + t

    From the standard normal:  KL = 1/2 * sum(exp(s) + mean**2 - 1 - s)
    d KL / d mean = (mean - prior_mean) * exp(-t),    d KL / d s = (exp(s - t) - 1) / 2
"""

import keras
from keras import ops

from tfnotes import _checks
from tfnotes.losses._elementwise import matched
from tfnotes.registry import Sample, concept


def gaussian_kl_divergence(mean, log_variance, prior_mean=0.0, prior_log_variance=0.0):
    """KL divergence of each Gaussian from its prior, in nats.

    Args:
        mean, log_variance: of the Gaussians, shape `(..., n)`; the logarithm, so that any number is one.
        prior_mean, prior_log_variance: what they diverge from, broadcast. Default the standard normal.

    Returns:
        Shape `(...)`, at least 0.
    """
    mean, s = ops.convert_to_tensor(mean), ops.convert_to_tensor(log_variance)
    t = ops.cast(prior_log_variance, s.dtype)
    spread, shift = ops.exp(s - t), ops.square(mean - prior_mean) * ops.exp(-t)
    return ops.sum(spread + shift - 1 - s + t, axis=-1) / 2


@concept(
    en="KL divergence of diagonal Gaussians",
    zh="高斯 KL 散度",
    notes=["004:288"],
    aliases=["gaussian_kl"],
    samples=[
        Sample({}, (6, 4), "real"),
        Sample({"reduction": "none"}, (2, 3, 6), "real"),
    ],
    bench=Sample({}, (128, 512), "real"),
)
class GaussianKLDivergence(keras.losses.Loss):
    """KL divergence between diagonal Gaussians (高斯 KL 散度).

    A Gaussian of n dimensions is a vector of 2n numbers: n means, then n logarithms of variances. Zeros as
    targets are standard normals, what a VAE's codes shall diverge little from. The function of this name
    takes means and logarithms apart.

    Args:
        reduction: "sum_over_batch_size", "sum", "mean", "mean_with_sample_weight", "none" or None.
        name, dtype: as in `keras.losses.Loss`.

    Call arguments:
        y_true: the Gaussians diverged from (priors), shape `(batch, ..., 2n)`.
        y_pred: the Gaussians, the same shape.

    Returns:
        The reduced divergence; with "none", shape `(batch, ...)`.

    Raises:
        ValueError: the shapes differ, or the last axis isn't of a known and even size.

    Notes: 004:288 (中文名: 高斯 KL 散度).

    Reference: Kingma and Welling 2014, "Auto-encoding variational Bayes", arXiv:1312.6114, appendix B.

    >>> float(GaussianKLDivergence()([[0.0, 0.0]], [[2.0, 0.0]]))  # 1/2 * 2**2
    2.0
    """

    def __init__(self, reduction="sum_over_batch_size", name="gaussian_kl_divergence", dtype=None):
        super().__init__(name=name, reduction=reduction, dtype=dtype)

    def call(self, y_true, y_pred):
        y_true, y_pred = matched(self, y_true, y_pred)
        size = y_pred.shape[-1] if len(y_pred.shape) > 1 else None
        if size is None or size % 2:
            _checks.refuse(self, "y_pred", "of a shape that ends in 2n", tuple(y_pred.shape))
        (prior_mean, t), (mean, s) = (ops.split(y, 2, axis=-1) for y in (y_true, y_pred))
        return gaussian_kl_divergence(mean, s, prior_mean, t)
