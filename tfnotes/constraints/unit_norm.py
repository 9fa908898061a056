"""Unit norm: every weight vector is scaled to length 1.

    n = sqrt(sum(w**2 along axis))
    w <- w / (n + epsilon)
"""

import keras
from keras import ops

from tfnotes.constraints._base import NormConstraint, norms
from tfnotes.registry import Sample, concept


@concept(
    en="unit norm constraint",
    zh="单位范数约束",
    twin="keras.constraints.UnitNorm",
    notes=["004:254"],
    samples=[Sample({}, (3, 4)), Sample({"axis": [0, 1, 2]}, (2, 3, 2, 4)), Sample({"axis": -1}, (2, 5))],
    bench=Sample({}, (1024, 1024)),
)
class UnitNorm(NormConstraint):
    """Unit norm constraint (单位范数约束): makes each unit's weight vector of length 1.

    Args:
        axis: of the vector's elements, an int or a list of them: 0 for a dense kernel, [0, 1, 2] for a
            convolution's. Default 0.

    Call arguments:
        w: the weight.

    Returns:
        The weight, of the same shape and dtype; a vector of zeros stays one.

    Raises:
        ValueError: `axis` isn't an integer or a list of them.

    Differences from keras.constraints.UnitNorm: none in values; `axis=None` is refused.

    Notes: 004:254 (中文名: 单位范数约束).

    >>> [round(float(x), 4) for x in UnitNorm()(ops.array([3.0, 4.0]))]
    [0.6, 0.8]
    """

    def __init__(self, axis=0):
        super().__init__(axis)

    def __call__(self, w):
        w = ops.convert_to_tensor(w)
        return w / (norms(w, self.axis) + keras.config.epsilon())
