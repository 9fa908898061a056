"""What runs a cell over a sequence: Keras's bookkeeping of states and masks, our loops.

    h_t, state_t = cell(x_t, state_{t-1})        t = 0 .. T-1
"""

import inspect

import keras
from keras import ops

from tfnotes import _checks, _config, regularizers
from tfnotes.layers._base import _resolved, _serialized
from tfnotes.layers._cell import RecurrentCell

# As Keras names them, which is how weights in files are found.
_CELL_NAMES = {"SimpleRNNCell": "simple_rnn_cell", "LSTMCell": "lstm_cell", "GRUCell": "gru_cell"}


@keras.saving.register_keras_serializable("tfnotes")
class RNN(keras.layers.RNN):
    """A cell run over a sequence.

    On TensorFlow, a cell of tfnotes whose activations are tanh, sigmoid, relu or linear is trained by the
    backward pass in `tfnotes.layers._bptt`; on the other backends, with `unroll=True`, and for other cells
    and activations the loop is Keras's, and automatic differentiation goes back through it. That loop on JAX gives
    the initial state, not zero, at masked steps before the first that isn't.
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
        super().__init__(cell, **options, activity_regularizer=regularizer, **kwargs)

    def call(self, sequences, initial_state=None, mask=None, training=False):
        if len(sequences.shape) > 1 and sequences.shape[1] == 0:
            _checks.refuse(self, "sequences", "of at least one step", tuple(sequences.shape))
        cells = [c for c in self._cells() if isinstance(c, RecurrentCell)]
        for cell in cells if training else ():
            # Its kernel has a row for each feature.
            cell.masks = cell.draw_masks(ops.shape(sequences)[0], cell.kernel.shape[0])
        try:
            return super().call(sequences, initial_state=initial_state, mask=mask, training=training)
        finally:
            for cell in cells:
                cell.masks = None

    def inner_loop(self, sequences, initial_state, mask, training=False):
        if not self._by_hand():
            return super().inner_loop(sequences, initial_state, mask, training)
        from tfnotes.layers import _bptt

        x = ops.transpose(sequences, (1, 0, 2))
        if mask is not None:
            mask = ops.expand_dims(ops.transpose(ops.cast(mask, "bool")), -1)
        if self.go_backwards:
            x, mask = ops.flip(x, axis=0), None if mask is None else ops.flip(mask, axis=0)
        cells, states = self._cells(), []
        for cell, before in zip(cells, initial_state if self._stacked() else [initial_state], strict=True):
            drop_inputs, drop = cell.masks or (None, None)
            x = ops.cast(x, cell.compute_dtype)
            x = x if drop_inputs is None else x * drop_inputs
            # The cell above reads all h; at a masked step it hands on its own states, whatever it reads.
            wanted = self.return_sequences or cell is not cells[-1]
            hs, after = _bptt.run(cell, x, tuple(keras.tree.flatten(before)), mask, drop, wanted, bool(training))
            x, last = hs, after[0]
            states.append(list(after) if isinstance(before, (list, tuple)) else last)
        if mask is not None:
            # Before the first step that isn't masked there is no output, whatever the state is.
            seen = mask if self.zero_output_for_mask else ops.cumsum(ops.cast(mask, "int32"), axis=0) > 0
            last = ops.where(seen[-1], last, 0)
            hs = None if hs is None else ops.where(seen, hs, 0)
        outputs = last[:, None] if hs is None else ops.transpose(hs, (1, 0, 2))
        return last, outputs, states if self._stacked() else states[0]

    def _by_hand(self):
        return (
            keras.backend.backend() == "tensorflow"
            and not self.unroll
            and all(isinstance(cell, RecurrentCell) and None not in cell.slopes for cell in self._cells())
        )

    def _stacked(self):
        return hasattr(self.cell, "cells")

    def _cells(self):
        return getattr(self.cell, "cells", [self.cell])


class Recurrent(RNN):
    """A layer made of one cell, whose arguments are the cell's and its own."""

    def __init__(self, cell_class, arguments):
        """`arguments` are the `locals()` of the layer's constructor, which names them as Keras does."""
        kwargs = dict(arguments["kwargs"])
        # Keras's two ways to compute the same.
        kwargs.pop("implementation", None)
        given = {name: arguments[name] for name in _config.argument_names(self)}
        of_cell = {name: given.pop(name) for name in inspect.signature(cell_class).parameters if name in given}
        cuda = given.pop("use_cudnn", "auto")
        owner, policy = type(self).__name__, {k: v for k, v in kwargs.items() if k in ("dtype", "trainable")}
        cell = cell_class(**of_cell, name=_CELL_NAMES[cell_class.__name__], owner=owner, **policy)
        super().__init__(cell, **given, **kwargs)
        self.input_spec = keras.layers.InputSpec(ndim=3)
        self.use_cudnn = _checks.choice(self, "use_cudnn", cuda, ("auto", True, False))

    def __getattr__(self, name):
        # The cell keeps what it was made with; Keras's layers give it too.
        if not name.startswith("_") and name in _config.argument_names(self):
            return getattr(self.cell, name)
        # On PyTorch a layer is a Module, which finds its parts so.
        of_module = getattr(super(), "__getattr__", None)
        if of_module is None:
            raise AttributeError(f"{type(self).__name__} has no attribute {name!r}.")
        return of_module(name)

    def get_config(self):
        names = _config.argument_names(self)
        own = {"zero_output_for_mask": self.zero_output_for_mask}
        return keras.layers.Layer.get_config(self) | own | {n: _serialized(n, getattr(self, n)) for n in names}

    @classmethod
    def from_config(cls, config):
        return cls(**config)
