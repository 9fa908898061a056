"""Softmax as a layer, which takes a mask.

    y[i] = exp(x[i]) / sum_{j kept by the mask} exp(x[j])      where the mask keeps i, else 0

The function, without a mask, is activations/softmax.py.
"""

import keras
from keras import ops

from tfnotes import _checks, activations
from tfnotes.activations.softmax import axes_of
from tfnotes.layers._base import Elementwise
from tfnotes.registry import Sample, concept


def masked_softmax(x, mask, axis=-1):
    """Softmax over the entries that `mask` keeps; zeros elsewhere, and where it keeps none.

    Args:
        x: inputs.
        mask: bools, of a shape that broadcasts to that of `x`.
        axis: an axis or several, which the sum runs over.

    Returns:
        Tensor of the shape of `x`.
    """
    # Where all is masked, the softmax is NaN; neither that nor its gradient passes the two `where`.
    kept = ops.where(mask, x, float("-inf"))
    return ops.where(mask, softmax(kept, axis), 0)


def softmax(x, axis):
    """The activation; over several axes as Keras's layer computes it, which isn't as Keras's function does."""
    axes = axes_of(x, axis)
    if len(axes) > 1:
        return ops.exp(x - ops.logsumexp(x, axis=axes, keepdims=True))
    return activations.softmax(x, axis)


@concept(
    en="softmax, as a layer",
    zh="归一化指数函数",
    twin="keras.layers.Softmax",
    notes=["001:41-42", "002:81-83", "003:55-57", "004:182"],
    samples=[Sample({}, (4, 7)), Sample({"axis": 1}, (2, 3, 4)), Sample({"axis": [1, 2]}, (2, 3, 4))],
    bench=Sample({}, (128, 1000)),
)
class Softmax(Elementwise):
    """Normalized exponential (归一化指数函数) as a layer: positive numbers that sum to one.

    Args:
        axis: an axis, or a list of axes, that the sum runs over. Default the last.

    Call arguments:
        inputs: rank 1 or more, any float dtype.
        mask: bools that keep an entry or leave it out, of a shape that broadcasts to that of the inputs;
            numbers keep where they are above 0.5. Default None.

    Returns:
        Tensor of the shape of the inputs in the compute dtype; 0 where the mask leaves out.

    Masking: entries left out count for nothing; a mask passes on unchanged.

    Raises:
        ValueError: `axis` isn't an axis of the inputs, or the mask doesn't broadcast to them.

    Differences from keras.layers.Softmax: logits below -1e9 are still above what the mask leaves out.

    Notes: 002:81-83, 003:55-57, 004:182 (中文名: 归一化指数函数).

    >>> [round(float(p), 2) for p in Softmax()(ops.array([1.2, 0.9, 0.75]))]
    [0.42, 0.31, 0.27]
    """

    def __init__(self, axis=-1, **kwargs):
        super().__init__(**kwargs)
        axes = axis if isinstance(axis, (tuple, list)) else [axis]
        if not axes or any(isinstance(a, bool) or not isinstance(a, int) for a in axes):
            _checks.refuse(self, "axis", "an axis number or a list of them", axis)
        self.axis = axis

    def call(self, inputs, mask=None):
        if mask is None:
            return softmax(inputs, self.axis)
        pairs = list(zip(mask.shape[::-1], inputs.shape[::-1], strict=False))
        if len(mask.shape) > len(inputs.shape) or any(m not in (1, None, n) and n for m, n in pairs):
            expected = f"of a shape that broadcasts to the inputs' {tuple(inputs.shape)}"
            _checks.refuse(self, "mask", expected, tuple(mask.shape))
        if keras.backend.standardize_dtype(mask.dtype) != "bool":
            mask = ops.greater(mask, 0.5)
        return masked_softmax(inputs, mask, self.axis)
