"""Optimizers: how a gradient becomes an update."""

from tfnotes.optimizers.adagrad import Adagrad
from tfnotes.optimizers.adam import Adam
from tfnotes.optimizers.rmsprop import RMSprop
from tfnotes.optimizers.sgd import SGD

__all__ = ["SGD", "Adagrad", "Adam", "RMSprop"]
