"""Losses. Each is a `keras.losses.Loss`, per example first, then reduced; and a function, per example."""

from tfnotes.losses.binary_crossentropy import BinaryCrossentropy, binary_crossentropy
from tfnotes.losses.categorical_crossentropy import CategoricalCrossentropy, categorical_crossentropy
from tfnotes.losses.gaussian_kl_divergence import GaussianKLDivergence, gaussian_kl_divergence
from tfnotes.losses.mean_squared_error import MeanSquaredError, mean_squared_error
from tfnotes.losses.sparse_categorical_crossentropy import (
    SparseCategoricalCrossentropy,
    sparse_categorical_crossentropy,
)

__all__ = [
    "BinaryCrossentropy",
    "CategoricalCrossentropy",
    "GaussianKLDivergence",
    "MeanSquaredError",
    "SparseCategoricalCrossentropy",
    "binary_crossentropy",
    "categorical_crossentropy",
    "gaussian_kl_divergence",
    "mean_squared_error",
    "sparse_categorical_crossentropy",
]
