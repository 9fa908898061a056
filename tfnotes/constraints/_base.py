"""What the constraints on norms share: the axes of a weight vector, and its length."""

import keras
from keras import ops

from tfnotes import _checks
from tfnotes._config import ConfigFromSignature


class NormConstraint(ConfigFromSignature, keras.constraints.Constraint):
    """A constraint on the length of the weight vectors along `axis`."""

    def __init__(self, axis):
        if isinstance(axis, (tuple, list)):
            for one in axis:
                if isinstance(one, bool) or not isinstance(one, int):
                    _checks.refuse(self, "axis", "an integer or a list of them", axis)
            self.axis = list(axis)
        else:
            self.axis = _checks.axis(self, "axis", axis)


def norms(w, axis):
    """The Euclidean length of each vector along `axis`, an int or several; the axes are kept, of size 1."""
    axis = tuple(axis) if isinstance(axis, list) else axis
    return ops.sqrt(ops.sum(ops.square(w), axis=axis, keepdims=True))
