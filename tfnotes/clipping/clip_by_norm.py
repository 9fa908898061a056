"""Clipping by norm: a gradient longer than a limit is scaled back to it. It keeps its direction.

    n = sqrt(sum(g**2))
    g <- g * clip_norm / max(n, clip_norm)

_norm.py says how n neither overflows nor vanishes.
"""

from keras import ops

from tfnotes import _checks
from tfnotes.clipping._norm import largest, on_values, root, widened
from tfnotes.registry import Sample, concept


@concept(
    en="gradient clipping by norm",
    zh="按范数裁剪梯度",
    notes=["003:198-200"],
    aliases=["clipnorm"],
    samples=[Sample({"clip_norm": 1.0}, (3, 4)), Sample({"clip_norm": 0.5, "axes": 1}, (3, 4))],
)
def clip_by_norm(g, clip_norm, axes=None):
    """Gradient clipping by norm (按范数裁剪梯度): what `clipnorm` of an optimizer does.

    Args:
        g: gradient, a tensor of any shape and float dtype. Of TensorFlow's `IndexedSlices` the rows are taken as
            they stand, as by Keras's optimizers: a row that stands twice isn't added up first.
        clip_norm: the longest length allowed, above 0.
        axes: over which the length is taken, an int or several. Default all.

    Returns:
        Tensor of the shape and dtype of `g`; slices for slices. It is computed in float32 at least, and right for
        all finite numbers. As in Keras and PyTorch, an infinite entry becomes NaN and the finite ones beside it 0,
        and beside NaN all is NaN.

    Raises:
        ValueError: `clip_norm` isn't a number above 0.

    Notes: 003:198-200 (中文名: 按范数裁剪梯度).

    Reference: Pascanu, Mikolov and Bengio 2013, "On the difficulty of training recurrent neural networks",
    algorithm 1; arXiv:1211.5063.

    >>> [round(float(x), 4) for x in clip_by_norm(ops.array([3.0, 4.0]), 1.0)]
    [0.6, 0.8]
    """
    _checks.number("clip_by_norm", "clip_norm", clip_norm, 0, exclusive=True)
    return on_values(lambda values: _clipped(values, clip_norm, axes), g)


def _clipped(g, clip_norm, axes):
    wide = widened(g)
    m = largest(wide, axes)
    unit = root(ops.sum(ops.square(wide / m), axis=axes, keepdims=True))
    clipped = ops.where(m * unit <= clip_norm, wide, (wide / m) * (clip_norm / unit))
    return ops.cast(clipped, ops.convert_to_tensor(g).dtype)
