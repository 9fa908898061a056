"""What the cross-entropies share."""

import keras
from keras import ops

from tfnotes import _checks


def smoothed(y_true, label_smoothing, classes):
    """Targets moved towards the same share for each class."""
    return y_true * (1 - label_smoothing) + label_smoothing / classes if label_smoothing else y_true


def log_probabilities(y_pred, from_logits, axis):
    """Log-softmax of logits, or the log of probabilities made to sum to one and kept off 0 and 1."""
    if from_logits:
        z = y_pred - ops.stop_gradient(ops.max(y_pred, axis=axis, keepdims=True))
        return z - ops.log(ops.sum(ops.exp(z), axis=axis, keepdims=True))
    p = y_pred / ops.sum(y_pred, axis=axis, keepdims=True)
    epsilon = keras.config.epsilon()
    return ops.log(ops.clip(p, epsilon, 1 - epsilon))


def class_axis(owner, shape, axis):
    """`axis` counted from the front; refuses predictions without such an axis, whose size must be known."""
    if not -len(shape) <= axis < len(shape) or shape[axis] is None:
        expected = f"of a shape whose axis {axis} is the number of classes"
        _checks.refuse(owner, "y_pred", expected, tuple(shape))
    return axis % len(shape)


def check_targets(owner, shape, expected, what="`y_pred`"):
    """Refuses targets whose shape isn't the expected one, where both are known: they would broadcast."""
    same_rank = len(shape) == len(expected)
    if not same_rank or any(n != e and None not in (n, e) for n, e in zip(shape, expected, strict=True)):
        _checks.refuse(owner, "y_true", f"of the shape of {what}, {tuple(expected)}", tuple(shape))


def refuse_no_class(owner, y_true, classes, ignored):
    """Refuses an index that is no class, if that is why a kernel raised; in a graph no number is known yet."""
    try:
        index = ops.convert_to_numpy(y_true)
    except (NotImplementedError, TypeError):
        return
    bad = index[~((index >= 0) & (index < classes)) & (index != ignored)]
    if bad.size:
        # What came as a whole number comes here as a float.
        received = int(bad[0]) if bad[0] == bad[0] else float(bad[0])
        _checks.refuse(owner, "y_true", f"indices of classes, 0 to {classes - 1}", received)


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
