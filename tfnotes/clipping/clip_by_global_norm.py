"""Clipping by global norm: all gradients of a model are scaled by one factor. The step keeps its direction.

    n = sqrt(sum over all gradients of sum(g**2))
    g <- g * clip_norm / max(n, clip_norm)

_norm.py says how n neither overflows nor vanishes.
"""

from functools import reduce

from keras import ops

from tfnotes import _checks
from tfnotes.clipping._norm import largest, on_values, root, widened
from tfnotes.registry import Sample, concept


def scaled_norm(gradients):
    """`(m, root, n)`: the length n of all gradients taken for one vector is m * root; None counts as zeros."""
    wide = [widened(getattr(g, "values", g)) for g in gradients if g is not None]
    if not wide:
        return ops.ones(()), ops.ones(()), ops.zeros(())
    m = reduce(ops.maximum, [ops.reshape(largest(g), ()) for g in wide])
    squares = sum(ops.sum(ops.square(g / ops.cast(m, g.dtype))) for g in wide)
    unit = root(squares)
    return m, unit, ops.where(squares == 0, squares, m * unit)


@concept(
    en="gradient clipping by global norm",
    zh="按全局范数裁剪梯度",
    notes=["003:198-200"],
    aliases=["global_clipnorm"],
    samples=[Sample({"clip_norm": 1.0}, (3, 4))],
)
def clip_by_global_norm(gradients, clip_norm):
    """Gradient clipping by global norm (按全局范数裁剪梯度): what `global_clipnorm` of an optimizer does.

    A gradient that isn't finite makes all of them NaN, so that it doesn't pass for a clipped one.

    Args:
        gradients: a list of tensors; None among them stays None. Of TensorFlow's `IndexedSlices` the rows are
            taken as they stand, as by Keras's optimizers: a row that stands twice isn't added up first.
        clip_norm: the longest length allowed of all together, above 0.

    Returns:
        `(clipped, norm)`: a list like `gradients`, and the global norm before clipping, a scalar; infinite if it
        is beyond the largest number, for which finite gradients are clipped all the same. It is computed in
        float32 at least.

    Raises:
        ValueError: `clip_norm` isn't a number above 0.

    Notes: 003:198-200 (中文名: 按全局范数裁剪梯度).

    Reference: Pascanu, Mikolov and Bengio 2013, "On the difficulty of training recurrent neural networks",
    algorithm 1; arXiv:1211.5063.

    >>> clipped, norm = clip_by_global_norm([ops.array([3.0]), None, ops.array([4.0])], 1.0)
    >>> [None if g is None else round(float(g[0]), 4) for g in clipped], float(norm)
    ([0.6, None, 0.8], 5.0)
    """
    _checks.number("clip_by_global_norm", "clip_norm", clip_norm, 0, exclusive=True)
    m, unit, n = scaled_norm(gradients)

    def clipped(g):
        wide = widened(g)
        # unit - unit is 0, but NaN if any number isn't finite.
        long = (wide / ops.cast(m, wide.dtype)) * ops.cast(clip_norm / unit + (unit - unit), wide.dtype)
        return ops.cast(ops.where(n <= clip_norm, wide, long), ops.convert_to_tensor(g).dtype)

    return [None if g is None else on_values(clipped, g) for g in gradients], n
