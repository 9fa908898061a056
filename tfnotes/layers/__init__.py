"""Layers: replace `keras.layers.X` by `tfnotes.layers.X`."""

from tfnotes.layers.average_pooling2d import AveragePooling2D
from tfnotes.layers.batch_normalization import BatchNormalization
from tfnotes.layers.conv2d import Conv2D
from tfnotes.layers.dense import Dense
from tfnotes.layers.dropout import Dropout
from tfnotes.layers.flatten import Flatten
from tfnotes.layers.max_pooling2d import MaxPooling2D

__all__ = [
    "AveragePooling2D",
    "BatchNormalization",
    "Conv2D",
    "Dense",
    "Dropout",
    "Flatten",
    "MaxPooling2D",
]
