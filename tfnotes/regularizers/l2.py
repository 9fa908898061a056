"""L2, weight decay in the loss: pulls every weight to 0 in proportion to it.

    penalty      = l2 * sum(w**2)
    d penalty/dw = 2 * l2 * w
"""

from keras import ops

from tfnotes.registry import Sample, concept
from tfnotes.regularizers._base import Regularizer


def l2_penalty(w, l2):
    """The factor times the sum of squares; there is no one half in it."""
    return l2 * ops.sum(ops.square(w))


@concept(
    en="L2 regularization",
    zh="L2 正则化",
    twin="keras.regularizers.L2",
    notes=["004:252", "004:256-258"],
    aliases=["ridge"],
    samples=[Sample({"l2": 0.25}, (3, 4)), Sample({"l2": 2}, (2, 2, 3)), Sample({"l2": 0.5}, (5,))],
    bench=Sample({"l2": 0.01}, (1024, 1024)),
)
class L2(Regularizer):
    """L2 regularization (L2 正则化): a penalty on squares.

    Args:
        l2: factor, at least 0. Default 0.01, which None gives too.

    Call arguments:
        x: a weight or an output, of any shape and float dtype.

    Returns:
        The penalty, a scalar of the dtype of `x`.

    Raises:
        ValueError: `l2` isn't a finite number of at least 0.

    Differences from keras.regularizers.L2: in float64 Keras rounds `l2` to float32, here it keeps its digits.

    Notes: 004:252, 004:256-258 (中文名: L2 正则化).

    >>> float(L2(0.5)(ops.array([1.0, -2.0])))
    2.5
    """

    def __init__(self, l2=0.01):
        self.l2 = self.factor("l2", l2, default=0.01)

    def __call__(self, x):
        return l2_penalty(x, self.l2)
