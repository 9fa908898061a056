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


def check_logits(owner, shape, axis):
    """Refuses predictions without an axis of classes whose number is known."""
    if not -len(shape) <= axis < len(shape) or shape[axis] is None:
        _checks.refuse(owner, "y_pred", f"of a shape whose axis {axis} is the number of classes", tuple(shape))
