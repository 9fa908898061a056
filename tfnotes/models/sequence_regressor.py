"""A recurrent network reads a sequence of vectors; one number is made of what it has at the end.

    h_t = cell(x_t, h_t-1)
    y   = h_T @ kernel + bias
"""

import keras

from tfnotes import layers as tfnotes_layers
from tfnotes.models.recurrent_classifier import CELLS


def sequence_regressor(cell, features, *, units=64, layers=tfnotes_layers):
    """Recurrent network (循环回归网络) that answers a sequence with a number.

    Args:
        cell: "rnn", "gru" or "lstm".
        features: numbers in one step.
        units: of the recurrent layer.
        layers: where the layers come from, `tfnotes.layers` or `keras.layers`.

    Returns:
        A model from `(batch, steps, features)` to `(batch, 1)`.

    Notes: 001:31-53, 004:216-250.

    Reference: Hochreiter and Schmidhuber 1997, "Long short-term memory", 5.4.
    """
    inputs = keras.Input((None, features))
    h = getattr(layers, CELLS[cell])(units, name=cell)(inputs)
    return keras.Model(inputs, layers.Dense(1, name="number")(h), name="sequence_regressor")
