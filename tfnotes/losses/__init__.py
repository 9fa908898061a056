"""Losses. Each is a `keras.losses.Loss`, per example first, then reduced; and a function, per example."""

import keras

from tfnotes import counterparts
from tfnotes.losses.binary_crossentropy import BinaryCrossentropy, binary_crossentropy
from tfnotes.losses.categorical_crossentropy import CategoricalCrossentropy, categorical_crossentropy
from tfnotes.losses.gaussian_kl_divergence import GaussianKLDivergence, gaussian_kl_divergence
from tfnotes.losses.mean_squared_error import MeanSquaredError, mean_squared_error
from tfnotes.losses.sparse_categorical_crossentropy import (
    SparseCategoricalCrossentropy,
    sparse_categorical_crossentropy,
)

# A compiled model's file names them.
for _function in (
    binary_crossentropy,
    categorical_crossentropy,
    gaussian_kl_divergence,
    mean_squared_error,
    sparse_categorical_crossentropy,
):
    keras.saving.register_keras_serializable("tfnotes")(_function)


def get(identifier):
    """The loss of that name, ours before Keras's; an instance or config as Keras takes it."""
    return counterparts.resolve("losses", identifier, keras.losses.get)


def deserialize(config, custom_objects=None):
    """The loss of a config, ours where the config is of a builtin with a counterpart here."""
    return counterparts.resolve("losses", config, lambda c: keras.losses.deserialize(c, custom_objects))


def serialize(loss):
    """The config of a loss, as Keras writes it."""
    return keras.losses.serialize(loss)


__all__ = [
    "BinaryCrossentropy",
    "CategoricalCrossentropy",
    "GaussianKLDivergence",
    "MeanSquaredError",
    "SparseCategoricalCrossentropy",
    "binary_crossentropy",
    "categorical_crossentropy",
    "deserialize",
    "gaussian_kl_divergence",
    "get",
    "mean_squared_error",
    "serialize",
    "sparse_categorical_crossentropy",
]
