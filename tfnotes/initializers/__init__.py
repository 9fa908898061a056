"""Weight initializers. `get` understands what `keras.initializers.get` does."""

import keras

from tfnotes import counterparts
from tfnotes.initializers.constant import Constant
from tfnotes.initializers.glorot_normal import GlorotNormal
from tfnotes.initializers.glorot_uniform import GlorotUniform
from tfnotes.initializers.he_normal import HeNormal
from tfnotes.initializers.he_uniform import HeUniform
from tfnotes.initializers.ones import Ones
from tfnotes.initializers.orthogonal import Orthogonal
from tfnotes.initializers.random_normal import RandomNormal
from tfnotes.initializers.random_uniform import RandomUniform
from tfnotes.initializers.truncated_normal import TruncatedNormal
from tfnotes.initializers.zeros import Zeros

# The notes call Glorot's initialization by its author's first name.
XavierNormal = GlorotNormal
XavierUniform = GlorotUniform

# Keras's other names. Where one is also that of a file, `import` finds the file all the same.
constant = Constant
glorot_normal = GlorotNormal
glorot_uniform = GlorotUniform
he_normal = HeNormal
he_uniform = HeUniform
ones = Ones
OrthogonalInitializer = Orthogonal
orthogonal = Orthogonal
random_normal = RandomNormal
random_uniform = RandomUniform
truncated_normal = TruncatedNormal
zeros = Zeros


def get(identifier):
    """The initializer of that name, ours before Keras's; an instance or config as Keras takes it."""
    return counterparts.resolve("initializers", identifier, keras.initializers.get)


def deserialize(config, custom_objects=None):
    """The initializer of a config, ours where the config is of a builtin with a counterpart here."""
    return counterparts.resolve("initializers", config, lambda c: keras.initializers.deserialize(c, custom_objects))


def serialize(initializer):
    """The config of an initializer, as Keras writes it."""
    return keras.initializers.serialize(initializer)


__all__ = [
    "Constant",
    "GlorotNormal",
    "GlorotUniform",
    "HeNormal",
    "HeUniform",
    "Ones",
    "Orthogonal",
    "OrthogonalInitializer",
    "RandomNormal",
    "RandomUniform",
    "TruncatedNormal",
    "XavierNormal",
    "XavierUniform",
    "Zeros",
    "constant",
    "deserialize",
    "get",
    "glorot_normal",
    "glorot_uniform",
    "he_normal",
    "he_uniform",
    "ones",
    "orthogonal",
    "random_normal",
    "random_uniform",
    "serialize",
    "truncated_normal",
    "zeros",
]
