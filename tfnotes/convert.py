"""Weights of recurrent layers carried from one convention to another.

    Keras, tfnotes    kernel (features, gates * units), recurrent kernel, bias      LSTM i, f, g, o    GRU z, r, g
    PyTorch           the matrices transposed, and a bias beside each of them       LSTM i, f, g, o    GRU r, z, n

PyTorch's GRU resets after the product and its update gate keeps the old state, which is `GRU(reset_after=True)`
here. A gate that replaces where another keeps is 1 - z, and 1 - sigmoid(a) = sigmoid(-a): its weights change
their sign.
"""

import numpy as np

from tfnotes import _checks


def lstm_to_torch(weights, suffix="_l0"):
    """The weights of an LSTM under the names of `torch.nn.LSTM`.

    Args:
        weights: the kernel, the recurrent kernel and, if there is one, the bias, as `get_weights` gives them.
        suffix: of the names: the layer, and `_reverse` for the backward direction. Default "_l0".

    Returns:
        A dict of arrays for `load_state_dict`; the one bias is PyTorch's first, its second is zero.

    Raises:
        ValueError: the weights aren't an LSTM's.
    """
    kernel, recurrent, *bias = _weights("lstm_to_torch", weights, 4)
    return _to_torch(kernel, recurrent, [bias[0], np.zeros_like(bias[0])] if bias else [], suffix)


def lstm_from_torch(state, suffix="_l0"):
    """The weights of `torch.nn.LSTM` for `set_weights` of an LSTM.

    Args:
        state: its `state_dict()`; tensors or arrays by name.
        suffix: as in `lstm_to_torch`. Default "_l0".

    Returns:
        A list of the kernel, the recurrent kernel and, if there are biases, their sum.

    Raises:
        ValueError: a name is missing, or a shape isn't an LSTM's.
    """
    kernel, recurrent, *biases = _from_torch("lstm_from_torch", state, suffix, 4)
    return [kernel, recurrent, *([biases[0] + biases[1]] if biases else [])]


def gru_to_torch(weights, suffix="_l0"):
    """The weights of a GRU with `reset_after=True` under the names of `torch.nn.GRU`.

    Args:
        weights: the kernel, the recurrent kernel and, if there is one, the bias of two rows.
        suffix: as in `lstm_to_torch`. Default "_l0".

    Returns:
        A dict of arrays for `load_state_dict`.

    Raises:
        ValueError: the weights aren't those of a GRU that resets after the product.
    """
    kernel, recurrent, *bias = _weights("gru_to_torch", weights, 3, rows=2)
    kernel, recurrent, *biases = (_first_two_swapped(w) for w in (kernel, recurrent, *(bias[0] if bias else ())))
    return _to_torch(kernel, recurrent, biases, suffix)


def gru_from_torch(state, suffix="_l0"):
    """The weights of `torch.nn.GRU` for `set_weights` of a GRU with `reset_after=True`.

    Args:
        state: its `state_dict()`; tensors or arrays by name.
        suffix: as in `lstm_to_torch`. Default "_l0".

    Returns:
        A list of the kernel, the recurrent kernel and, if there are biases, both as two rows.

    Raises:
        ValueError: a name is missing, or a shape isn't a GRU's.
    """
    weights = [_first_two_swapped(w) for w in _from_torch("gru_from_torch", state, suffix, 3)]
    return [*weights[:2], *([np.stack(weights[2:])] if len(weights) > 2 else [])]


def gru_update_gate(weights):
    """The weights of a GRU for the other `update_gate`: "keeps" to "replaces" or back.

    Args:
        weights: the kernel, the recurrent kernel and, if there is one, the bias.

    Returns:
        A list like `weights`, the update gate's with their sign changed.

    Raises:
        ValueError: the weights aren't a GRU's.
    """
    given = _weights("gru_update_gate", weights, 3, rows=None)
    sign = np.repeat([-1, 1, 1], given[1].shape[0])
    return [w * sign.astype(w.dtype) for w in given]


def _first_two_swapped(w):
    z, r, g = np.split(w, 3, axis=-1)
    return np.concatenate([r, z, g], axis=-1)


def _to_torch(kernel, recurrent, biases, suffix):
    names = [f"{kind}_{of}{suffix}" for kind in ("weight", "bias") for of in ("ih", "hh")]
    return dict(zip(names, [kernel.T.copy(), recurrent.T.copy(), *biases], strict=False))


def _from_torch(owner, state, suffix, gates):
    names = [f"weight_ih{suffix}", f"weight_hh{suffix}"]
    if missing := [name for name in names if name not in state]:
        _checks.refuse(owner, "state", f"a state_dict with {' and '.join(missing)}", sorted(state))
    kernel, recurrent = (np.asarray(state[name]).T.copy() for name in names)
    biases = [np.asarray(state[n]).copy() for n in (f"bias_ih{suffix}", f"bias_hh{suffix}") if n in state]
    _weights(owner, [kernel, recurrent, *biases[:1]], gates, argument="state")
    return [kernel, recurrent, *biases]


def _weights(owner, weights, gates, rows=1, argument="weights"):
    """The weights as arrays, of shapes that fit each other; `rows` of the bias, None for one or two."""
    arrays = [np.asarray(w) for w in weights]
    shapes = [w.shape for w in arrays]
    fits = len(shapes) in (2, 3) and all(len(shape) == 2 for shape in shapes[:2])
    if fits:
        units = shapes[1][0]
        fits = units > 0 and shapes[0][1] == shapes[1][1] == gates * units
        biases: dict[int, list] = {1: [(gates * units,)], 2: [(2, gates * units)]}
        fits = fits and (len(shapes) == 2 or shapes[2] in (biases[rows] if rows else biases[1] + biases[2]))
    if not fits:
        bias = {1: "gates * units", 2: "2, gates * units", None: "gates * units, in one row or two"}[rows]
        expected = f"arrays of shapes (features, gates * units), (units, gates * units) and ({bias}), {gates} gates"
        _checks.refuse(owner, argument, expected, shapes)
    return arrays
