"""Clipping by global norm: all gradients of a model are scaled by one factor. The step keeps its direction.

    n = sqrt(sum over all gradients of sum(g**2))
    g <- g * clip_norm / max(n, clip_norm)
"""

from keras import ops

from tfnotes import _checks
from tfnotes.registry import Sample, concept


def global_norm(gradients):
    """The length of all gradients taken for one vector; None among them counts as zeros."""
    squares = [ops.sum(ops.square(g)) for g in gradients if g is not None]
    return ops.sqrt(sum(squares)) if squares else ops.zeros(())


@concept(
    en="gradient clipping by global norm",
    zh="按全局范数剪切梯度",
    notes=["003:198-200"],
    aliases=["global_clipnorm"],
    samples=[Sample({"clip_norm": 1.0}, (3, 4))],
)
def clip_by_global_norm(gradients, clip_norm):
    """Gradient clipping by global norm (按全局范数剪切梯度): what `global_clipnorm` of an optimizer does.

    A gradient that isn't finite makes all of them NaN, so that it doesn't pass for a clipped one.

    Args:
        gradients: a list of tensors; None among them stays None.
        clip_norm: the longest length allowed of all together, above 0.

    Returns:
        `(clipped, norm)`: a list like `gradients`, and the global norm before clipping, a scalar.

    Raises:
        ValueError: `clip_norm` isn't a number above 0.

    Notes: 003:198-200 (中文名: 按全局范数剪切梯度).

    Reference: Pascanu, Mikolov and Bengio 2013, "On the difficulty of training recurrent neural networks",
    algorithm 1; arXiv:1211.5063.

    >>> clipped, norm = clip_by_global_norm([ops.array([3.0]), None, ops.array([4.0])], 1.0)
    >>> [None if g is None else round(float(g[0]), 4) for g in clipped], float(norm)
    ([0.6, None, 0.8], 5.0)
    """
    _checks.number("clip_by_global_norm", "clip_norm", clip_norm, 0, exclusive=True)
    n = global_norm(gradients)
    # n - n is 0, but NaN for an n that isn't finite.
    scale = clip_norm / ops.maximum(n, clip_norm) + (n - n)
    return [None if g is None else g * scale for g in gradients], n
