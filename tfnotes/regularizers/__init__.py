"""Weight regularizers: a penalty added to the loss. `get` understands what `keras.regularizers.get` does."""

import keras

from tfnotes import counterparts
from tfnotes.regularizers.kl_sparsity import KLSparsity
from tfnotes.regularizers.l1 import L1
from tfnotes.regularizers.l1_l2 import L1L2
from tfnotes.regularizers.l2 import L2

# Keras's other names. Where one is also that of a file, `import` finds the file all the same.
l1 = L1
l1_l2 = L1L2
l2 = L2


def get(identifier):
    """The regularizer of that name, ours before Keras's; an instance or config as Keras takes it."""
    return counterparts.resolve("regularizers", identifier, keras.regularizers.get)


def deserialize(config, custom_objects=None):
    """The regularizer of a config, ours where the config is of a builtin with a counterpart here."""
    return counterparts.resolve("regularizers", config, lambda c: keras.regularizers.deserialize(c, custom_objects))


def serialize(regularizer):
    """The config of a regularizer, as Keras writes it."""
    return keras.regularizers.serialize(regularizer)


__all__ = [
    "L1",
    "L1L2",
    "L2",
    "KLSparsity",
    "deserialize",
    "get",
    "l1",
    "l1_l2",
    "l2",
    "serialize",
]
