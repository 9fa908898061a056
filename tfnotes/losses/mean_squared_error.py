"""Mean squared error.

    loss = mean over the last axis of (y - a)**2                y: target, a: prediction
    d loss / d a = 2 * (a - y) / size of the axis
"""

import keras
from keras import ops

from tfnotes.losses._elementwise import matched
from tfnotes.registry import Sample, concept


def mean_squared_error(y_true, y_pred):
    """Squared error of each example.

    Args:
        y_true: targets, shape `(..., n)`.
        y_pred: predictions, the same shape.

    Returns:
        Shape `(...)`.
    """
    y_pred = ops.convert_to_tensor(y_pred)
    y_true = ops.convert_to_tensor(y_true, dtype=y_pred.dtype)
    return ops.mean(ops.square(y_true - y_pred), axis=-1)


@concept(
    en="mean squared error",
    zh="均方误差",
    twin="keras.losses.MeanSquaredError",
    notes=["003:79-91", "000:25-28"],
    aliases=["mse", "MSE"],
    samples=[
        Sample({}, (6, 5), "real"),
        Sample({"reduction": "sum"}, (4, 3, 2), "real"),
        Sample({"reduction": "none"}, (5, 1), "real"),
    ],
    bench=Sample({}, (128, 1000), "real"),
)
class MeanSquaredError(keras.losses.Loss):
    """Mean squared error (均方误差).

    Args:
        reduction: "sum_over_batch_size", "sum", "mean", "mean_with_sample_weight", "none" or None.
        name, dtype: as in `keras.losses.Loss`.

    Call arguments:
        y_true: targets, shape `(batch, ..., n)`; an axis of size 1 at the end may be left out.
        y_pred: predictions, the same.

    Returns:
        The reduced loss; with "none", shape `(batch, ...)`.

    Raises:
        ValueError: the shapes differ.

    Differences from keras.losses.MeanSquaredError: targets that would be broadcast to the shape of the
    predictions are refused.

    Notes: 003:79-91, 000:25-28 (中文名: 均方误差).

    >>> float(MeanSquaredError()([[0.0, 1.0]], [[1.0, 3.0]]))
    2.5
    """

    def __init__(self, reduction="sum_over_batch_size", name="mean_squared_error", dtype=None):
        super().__init__(name=name, reduction=reduction, dtype=dtype)

    def call(self, y_true, y_pred):
        return mean_squared_error(*matched(self, y_true, y_pred))
