"""What runs a cell over a sequence: Keras's bookkeeping of states and masks, our loops.

    h_t, state_t = cell(x_t, state_{t-1})        t = 0 .. T-1
"""

import keras
from keras import ops

from tfnotes import _checks, _config, counterparts, regularizers
from tfnotes.layers._base import _resolved, _serialized, honoured
from tfnotes.layers._cell import RecurrentCell
from tfnotes.layers.stacked_rnn_cells import StackedRNNCells

_STACKS = (keras.layers.StackedRNNCells, StackedRNNCells)
_PARTS = ("initializer", "regularizer", "constraint")


@keras.saving.register_keras_serializable("tfnotes")
class RNN(keras.layers.RNN):
    """A cell run over a sequence.

    On TensorFlow, a cell of tfnotes whose activations are tanh, sigmoid, relu or linear is trained by the
    backward pass in `tfnotes.layers._bptt`; on the other backends, with `unroll=True`, with recurrent dropout,
    and for other cells and activations, a subclass's steps among them, the loop is Keras's, and automatic
    differentiation goes back through it. That loop on JAX gives the initial state, not zero, at masked steps
    before the first that isn't.
    """

    def __init__(
        self,
        cell,
        return_sequences=False,
        return_state=False,
        go_backwards=False,
        stateful=False,
        unroll=False,
        zero_output_for_mask=False,
        *,
        activity_regularizer=None,
        **kwargs,
    ):
        options = {
            "return_sequences": return_sequences,
            "return_state": return_state,
            "go_backwards": go_backwards,
            "stateful": stateful,
            "unroll": unroll,
            "zero_output_for_mask": zero_output_for_mask,
        }
        options = {name: _checks.boolean(self, name, value) for name, value in options.items()}
        regularizer = _resolved(self, "activity_regularizer", activity_regularizer, regularizers.get)
        super().__init__(cell, **options, activity_regularizer=regularizer, **honoured(self, kwargs))

    @classmethod
    def from_config(cls, config, custom_objects=None):
        # Keras's takes the cell out of the config that it is given.
        return super().from_config({**config, "cell": counterparts.translated(config["cell"])}, custom_objects)

    def call(self, sequences, initial_state=None, mask=None, training=False):
        if len(sequences.shape) > 1 and sequences.shape[1] == 0:
            _checks.refuse(self, "sequences", "of at least one step", tuple(sequences.shape))
        if hasattr(sequences, "row_splits"):
            # Nor does Keras take one, whose sentence is TensorFlow's.
            _checks.refuse(self, "sequences", "dense: a ragged tensor's `to_tensor()`, and a mask", type(sequences))
        try:
            return super().call(sequences, initial_state=initial_state, mask=mask, training=training)
        finally:
            # Keras lets go of them only where all went well.
            for cell in self._cells():
                if isinstance(cell, RecurrentCell):
                    cell.reset_dropout_mask()
                    cell.reset_recurrent_dropout_mask()

    def inner_loop(self, sequences, initial_state, mask, training=False):
        if mask is not None:
            # One, or the first of a list; with an axis of one feature, or without it.
            mask = ops.cast(keras.tree.flatten(mask)[0], "bool")
        cells, before = self._cells(), initial_state if self._stacked() else [initial_state]
        for cell, given in zip(cells, before, strict=True):
            if isinstance(cell, RecurrentCell) and len(keras.tree.flatten(given)) != cell.state_count:
                _checks.refuse(self, "initial_state", f"{cell.state_count} for a {type(cell).__name__}", initial_state)
        if not self._by_hand(training):
            return super().inner_loop(sequences, initial_state, mask, training)
        from tfnotes.layers import _bptt

        x = ops.transpose(sequences, (1, 0, 2))
        if mask is not None:
            mask = ops.transpose(mask if len(mask.shape) == 3 else ops.expand_dims(mask, -1), (1, 0, 2))
        if self.go_backwards:
            x, mask = ops.flip(x, axis=0), None if mask is None else ops.flip(mask, axis=0)
        states = []
        for cell, given in zip(cells, before, strict=True):
            x = ops.cast(x, cell.compute_dtype)
            x = x * cell.get_dropout_mask(x[0]) if training and cell.dropout else x
            # The cell above reads all h; at a masked step it hands on its own states, whatever it reads.
            wanted = self.return_sequences or cell is not cells[-1]
            hs, after = _bptt.run(cell, x, tuple(keras.tree.flatten(given)), mask, wanted, bool(training))
            x, last = hs, after[0]
            states.append(list(after) if isinstance(given, (list, tuple)) else last)
        if mask is not None:
            # Before the first step that isn't masked there is no output, whatever the state is.
            seen = mask if self.zero_output_for_mask else ops.cumsum(ops.cast(mask, "int32"), axis=0) > 0
            last = ops.where(seen[-1], last, 0)
            hs = None if hs is None else ops.where(seen, hs, 0)
        outputs = last[:, None] if hs is None else ops.transpose(hs, (1, 0, 2))
        return last, outputs, states if self._stacked() else states[0]

    def _by_hand(self, training):
        return (
            keras.backend.backend() == "tensorflow"
            and not self.unroll
            and (not self._stacked() or type(self.cell) in _STACKS)
            and all(isinstance(cell, RecurrentCell) and cell.by_hand(training) for cell in self._cells())
        )

    def _stacked(self):
        return hasattr(self.cell, "cells")

    def _cells(self):
        return getattr(self.cell, "cells", [self.cell])


def of_cell(name):
    """An attribute of a layer that its cell keeps."""
    return property(lambda layer: getattr(layer.cell, name))


def weight_options(**parts):
    """The arguments for each weight's initializer, regularizer and constraint, by their names."""
    return {f"{name}_{k}": part for name, given in parts.items() for k, part in zip(_PARTS, given, strict=True)}


class Recurrent(RNN):
    """A layer made of one cell, whose arguments are the cell's and its own."""

    def __init__(self, cell, **kwargs):
        super().__init__(cell, **kwargs)
        self.input_spec = keras.layers.InputSpec(ndim=3)

    def cell_options(self, name, kwargs):
        """What the cell is made with beside its own arguments; `name` is Keras's, by which files find its weights."""
        shared = {key: kwargs[key] for key in ("dtype", "trainable") if key in kwargs}
        # Taken out of the layer's, which has no such argument.
        shared |= {key: kwargs.pop(key) for key in ("implementation",) if key in kwargs}
        return {"name": name, "owner": type(self).__name__, **shared}

    def get_config(self):
        own = {name: getattr(self.cell if name == "seed" else self, name) for name in _config.argument_names(self)}
        own = {name: _serialized(name, value) for name, value in own.items()}
        return keras.layers.Layer.get_config(self) | {"zero_output_for_mask": self.zero_output_for_mask} | own

    @classmethod
    def from_config(cls, config, custom_objects=None):
        return cls(**config)


_weights = weight_options(kernel=_PARTS, recurrent=_PARTS, bias=_PARTS)
for _name in ("units", "activation", "use_bias", *_weights, "dropout", "recurrent_dropout"):
    setattr(Recurrent, _name, of_cell(_name))
