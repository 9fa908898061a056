"""What the gates of a recurrent layer do over time, for looking at them.

    gates(layer, x)["forget"][b, t, u] = f of unit u where example b has its step t
"""

import keras
import numpy as np
from keras import ops

from tfnotes import _checks

# In the order in which a step computes them, in our cells and in Keras's.
_RECURRENT = {"LSTMCell": ("input", "forget", "output"), "GRUCell": ("update", "reset"), "SimpleRNNCell": ()}


def gates(layer, x, mask=None, initial_state=None):
    """The gates, candidates and states of a recurrent layer over a batch of sequences, in inference.

    Args:
        layer: a built SimpleRNN, LSTM or GRU, of tfnotes or of Keras, whose own steps are run one after the
            other and recorded. For a Bidirectional, its `forward_layer` or `backward_layer`.
        x: inputs, shape `(batch, timesteps, features)`.
        mask: booleans of shape `(batch, timesteps)`; a step that is False hands the states on.
        initial_state: a list of the states before the first step. Default zeros.

    Returns:
        A dict of arrays of shape `(batch, timesteps, units)`, each step where its input is, whichever way the
        layer goes: "input", "forget", "output" of an LSTM, "update" and "reset" of a GRU, and of each layer
        "candidate", "h", and of an LSTM "c". Gates and candidates are NaN where the mask is False.

    Raises:
        ValueError: `layer` isn't one of the three, or isn't built.

    >>> from tfnotes.layers import GRU
    >>> layer = GRU(3)
    >>> _ = layer.build((None, None, 2))
    >>> found = gates(layer, np.ones((4, 5, 2), "float32"))
    >>> sorted(found), found["update"].shape
    (['candidate', 'h', 'reset', 'update'], (4, 5, 3))
    """
    cell = getattr(layer, "cell", None)
    if cell is None or type(cell).__name__ not in _RECURRENT or not layer.built:
        _checks.refuse("gates", "layer", "a built SimpleRNN, LSTM or GRU", layer)
    x = ops.cast(ops.convert_to_tensor(x), cell.compute_dtype)
    batch, steps = int(x.shape[0]), int(x.shape[1])
    mask = np.ones((batch, steps), bool) if mask is None else np.asarray(mask)
    states = list(layer.get_initial_state(batch) if initial_state is None else initial_state)
    found: dict[str, list] = {}
    order = range(steps)[::-1] if layer.go_backwards else range(steps)
    for t in order:
        step, new_states = recorded(cell, x[:, t], states)
        seen = mask[:, t, None]
        states = [ops.where(seen, new, old) for new, old in zip(new_states, states, strict=True)]
        step = {name: np.where(seen, ops.convert_to_numpy(a), np.nan) for name, a in step.items()}
        step |= {name: ops.convert_to_numpy(s) for name, s in zip("hc", states, strict=False)}
        for name, a in step.items():
            found.setdefault(name, []).append(a)
    return {name: np.stack(a[::-1] if layer.go_backwards else a, 1) for name, a in found.items()}


def recorded(cell, x, states):
    """One step of a cell: what its activations gave, by name, and the new states."""
    kinds: dict[str, list] = {"activation": [], "recurrent_activation": []}
    before = {kind: getattr(cell, kind) for kind in kinds if hasattr(cell, kind)}

    def recording(kind):
        def activation(z):
            kinds[kind].append(before[kind](z))
            return kinds[kind][-1]

        return activation

    try:
        for kind in before:
            setattr(cell, kind, recording(kind))
        _, new_states = cell(x, states, training=False)
    finally:
        for kind, activation in before.items():
            setattr(cell, kind, activation)
    names = _RECURRENT[type(cell).__name__]
    # What an LSTM's activation gives second is of the cell state.
    named = {**dict(zip(names, kinds["recurrent_activation"], strict=True)), "candidate": kinds["activation"][0]}
    return named, keras.tree.flatten(new_states)
