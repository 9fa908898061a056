"""Activation functions, each of one tensor. `get` understands what `keras.activations.get` does."""

import keras

from tfnotes import counterparts, registry
from tfnotes.activations.elu import elu
from tfnotes.activations.leaky_relu import leaky_relu
from tfnotes.activations.linear import linear
from tfnotes.activations.relu import relu
from tfnotes.activations.sigmoid import sigmoid
from tfnotes.activations.softmax import softmax
from tfnotes.activations.step import step
from tfnotes.activations.tanh import tanh


def get(identifier):
    """The activation of that name, ours before Keras's; a function or config as Keras takes it."""
    return linear if identifier is None else counterparts.resolve("activations", identifier, keras.activations.get)


def serialize(activation):
    """The name of one of ours, so that a config reads as Keras's would; else as Keras serializes it."""
    return activation.__name__ if registry.is_concept(activation) else keras.activations.serialize(activation)


def deserialize(config, custom_objects=None):
    """The activation of a config, ours where the config is of a builtin with a counterpart here."""
    return counterparts.resolve("activations", config, lambda c: keras.activations.deserialize(c, custom_objects))


__all__ = [
    "deserialize",
    "elu",
    "get",
    "leaky_relu",
    "linear",
    "relu",
    "serialize",
    "sigmoid",
    "softmax",
    "step",
    "tanh",
]
