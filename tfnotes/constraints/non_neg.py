"""Non-negativity: a weight below 0 is put back to 0.

    w <- max(w, 0)
"""

import keras
from keras import ops

from tfnotes.registry import Sample, concept


@concept(
    en="non-negativity constraint",
    zh="非负约束",
    twin="keras.constraints.NonNeg",
    notes=["004:248-254"],
    samples=[Sample({}, (3, 4)), Sample({}, (2, 3, 2, 4)), Sample({}, (5,))],
    bench=Sample({}, (1024, 1024)),
)
class NonNeg(keras.constraints.Constraint):
    """Non-negativity constraint (非负约束): no weight below 0.

    Call arguments:
        w: the weight.

    Returns:
        The weight, of the same shape and dtype.

    Differences from keras.constraints.NonNeg: none.

    Notes: 004:248-254 (中文名: 非负约束).

    >>> [float(x) for x in NonNeg()(ops.array([-1.0, 2.0]))]
    [0.0, 2.0]
    """

    def __call__(self, w):
        return ops.maximum(ops.convert_to_tensor(w), 0)
