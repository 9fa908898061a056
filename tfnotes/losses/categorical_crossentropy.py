"""Softmax cross-entropy against a distribution over classes, such as a one-hot target.

    p    = softmax(z)                           z: logits
    loss = -sum_i y[i] * log(p[i])
    d loss / d z = p - y

Label smoothing first moves the target towards the uniform distribution:

    y <- (1 - label_smoothing) * y + label_smoothing / classes
"""

import keras
from keras import ops

from tfnotes import _checks
from tfnotes.losses._crossentropy import check_targets, class_axis, log_probabilities, smoothed
from tfnotes.registry import Sample, concept


def categorical_crossentropy_by_definition(y_true, y_pred, from_logits=False, label_smoothing=0.0, axis=-1):
    """The equations, for targets that sum to one."""
    y_true = smoothed(y_true, label_smoothing, y_pred.shape[axis])
    return -ops.sum(y_true * log_probabilities(y_pred, from_logits, axis), axis=axis)


def categorical_crossentropy(y_true, y_pred, from_logits=False, label_smoothing=0.0, axis=-1):
    """Cross-entropy of each example, by the framework's kernel.

    Under TensorFlow its gradient of logits is `p - y` whatever `y` sums to, where JAX and PyTorch give
    `sum(y) * p - y`; and it knows predictions that come straight from a softmax: it goes back to their logits,
    which lose no digits, and warns if `from_logits` says that they are logits.

    Args:
        y_true: target probabilities, shape `(..., classes)`.
        y_pred: logits or probabilities, the same shape.
        from_logits: whether `y_pred` holds logits.
        label_smoothing: share of the target spread over all classes.
        axis: of the classes.

    Returns:
        Shape of `y_true` without `axis`.
    """
    y_pred = ops.convert_to_tensor(y_pred)
    y_true = ops.cast(y_true, y_pred.dtype)
    y_true = smoothed(y_true, label_smoothing, y_pred.shape[axis])
    return ops.categorical_crossentropy(y_true, y_pred, from_logits=from_logits, axis=axis)


@concept(
    en="categorical cross-entropy",
    zh="分类交叉熵",
    twin="keras.losses.CategoricalCrossentropy",
    notes=["004:180-183", "003:79-91"],
    samples=[
        Sample({"from_logits": True}, (6, 5), "one-hot"),
        Sample({"label_smoothing": 0.1}, (6, 5), "one-hot"),
        Sample({"from_logits": True, "axis": 1, "reduction": "sum"}, (4, 3, 2), "one-hot"),
        Sample({"from_logits": True, "reduction": "none"}, (2, 4, 3), "one-hot"),
    ],
    bench=Sample({"from_logits": True}, (128, 1000), "one-hot"),
    definition=categorical_crossentropy_by_definition,
)
class CategoricalCrossentropy(keras.losses.Loss):
    """Softmax cross-entropy against one-hot or soft targets (分类交叉熵).

    Args:
        from_logits: whether predictions are logits. Default False, probabilities.
        label_smoothing: from 0 to 1. Default 0.
        axis: of the classes. Default the last.
        reduction: "sum_over_batch_size", "sum", "mean", "mean_with_sample_weight", "none" or None.
        name, dtype: as in `keras.losses.Loss`.

    Call arguments:
        y_true: shape `(batch, ..., classes)`, which should sum to one along `axis`.
        y_pred: the same shape.

    Returns:
        The reduced loss; with "none", shape `(batch, ...)`.

    Raises:
        ValueError: an argument is out of range, or the shapes differ.

    Differences from keras.losses.CategoricalCrossentropy: labels are smoothed over the classes along `axis`, by
    Keras over the size of the last axis.

    Notes: 004:180-183 (中文名: 分类交叉熵).

    >>> loss = CategoricalCrossentropy(from_logits=True)
    >>> round(float(loss([[0.0, 1.0]], [[0.0, 0.0]])), 6)  # log 2
    0.693147
    """

    def __init__(
        self,
        from_logits=False,
        label_smoothing=0.0,
        axis=-1,
        reduction="sum_over_batch_size",
        name="categorical_crossentropy",
        dtype=None,
    ):
        super().__init__(name=name, reduction=reduction, dtype=dtype)
        self.from_logits = _checks.boolean(self, "from_logits", from_logits)
        self.label_smoothing = _checks.number(self, "label_smoothing", label_smoothing, 0, 1)
        self.axis = _checks.axis(self, "axis", axis)

    def call(self, y_true, y_pred):
        # Keras hands lists over as lists of scalars.
        y_true, y_pred = ops.convert_to_tensor(y_true), ops.convert_to_tensor(y_pred)
        axis = class_axis(self, y_pred.shape, self.axis)
        check_targets(self, y_true.shape, y_pred.shape)
        return categorical_crossentropy(y_true, y_pred, self.from_logits, self.label_smoothing, axis)

    def get_config(self):
        own = {"from_logits": self.from_logits, "label_smoothing": self.label_smoothing, "axis": self.axis}
        return {**super().get_config(), **own}
