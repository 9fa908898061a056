"""Weight constraints: where a weight is put back after each update. `get` understands what Keras's does."""

import keras

from tfnotes import counterparts
from tfnotes.constraints.max_norm import MaxNorm
from tfnotes.constraints.non_neg import NonNeg
from tfnotes.constraints.unit_norm import UnitNorm

# Keras's other names. Where one is also that of a file, `import` finds the file all the same.
max_norm = MaxNorm
non_neg = NonNeg
unit_norm = UnitNorm


def get(identifier):
    """The constraint of that name, ours before Keras's; an instance or config as Keras takes it."""
    return counterparts.resolve("constraints", identifier, keras.constraints.get)


def deserialize(config, custom_objects=None):
    """The constraint of a config, ours where the config is of a builtin with a counterpart here."""
    return counterparts.resolve("constraints", config, lambda c: keras.constraints.deserialize(c, custom_objects))


def serialize(constraint):
    """The config of a constraint, as Keras writes it."""
    return keras.constraints.serialize(constraint)


__all__ = [
    "MaxNorm",
    "NonNeg",
    "UnitNorm",
    "deserialize",
    "get",
    "max_norm",
    "non_neg",
    "serialize",
    "unit_norm",
]
