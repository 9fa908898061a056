"""What the two softmax cross-entropies share."""

import keras
from keras import ops

from tfnotes import _checks


def log_probabilities(y_pred, from_logits, axis):
    """Log-softmax of logits, or the log of probabilities made to sum to one and kept off 0 and 1."""
    if from_logits:
        z = y_pred - ops.stop_gradient(ops.max(y_pred, axis=axis, keepdims=True))
        return z - ops.log(ops.sum(ops.exp(z), axis=axis, keepdims=True))
    p = y_pred / ops.sum(y_pred, axis=axis, keepdims=True)
    epsilon = keras.config.epsilon()
    return ops.log(ops.clip(p, epsilon, 1 - epsilon))


def check_shapes(owner, y_true, y_pred, axis, classes_in_target):
    """Refuses predictions without an axis of classes whose number is known, and targets that don't fit them.

    Args:
        owner: the loss.
        y_true, y_pred: shapes.
        axis: of the classes.
        classes_in_target: whether targets have that axis too.
    """
    if not -len(y_pred) <= axis < len(y_pred) or y_pred[axis] is None:
        _checks.refuse(owner, "y_pred", f"of a shape whose axis {axis} is the number of classes", tuple(y_pred))
    classes = axis % len(y_pred)
    expected = [n for k, n in enumerate(y_pred) if classes_in_target or k != classes]
    same_rank = len(y_true) == len(expected)
    if not same_rank or any(n != e and None not in (n, e) for n, e in zip(y_true, expected, strict=True)):
        what = "`y_pred`" if classes_in_target else f"`y_pred` without axis {axis}"
        _checks.refuse(owner, "y_true", f"of the shape of {what}, {tuple(expected)}", tuple(y_true))


class Masked(keras.layers.Layer):
    """Hands its first input on with the second as its mask: what `keras.losses.Loss` reduces over.

    Keras has no public function that masks a tensor; a layer's `compute_mask` does it.
    """

    def __init__(self):
        super().__init__(autocast=False, name="masked")

    def call(self, inputs):
        return inputs[0]

    def compute_mask(self, inputs, previous_mask):
        return inputs[1]
