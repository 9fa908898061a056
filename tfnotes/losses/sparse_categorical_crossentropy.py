"""Softmax cross-entropy against the index of the right class.

    p    = softmax(z)                           z: logits
    loss = -log(p[y])
    d loss / d z[i] = p[i] - (1 if i == y else 0)
"""

import keras
from keras import ops

from tfnotes import _checks
from tfnotes.losses._crossentropy import Masked, check_targets, class_axis, log_probabilities
from tfnotes.registry import Sample, concept


def sparse_categorical_crossentropy(y_true, y_pred, from_logits=False, ignore_class=None, axis=-1):
    """Cross-entropy of each example.

    Args:
        y_true: class indices, the shape of `y_pred` without `axis`.
        y_pred: logits or probabilities, shape `(..., classes)`.
        from_logits: whether `y_pred` holds logits.
        ignore_class: index of a class whose examples cost nothing, or None.
        axis: of the classes.

    Returns:
        Shape of `y_true`.
    """
    y_true, y_pred = ops.convert_to_tensor(y_true), ops.convert_to_tensor(y_pred)
    axis = axis % len(y_pred.shape)
    if ignore_class is not None:
        counts = ops.not_equal(y_true, ignore_class)
        # What is predicted for an ignored example doesn't matter, be it NaN.
        y_pred = ops.where(ops.expand_dims(counts, axis), y_pred, 1)
        loss = sparse_categorical_crossentropy(y_true, y_pred, from_logits, None, axis)
        return ops.where(counts, loss, 0)
    # Picked by a product with the one-hot target: it is faster than a gather, whose gradient scatters.
    target = ops.one_hot(ops.cast(y_true, "int32"), y_pred.shape[axis], axis=axis, dtype=y_pred.dtype)
    return -ops.sum(target * log_probabilities(y_pred, from_logits, axis), axis=axis)


@concept(
    en="sparse categorical cross-entropy",
    zh="稀疏分类交叉熵",
    twin="keras.losses.SparseCategoricalCrossentropy",
    notes=["004:180-183", "003:79-91"],
    samples=[
        Sample({"from_logits": True}, (6, 5), "index"),
        Sample({}, (6, 5), "index"),
        Sample({"from_logits": True, "ignore_class": 1}, (7, 3), "index"),
        Sample({"from_logits": True, "reduction": "none"}, (2, 4, 3), "index"),
    ],
    bench=Sample({"from_logits": True}, (128, 1000), "index"),
)
class SparseCategoricalCrossentropy(keras.losses.Loss):
    """Softmax cross-entropy against class indices (稀疏分类交叉熵).

    Args:
        from_logits: whether predictions are logits. Default False, probabilities.
        ignore_class: index of a class whose examples don't count, or None. Default None.
        reduction: "sum_over_batch_size", "sum", "mean", "mean_with_sample_weight", "none" or None.
        axis: of the classes. Default the last.
        name, dtype: as in `keras.losses.Loss`.

    Call arguments:
        y_true: class indices, shape `(batch, ...)`, or with `axis` of size 1.
        y_pred: shape `(batch, ..., classes)`.

    Returns:
        The reduced loss; with "none", shape `(batch, ...)`.

    Raises:
        ValueError: an argument is out of range, or the shapes don't fit.

    Differences from keras.losses.SparseCategoricalCrossentropy: an index that is no class counts as a
    target of zeros, where Keras's gives NaN. `axis` may be any. Probabilities are taken as they come, where
    Keras goes back to the logits if they come straight from a softmax; pass logits.

    Notes: 004:180-183 (中文名: 稀疏分类交叉熵).

    >>> loss = SparseCategoricalCrossentropy(from_logits=True)
    >>> round(float(loss([1], [[0.0, 0.0]])), 6)  # log 2
    0.693147
    """

    def __init__(
        self,
        from_logits=False,
        ignore_class=None,
        reduction="sum_over_batch_size",
        axis=-1,
        name="sparse_categorical_crossentropy",
        dtype=None,
    ):
        super().__init__(name=name, reduction=reduction, dtype=dtype)
        self.from_logits = _checks.boolean(self, "from_logits", from_logits)
        if ignore_class is not None:
            ignore_class = _checks.integer(self, "ignore_class", ignore_class, minimum=None)
        self.ignore_class = ignore_class
        self.axis = _checks.axis(self, "axis", axis)
        self.masked = Masked()

    def call(self, y_true, y_pred):
        # Keras hands lists over as lists of scalars.
        y_true, y_pred = ops.convert_to_tensor(y_true), ops.convert_to_tensor(y_pred)
        axis = class_axis(self, y_pred.shape, self.axis)
        if len(y_true.shape) == len(y_pred.shape) and y_true.shape[axis] == 1:
            y_true = ops.squeeze(y_true, axis)
        expected = [n for k, n in enumerate(y_pred.shape) if k != axis]
        check_targets(self, y_true.shape, expected, f"`y_pred` without axis {self.axis}")
        loss = sparse_categorical_crossentropy(y_true, y_pred, self.from_logits, self.ignore_class, axis)
        if self.ignore_class is None:
            return loss
        return self.masked([loss, ops.not_equal(y_true, self.ignore_class)])

    def get_config(self):
        own = {"from_logits": self.from_logits, "ignore_class": self.ignore_class, "axis": self.axis}
        return {**super().get_config(), **own}
