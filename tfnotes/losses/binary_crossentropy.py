"""Binary cross-entropy: each output is a coin of its own.

    p    = sigmoid(z)                                           z: logit
    loss = -y * log(p) - (1 - y) * log(1 - p) = softplus(z) - y * z,    its mean over an axis
    d loss / d z = p - y

Label smoothing first moves the targets towards one half:

    y <- (1 - label_smoothing) * y + label_smoothing / 2
"""

import keras
from keras import ops

from tfnotes import _checks
from tfnotes.losses._crossentropy import smoothed
from tfnotes.losses._elementwise import matched
from tfnotes.registry import Sample, concept


def binary_crossentropy_by_definition(y_true, y_pred, from_logits=False, label_smoothing=0.0, axis=-1):
    """The equations, on tensors of one shape; probabilities are kept off 0 and 1."""
    y_true = smoothed(y_true, label_smoothing, 2)
    if from_logits:
        return ops.mean(ops.softplus(y_pred) - y_true * y_pred, axis=axis)
    epsilon = keras.config.epsilon()
    p = ops.clip(y_pred, epsilon, 1 - epsilon)
    return -ops.mean(y_true * ops.log(p) + (1 - y_true) * ops.log(1 - p), axis=axis)


def binary_crossentropy(y_true, y_pred, from_logits=False, label_smoothing=0.0, axis=-1):
    """Cross-entropy of each example, by the framework's kernel.

    Under TensorFlow it knows predictions that come straight from a sigmoid: it goes back to their logits, which
    lose no digits, and warns if `from_logits` says that they are logits.

    Args:
        y_true: targets from 0 to 1, any shape.
        y_pred: logits or probabilities, the same shape.
        from_logits: whether `y_pred` holds logits.
        label_smoothing: how far targets move towards one half.
        axis: over which the mean is taken.

    Returns:
        Shape of `y_true` without `axis`.
    """
    y_pred = ops.convert_to_tensor(y_pred)
    y_true = ops.cast(y_true, y_pred.dtype)
    y_true = smoothed(y_true, label_smoothing, 2)
    return ops.mean(ops.binary_crossentropy(y_true, y_pred, from_logits=from_logits), axis=axis)


@concept(
    en="binary cross-entropy",
    zh="二元交叉熵",
    twin="keras.losses.BinaryCrossentropy",
    notes=["004:180-183", "003:79-91"],
    aliases=["bce", "BCE"],
    samples=[
        Sample({"from_logits": True}, (6, 5), "binary"),
        Sample({}, (6, 5), "binary"),
        Sample({"label_smoothing": 0.125, "from_logits": True, "reduction": "none"}, (4, 3, 2), "binary"),
        Sample({"label_smoothing": 0.25, "axis": 1, "reduction": "none"}, (2, 4, 3), "binary"),
    ],
    bench=Sample({"from_logits": True}, (128, 1000), "binary"),
    definition=binary_crossentropy_by_definition,
)
class BinaryCrossentropy(keras.losses.Loss):
    """Binary cross-entropy (二元交叉熵): for outputs that are each true or false.

    Args:
        from_logits: whether predictions are logits. Default False, probabilities.
        label_smoothing: from 0 to 1. Default 0.
        axis: over which the mean is taken. Default the last.
        reduction: "sum_over_batch_size", "sum", "mean", "mean_with_sample_weight", "none" or None.
        name, dtype: as in `keras.losses.Loss`.

    Call arguments:
        y_true: targets from 0 to 1, shape `(batch, ...)`; an axis of size 1 at the end may be left out.
        y_pred: the same.

    Returns:
        The reduced loss; with "none", shape `(batch, ...)` without `axis`.

    Raises:
        ValueError: an argument is out of range, or the shapes differ.

    Differences from keras.losses.BinaryCrossentropy: none.

    Notes: 004:180-183, 003:79-91 (中文名: 二元交叉熵).

    >>> loss = BinaryCrossentropy(from_logits=True)
    >>> round(float(loss([[1.0]], [[0.0]])), 6)  # log 2
    0.693147
    """

    def __init__(
        self,
        from_logits=False,
        label_smoothing=0.0,
        axis=-1,
        reduction="sum_over_batch_size",
        name="binary_crossentropy",
        dtype=None,
    ):
        super().__init__(name=name, reduction=reduction, dtype=dtype)
        self.from_logits = _checks.boolean(self, "from_logits", from_logits)
        self.label_smoothing = _checks.number(self, "label_smoothing", label_smoothing, 0, 1)
        self.axis = _checks.axis(self, "axis", axis)

    def call(self, y_true, y_pred):
        y_true, y_pred = matched(self, y_true, y_pred)
        if not -len(y_pred.shape) <= self.axis < len(y_pred.shape):
            _checks.refuse(self, "y_pred", f"of a shape with an axis {self.axis}", tuple(y_pred.shape))
        return binary_crossentropy(y_true, y_pred, self.from_logits, self.label_smoothing, self.axis)

    def get_config(self):
        own = {"from_logits": self.from_logits, "label_smoothing": self.label_smoothing, "axis": self.axis}
        return {**super().get_config(), **own}
