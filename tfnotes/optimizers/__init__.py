"""Optimizers: how a gradient becomes an update."""

from tfnotes.optimizers.sgd import SGD

__all__ = ["SGD"]
