"""Losses. Each is a `keras.losses.Loss`: per example first, then reduced."""

from tfnotes.losses.categorical_crossentropy import CategoricalCrossentropy
from tfnotes.losses.sparse_categorical_crossentropy import SparseCategoricalCrossentropy

__all__ = ["CategoricalCrossentropy", "SparseCategoricalCrossentropy"]
