"""Clipping by value: no element beyond a bound. The gradient may come to point elsewhere.

    g[i] <- min(max(g[i], low), high)
"""

from keras import ops

from tfnotes import _checks
from tfnotes.clipping._norm import on_values
from tfnotes.registry import Sample, concept


@concept(
    en="gradient clipping by value",
    zh="按值裁剪梯度",
    notes=["003:198-200"],
    aliases=["clipvalue"],
    samples=[Sample({"clip_value_min": -0.5, "clip_value_max": 0.5}, (3, 4))],
)
def clip_by_value(g, clip_value_min, clip_value_max):
    """Gradient clipping by value (按值裁剪梯度): what `clipvalue` of an optimizer does, with both bounds.

    Args:
        g: gradient, a tensor of any shape and float dtype. Of TensorFlow's `IndexedSlices` the rows are taken as
            they stand, as by Keras's optimizers: a row that stands twice isn't added up first.
        clip_value_min: lower bound.
        clip_value_max: upper bound, at least the lower.

    Returns:
        Tensor of the shape and dtype of `g`; slices for slices. NaN stays NaN.

    Raises:
        ValueError: a bound isn't a number, or they are the wrong way round.

    Notes: 003:198-200 (中文名: 按值裁剪梯度).

    >>> [float(x) for x in clip_by_value(ops.array([-3.0, 0.5, 2.0]), -1, 1)]
    [-1.0, 0.5, 1.0]
    """
    low = _checks.number("clip_by_value", "clip_value_min", clip_value_min)
    high = _checks.number("clip_by_value", "clip_value_max", clip_value_max, low)
    return on_values(lambda values: ops.minimum(ops.maximum(values, low), high), g)
