"""Max-norm: a weight vector longer than a limit is scaled back to it.

    n = sqrt(sum(w**2 along axis))
    w <- w * min(n, max_value) / (n + epsilon)
"""

import keras
from keras import ops

from tfnotes import _checks
from tfnotes.constraints._base import NormConstraint, norms
from tfnotes.registry import Sample, concept


def max_norm(w, max_value, axis, epsilon):
    """The weight with no vector along `axis` longer than `max_value`."""
    n = norms(w, axis)
    return w * (ops.minimum(n, max_value) / (n + epsilon))


@concept(
    en="max-norm constraint",
    zh="最大范数约束",
    twin="keras.constraints.MaxNorm",
    notes=["004:254"],
    samples=[
        Sample({}, (3, 4)),
        Sample({"max_value": 0.75, "axis": [0, 1, 2]}, (2, 3, 2, 4)),
        Sample({"max_value": 3, "axis": -1}, (2, 5)),
    ],
    bench=Sample({"max_value": 3}, (1024, 1024)),
)
class MaxNorm(NormConstraint):
    """Max-norm constraint (最大范数约束): bounds the length of each unit's weight vector.

    Args:
        max_value: the longest length allowed, at least 0. Default 2.
        axis: of the vector's elements, an int or a list of them: 0 for a dense kernel, [0, 1, 2] for a
            convolution's. Default 0.

    Call arguments:
        w: the weight.

    Returns:
        The weight, of the same shape and dtype.

    Raises:
        ValueError: an argument is out of range.

    Differences from keras.constraints.MaxNorm: none in values; `axis=None` is refused.

    Notes: 004:254 (中文名: 最大范数约束).

    Reference: Srivastava et al. 2014, "Dropout", section 5.1.

    >>> [round(float(x), 4) for x in MaxNorm(1.0)(ops.array([3.0, 4.0]))]
    [0.6, 0.8]
    """

    def __init__(self, max_value=2, axis=0):
        super().__init__(axis)
        self.max_value = _checks.number(self, "max_value", max_value, 0)

    def __call__(self, w):
        return max_norm(ops.convert_to_tensor(w), self.max_value, self.axis, keras.config.epsilon())
