"""Softmax cross-entropy against the index of the right class.

    p    = softmax(z)                           z: logits
    loss = -log(p[y])
    d loss / d z[i] = p[i] - (1 if i == y else 0)
"""

import keras
from keras import ops

from tfnotes import _checks
from tfnotes.losses._crossentropy import Masked, check_targets, class_axis, log_probabilities, refuse_no_class
from tfnotes.registry import Sample, concept


def sparse_categorical_crossentropy_by_definition(y_true, y_pred, from_logits=False, ignore_class=None, axis=-1):
    """The logarithm of one probability is picked; NaN for an index that is no class."""
    log_p = log_probabilities(y_pred, from_logits, axis)
    index = ops.cast(y_true, "int32")
    target = ops.one_hot(index, log_p.shape[axis], axis=axis, dtype=log_p.dtype)
    loss = -ops.sum(target * log_p, axis=axis)
    loss = ops.where(ops.logical_and(index >= 0, index < log_p.shape[axis]), loss, float("nan"))
    return loss if ignore_class is None else ops.where(index == ignore_class, 0, loss)


def sparse_categorical_crossentropy(y_true, y_pred, from_logits=False, ignore_class=None, axis=-1):
    """Cross-entropy of each example, by the framework's kernel.

    An index that is no class is an error of the kernel's on a processor, and NaN under XLA and on a GPU. Under
    TensorFlow the kernel knows predictions that come straight from a softmax: it goes back to their logits,
    which lose no digits, and warns if `from_logits` says that they are logits.

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
        y_true, y_pred = ops.where(counts, y_true, 0), ops.where(ops.expand_dims(counts, axis), y_pred, 1)
        loss = sparse_categorical_crossentropy(y_true, y_pred, from_logits, None, axis)
        return ops.where(counts, loss, 0)
    if axis != len(y_pred.shape) - 1:
        y_pred = ops.moveaxis(y_pred, axis, -1)
    if keras.backend.backend() == "jax":  # Keras's takes an index that is no class for a target of zeros there.
        return sparse_categorical_crossentropy_by_definition(y_true, y_pred, from_logits)
    return ops.sparse_categorical_crossentropy(y_true, y_pred, from_logits=from_logits)


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
    definition=sparse_categorical_crossentropy_by_definition,
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
        ValueError: an argument is out of range, the shapes don't fit, or an index is no class. In a graph such
            an index is TensorFlow's InvalidArgumentError; under XLA, on a GPU and under JAX the loss is NaN.

    Differences from keras.losses.SparseCategoricalCrossentropy: `axis` may be any. A shape of
    predictions that ends in 1 is taken as it is, where Keras drops the 1.

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
        try:
            loss = sparse_categorical_crossentropy(y_true, y_pred, self.from_logits, self.ignore_class, axis)
        except Exception:
            refuse_no_class(self, y_true, y_pred.shape[axis], self.ignore_class)
            raise
        if self.ignore_class is None:
            return loss
        return self.masked([loss, ops.not_equal(y_true, self.ignore_class)])

    def get_config(self):
        own = {"from_logits": self.from_logits, "ignore_class": self.ignore_class, "axis": self.axis}
        return {**super().get_config(), **own}
