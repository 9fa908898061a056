"""L1 and L2 together, the elastic net.

    penalty      = l1 * sum(|w|) + l2 * sum(w**2)
    d penalty/dw = l1 * sign(w) + 2 * l2 * w
"""

from keras import ops

from tfnotes.registry import Sample, concept
from tfnotes.regularizers._base import Regularizer
from tfnotes.regularizers.l1 import l1_penalty
from tfnotes.regularizers.l2 import l2_penalty


@concept(
    en="L1 and L2 regularization (elastic net)",
    zh="L1 与 L2 正则化",
    twin="keras.regularizers.L1L2",
    notes=["004:253", "004:256-258"],
    aliases=["l1l2", "elastic_net"],
    samples=[
        Sample({"l1": 0.25, "l2": 0.5}, (3, 4)),
        Sample({"l1": 0.25}, (2, 2, 3)),
        Sample({"l2": 0.5}, (5,)),
        Sample({}, (2, 3)),
    ],
    bench=Sample({"l1": 0.01, "l2": 0.01}, (1024, 1024)),
)
class L1L2(Regularizer):
    """L1 and L2 regularization together (L1 与 L2 正则化).

    Args:
        l1: factor of the absolute values, at least 0. Default 0, which None gives too.
        l2: factor of the squares, at least 0. Default 0, which None gives too.

    Call arguments:
        x: a weight or an output, of any shape and float dtype.

    Returns:
        The penalty, a scalar of the dtype of `x`.

    Raises:
        ValueError: a factor isn't a finite number of at least 0.

    Differences from keras.regularizers.L1L2: in float64 Keras rounds the factors to float32, here they keep
    their digits.

    Notes: 004:253, 004:256-258 (中文名: L1 与 L2 正则化).

    Reference: Zou and Hastie 2005, "Regularization and variable selection via the elastic net".

    >>> float(L1L2(l1=0.5, l2=0.25)(ops.array([1.0, -2.0])))
    2.75
    """

    def __init__(self, l1=0.0, l2=0.0):
        self.l1 = self.factor("l1", l1, default=0.0)
        self.l2 = self.factor("l2", l2, default=0.0)

    def __call__(self, x):
        parts = [l1_penalty(x, self.l1)] if self.l1 else []
        parts += [l2_penalty(x, self.l2)] if self.l2 else []
        return sum(parts) if parts else ops.zeros((), x.dtype)
