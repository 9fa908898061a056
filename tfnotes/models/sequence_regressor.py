"""A recurrent network reads a sequence of vectors; one number is made of what it has at the end.

    h_t = cell(x_t, h_t-1)
    y   = h_T @ kernel + bias
"""

import keras

from tfnotes import _checks
from tfnotes import layers as tfnotes_layers
from tfnotes.models._chrono import Chrono
from tfnotes.models.recurrent_classifier import CELLS


def sequence_regressor(cell, features, *, units=64, memory=0, layers=tfnotes_layers):
    """Recurrent network (循环回归网络) that answers a sequence with a number.

    Args:
        cell: "rnn", "gru" or "lstm".
        features: numbers in one step.
        units: of the recurrent layer.
        memory: steps that an LSTM's gates shall bridge when training begins (chrono initialization); 0 to leave them
            as they are.
        layers: where the layers come from, `tfnotes.layers` or `keras.layers`.

    Returns:
        A model from `(batch, steps, features)` to `(batch, 1)`.

    Notes: 001:31-53, 004:216-250.

    Reference: Hochreiter and Schmidhuber 1997, "Long short-term memory", 5.4. Tallec and Ollivier 2018, "Can
    recurrent neural networks warp time?", 3 for `memory`.
    """
    _checks.integer("sequence_regressor", "memory", memory, minimum=0, maximum=10**9)
    if memory and cell != "lstm":
        _checks.refuse("sequence_regressor", "memory", f"0 with the cell {cell}, as only lstm has such gates", memory)
    if memory in (1, 2):
        _checks.refuse("sequence_regressor", "memory", "0, or at least 3", memory)
    begin = {"bias_initializer": Chrono(memory), "unit_forget_bias": False} if memory else {}
    inputs = keras.Input((None, features))
    h = getattr(layers, CELLS[cell])(units, name=cell, **begin)(inputs)
    return keras.Model(inputs, layers.Dense(1, name="number")(h), name="sequence_regressor")
