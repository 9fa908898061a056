"""Confusion matrix: which classes are taken for which.

    m[i, j] = how many examples of class i were predicted as class j
    accuracy = trace(m) / sum(m)
    recall of i = m[i, i] / sum(m[i, :]),    precision of j = m[j, j] / sum(m[:, j])
"""

import keras
from keras import ops

from tfnotes import _checks
from tfnotes.registry import Sample, concept


def confusion(y_true, y_pred, num_classes, weights=None, dtype="float32"):
    """The matrix of one batch.

    Args:
        y_true, y_pred: class indices, shape `(n,)`.
        num_classes: how many classes there are; an index outside counts nowhere.
        weights: of the examples, shape `(n,)`, or None.
        dtype: of the matrix.

    Returns:
        Shape `(num_classes, num_classes)`.
    """
    true, predicted = (ops.one_hot(ops.cast(y, "int32"), num_classes, dtype=dtype) for y in (y_true, y_pred))
    if weights is not None:
        true = true * ops.expand_dims(ops.cast(weights, dtype), -1)
    return ops.matmul(ops.transpose(true), predicted)


@concept(
    en="confusion matrix",
    zh="混淆矩阵",
    notes=["003:79-81"],
    samples=[Sample({"num_classes": 3}, (4, 3)), Sample({"num_classes": 2}, (2, 5, 2))],
)
class ConfusionMatrix(keras.metrics.Metric):
    """Confusion matrix (混淆矩阵): rows are the right classes, columns the predicted ones.

    It counts over all batches since the last reset. Its result is a matrix, which the progress bar of `fit`
    can't show: use it in `evaluate`, or in a loop of one's own.

    Args:
        num_classes: how many classes there are, a positive integer.
        name, dtype: as in `keras.metrics.Metric`. Default name "confusion_matrix".

    Call arguments:
        y_true: class indices, shape `(batch, ...)`, or with a last axis of size 1.
        y_pred: scores, shape `(batch, ..., num_classes)`; the largest is the prediction.
        sample_weight: how much each example counts, of the shape of `y_true` or its first axes. Default 1.

    Returns:
        The matrix, shape `(num_classes, num_classes)`.

    Raises:
        ValueError: `num_classes` isn't a positive integer or above 10,000, or `y_pred` has another number of scores.

    Notes: 003:79-81 (中文名: 混淆矩阵).

    >>> matrix = ConfusionMatrix(2)([0, 0, 1], [[0.9, 0.1], [0.2, 0.8], [0.3, 0.7]])
    >>> ops.convert_to_numpy(matrix).tolist()
    [[1.0, 1.0], [0.0, 1.0]]
    """

    def __init__(self, num_classes, name="confusion_matrix", dtype=None):
        super().__init__(name=name, dtype=dtype)
        self.num_classes = _checks.integer(self, "num_classes", num_classes, maximum=10_000)
        shape = (self.num_classes, self.num_classes)
        self.matrix = self.add_variable(shape, "zeros", dtype=self.dtype, name="matrix")

    def update_state(self, y_true, y_pred, sample_weight=None):
        y_true, y_pred = ops.convert_to_tensor(y_true), ops.convert_to_tensor(y_pred)
        if len(y_pred.shape) == 0 or y_pred.shape[-1] != self.num_classes:
            expected = f"of a shape that ends in the {self.num_classes} classes' scores"
            _checks.refuse(self, "y_pred", expected, tuple(y_pred.shape))
        predicted = ops.argmax(y_pred, axis=-1)
        if sample_weight is not None:
            weights = ops.cast(sample_weight, self.dtype)
            for _ in range(len(predicted.shape) - len(weights.shape)):
                weights = ops.expand_dims(weights, -1)
            sample_weight = ops.reshape(ops.broadcast_to(weights, ops.shape(predicted)), (-1,))
        true, predicted = (ops.reshape(y, (-1,)) for y in (y_true, predicted))
        self.matrix.assign_add(confusion(true, predicted, self.num_classes, sample_weight, self.dtype))

    def result(self):
        return ops.convert_to_tensor(self.matrix)

    def get_config(self):
        return {**super().get_config(), "num_classes": self.num_classes}
