"""L1: pulls every weight to 0 with the same force, so that many end there.

    penalty      = l1 * sum(|w|)
    d penalty/dw = l1 * sign(w)                      0 at w = 0
"""

from keras import ops

from tfnotes.registry import Sample, concept
from tfnotes.regularizers._base import Regularizer


def l1_penalty(w, l1):
    """The factor times the sum of absolute values."""
    return l1 * ops.sum(ops.absolute(w))


@concept(
    en="L1 regularization",
    zh="L1 正则化",
    twin="keras.regularizers.L1",
    notes=["004:251", "004:256-258"],
    aliases=["lasso"],
    samples=[Sample({"l1": 0.25}, (3, 4)), Sample({"l1": 2}, (2, 2, 3)), Sample({"l1": 0.5}, (5,))],
    bench=Sample({"l1": 0.01}, (1024, 1024)),
)
class L1(Regularizer):
    """L1 regularization (L1 正则化): a penalty on absolute values.

    Args:
        l1: factor, at least 0. Default 0.01, which None gives too.

    Call arguments:
        x: a weight or an output, of any shape and float dtype.

    Returns:
        The penalty, a scalar of the dtype of `x`.

    Raises:
        ValueError: `l1` isn't a finite number of at least 0.

    Differences from keras.regularizers.L1: in float64 Keras rounds `l1` to float32, here it keeps its digits.

    Notes: 004:251, 004:256-258 (中文名: L1 正则化).

    >>> float(L1(0.5)(ops.array([1.0, -2.0])))
    1.5
    """

    def __init__(self, l1=0.01):
        self.l1 = self.factor("l1", l1, default=0.01)

    def __call__(self, x):
        return l1_penalty(x, self.l1)
