"""Optimizers: how a gradient becomes an update."""

import keras

from tfnotes import counterparts
from tfnotes.optimizers.adagrad import Adagrad
from tfnotes.optimizers.adam import Adam
from tfnotes.optimizers.rmsprop import RMSprop
from tfnotes.optimizers.sgd import SGD


def get(identifier):
    """The optimizer of that name, ours before Keras's; an instance or config as Keras takes it."""
    return counterparts.resolve("optimizers", identifier, keras.optimizers.get)


def deserialize(config, custom_objects=None):
    """The optimizer of a config, ours where the config is of a builtin with a counterpart here."""
    return counterparts.resolve("optimizers", config, lambda c: keras.optimizers.deserialize(c, custom_objects))


def serialize(optimizer):
    """The config of an optimizer, as Keras writes it."""
    return keras.optimizers.serialize(optimizer)


__all__ = [
    "SGD",
    "Adagrad",
    "Adam",
    "RMSprop",
    "deserialize",
    "get",
    "serialize",
]
