"""Clipping by norm: a gradient longer than a limit is scaled back to it. It keeps its direction.

    n = sqrt(sum(g**2))
    g <- g * clip_norm / max(n, clip_norm)
"""

from keras import ops

from tfnotes import _checks
from tfnotes.registry import Sample, concept


@concept(
    en="gradient clipping by norm",
    zh="按范数剪切梯度",
    notes=["003:198-200"],
    aliases=["clipnorm"],
    samples=[Sample({"clip_norm": 1.0}, (3, 4)), Sample({"clip_norm": 0.5, "axes": 1}, (3, 4))],
)
def clip_by_norm(g, clip_norm, axes=None):
    """Gradient clipping by norm (按范数剪切梯度): what `clipnorm` of an optimizer does.

    Args:
        g: gradient, a tensor of any shape and float dtype.
        clip_norm: the longest length allowed, above 0.
        axes: over which the length is taken, an int or several. Default all.

    Returns:
        Tensor of the shape and dtype of `g`.

    Raises:
        ValueError: `clip_norm` isn't a number above 0.

    Notes: 003:198-200 (中文名: 按范数剪切梯度).

    Reference: Pascanu, Mikolov and Bengio 2013, "On the difficulty of training recurrent neural networks",
    algorithm 1; arXiv:1211.5063.

    >>> [round(float(x), 4) for x in clip_by_norm(ops.array([3.0, 4.0]), 1.0)]
    [0.6, 0.8]
    """
    _checks.number("clip_by_norm", "clip_norm", clip_norm, 0, exclusive=True)
    n = ops.sqrt(ops.sum(ops.square(g), axis=axes, keepdims=True))
    return g * (clip_norm / ops.maximum(n, clip_norm))
