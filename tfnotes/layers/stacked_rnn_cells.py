"""Cells above each other, as one cell: each reads the output of the one below.

    y_0 = x
    y_k, state_k = cell_k(y_{k-1}, state_k)        k = 1 .. K
"""

import keras
from keras import ops

from tfnotes import _checks, counterparts, parity
from tfnotes.layers._base import Layer
from tfnotes.layers._cell import Dropping


@keras.saving.register_keras_serializable("tfnotes")
class StackedRNNCells(Layer, Dropping):
    """Cells above each other (堆叠的循环单元): a cell for `keras.layers.RNN` and for `tfnotes.layers.RNN`.

    Args:
        cells: a list of cells, from the lowest to the highest.

    Call arguments:
        inputs: shape `(batch, features)`.
        states: a list of what each cell takes.
        training: handed to the cells that take it.

    Returns:
        `(output of the highest cell, new states)`, the second as `states` was given.

    Raises:
        ValueError: there is no cell, or one of them has no `state_size`.

    Differences from keras.layers.StackedRNNCells: an empty list is refused, and a stack of one cell
    runs with a mask, too.

    Notes: 004:209-213 (中文名: 堆叠的循环单元).

    >>> from tfnotes.layers import RNN, GRUCell, LSTMCell
    >>> deep = RNN(StackedRNNCells([LSTMCell(3), GRUCell(4)]))
    >>> tuple(deep(ops.ones((2, 5, 6))).shape)
    (2, 4)
    """

    def __init__(self, cells, **kwargs):
        super().__init__(**kwargs)
        listed = isinstance(cells, (list, tuple)) and len(cells) > 0
        if not listed or not all(callable(c) and hasattr(c, "call") and hasattr(c, "state_size") for c in cells):
            _checks.refuse(self, "cells", "a list of one or more cells, each with a state_size", cells)
        self.cells = list(cells)

    @property
    def state_size(self):
        """The sizes of each cell's states."""
        return [cell.state_size for cell in self.cells]

    @property
    def output_size(self):
        """The size of the highest cell's output."""
        return _output_size(self.cells[-1])

    def get_initial_state(self, batch_size=None):
        return [self._zeros(cell, batch_size) for cell in self.cells]

    def _zeros(self, cell, batch_size):
        if hasattr(cell, "get_initial_state"):
            return cell.get_initial_state(batch_size=batch_size)
        return keras.tree.map_structure(
            lambda size: ops.zeros((batch_size, size), dtype=self.compute_dtype), cell.state_size
        )

    def build(self, input_shape):
        batch, features = input_shape[0], input_shape[-1]
        for cell in self.cells:
            if isinstance(cell, keras.layers.Layer) and not cell.built:
                cell.build((batch, features))
                cell.built = True
            features = _output_size(cell)

    def call(self, inputs, states, training=False):
        new_states = []
        for cell, state in zip(self.cells, states, strict=True):
            options = {"training": training} if parity.takes_training(cell) else {}
            nested = isinstance(state, (list, tuple))
            inputs, state = cell(inputs, state if nested else [state], **options)
            new_states.append(state if nested else keras.tree.flatten(state)[0])
        return inputs, new_states

    def get_dropout_mask(self, step_input):
        """Has each cell that drops draw its masks for a sequence, as what runs the stack asks before it."""
        for cell in self.cells:
            if hasattr(cell, "get_dropout_mask"):
                cell.get_dropout_mask(step_input)
                cell.get_recurrent_dropout_mask(self._like(step_input, keras.tree.flatten(cell.state_size)[0]))
            step_input = self._like(step_input, _output_size(cell))

    def _like(self, step_input, size):
        return ops.zeros((ops.shape(step_input)[0], size), self.compute_dtype)

    def get_recurrent_dropout_mask(self, step_input):
        """Nothing: `get_dropout_mask` has drawn these masks, too."""

    def reset_dropout_mask(self):
        """Has each cell forget its masks."""
        for cell in self.cells:
            if hasattr(cell, "reset_dropout_mask"):
                cell.reset_dropout_mask()
                cell.reset_recurrent_dropout_mask()

    def reset_recurrent_dropout_mask(self):
        """Nothing: `reset_dropout_mask` has let them go, too."""

    def get_config(self):
        cells = [keras.saving.serialize_keras_object(cell) for cell in self.cells]
        return keras.layers.Layer.get_config(self) | {"cells": cells}

    @classmethod
    def from_config(cls, config, custom_objects=None):
        cells = counterparts.translated(config["cells"])
        cells = [keras.saving.deserialize_keras_object(cell, custom_objects) for cell in cells]
        return cls(**{**config, "cells": cells})


def _output_size(cell):
    size = getattr(cell, "output_size", None)
    return keras.tree.flatten(cell.state_size)[0] if size is None else size
