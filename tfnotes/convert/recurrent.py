"""Weights of recurrent layers carried from one convention to another.

    Keras, tfnotes    kernel (features, gates * units), recurrent kernel, bias      LSTM i, f, g, o    GRU z, r, g
    PyTorch           the matrices transposed, and a bias beside each of them       LSTM i, f, g, o    GRU r, z, n

PyTorch's GRU resets after the product and its update gate keeps the old state, which is `GRU(reset_after=True)`
here. A gate that replaces where another keeps is 1 - z, and 1 - sigmoid(a) = sigmoid(-a): its weights change
their sign.
"""

import re

import numpy as np

from tfnotes import _checks
from tfnotes.convert import _state

# What one layer and direction of `torch.nn.RNN`, `LSTM` and `GRU` have; their cells' names end without a layer.
_OTHERS = re.compile(r"(weight|bias)_(ih|hh)_l\d+(_reverse)?")


def torch_suffixes(num_layers=1, bidirectional=False):
    """The endings of PyTorch's names, in the order of the weights here.

    Args:
        num_layers, bidirectional: as in `torch.nn.LSTM`. Default 1, False.

    Returns:
        A list: of each layer its direction forwards, then the one backwards.

    Raises:
        ValueError: an argument isn't what PyTorch takes.

    >>> torch_suffixes(2, bidirectional=True)
    ['_l0', '_l0_reverse', '_l1', '_l1_reverse']
    """
    n = _checks.integer("torch_suffixes", "num_layers", num_layers)
    directions = ("", "_reverse") if _checks.boolean("torch_suffixes", "bidirectional", bidirectional) else ("",)
    return [f"_l{k}{direction}" for k in range(n) for direction in directions]


def simple_rnn_to_torch(weights, suffix="_l0", prefix=""):
    """The weights of a SimpleRNN under the names of `torch.nn.RNN`, whose `nonlinearity` is "tanh" or "relu".

    Args:
        weights: the kernel, the recurrent kernel and, if there is one, the bias, as `get_weights` gives them.
        suffix: of the names: the layer, and `_reverse` for the backward direction; see `torch_suffixes`; "" for
            `torch.nn.RNNCell`. Default "_l0".
        prefix: of the names, such as "encoder." in the state of a whole model. Default "".

    Returns:
        A dict of arrays for `load_state_dict`; the one bias is PyTorch's first, its second is zero.

    Raises:
        ValueError: the weights aren't a SimpleRNN's.
    """
    return _one_bias_to_torch("simple_rnn_to_torch", weights, 1, suffix, prefix)


def simple_rnn_from_torch(state, suffix="_l0", prefix=""):
    """The weights of `torch.nn.RNN` for `set_weights` of a SimpleRNN of the same activation.

    Args:
        state: its `state_dict()`; tensors or arrays by name.
        suffix, prefix: as in `simple_rnn_to_torch`. Default "_l0", "".

    Returns:
        A list of the kernel, the recurrent kernel and, if there are biases, their sum.

    Raises:
        ValueError: a name is missing or unknown, or a shape isn't a SimpleRNN's.
    """
    return _one_bias_from_torch("simple_rnn_from_torch", state, 1, suffix, prefix)


def lstm_to_torch(weights, suffix="_l0", prefix=""):
    """The weights of an LSTM under the names of `torch.nn.LSTM`.

    Args:
        weights: the kernel, the recurrent kernel and, if there is one, the bias, as `get_weights` gives them.
        suffix, prefix: as in `simple_rnn_to_torch`. Default "_l0", "".

    Returns:
        A dict of arrays for `load_state_dict`; the one bias is PyTorch's first, its second is zero.

    Raises:
        ValueError: the weights aren't an LSTM's.
    """
    return _one_bias_to_torch("lstm_to_torch", weights, 4, suffix, prefix)


def lstm_from_torch(state, suffix="_l0", prefix=""):
    """The weights of `torch.nn.LSTM` for `set_weights` of an LSTM.

    Args:
        state: its `state_dict()`; tensors or arrays by name.
        suffix, prefix: as in `simple_rnn_to_torch`. Default "_l0", "".

    Returns:
        A list of the kernel, the recurrent kernel and, if there are biases, their sum. With `bidirectional=True`,
        `[*lstm_from_torch(state, "_l0"), *lstm_from_torch(state, "_l0_reverse")]` is a Bidirectional's.

    Raises:
        ValueError: a name is missing or unknown (such as those of `proj_size`), or a shape isn't an LSTM's.
    """
    return _one_bias_from_torch("lstm_from_torch", state, 4, suffix, prefix)


def gru_to_torch(weights, suffix="_l0", prefix=""):
    """The weights of a GRU with `reset_after=True` under the names of `torch.nn.GRU`.

    Args:
        weights: the kernel, the recurrent kernel and, if there is one, the bias of two rows.
        suffix, prefix: as in `simple_rnn_to_torch`. Default "_l0", "".

    Returns:
        A dict of arrays for `load_state_dict`.

    Raises:
        ValueError: the weights aren't those of a GRU that resets after the product.
    """
    kernel, recurrent, *bias = _weights("gru_to_torch", weights, 3, rows=2)
    kernel, recurrent, *biases = (_first_two_swapped(w) for w in (kernel, recurrent, *(bias[0] if bias else ())))
    return _to_torch(kernel, recurrent, biases, suffix, prefix)


def gru_from_torch(state, suffix="_l0", prefix=""):
    """The weights of `torch.nn.GRU` for `set_weights` of a GRU with `reset_after=True`.

    Args:
        state: its `state_dict()`; tensors or arrays by name.
        suffix, prefix: as in `simple_rnn_to_torch`. Default "_l0", "".

    Returns:
        A list of the kernel, the recurrent kernel and, if there are biases, both as two rows.

    Raises:
        ValueError: a name is missing or unknown, or a shape isn't a GRU's.
    """
    weights = [_first_two_swapped(w) for w in _from_torch("gru_from_torch", state, suffix, prefix, 3)]
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


def _one_bias_to_torch(owner, weights, gates, suffix, prefix):
    kernel, recurrent, *bias = _weights(owner, weights, gates)
    return _to_torch(kernel, recurrent, [bias[0], np.zeros_like(bias[0])] if bias else [], suffix, prefix)


def _one_bias_from_torch(owner, state, gates, suffix, prefix):
    kernel, recurrent, *biases = _from_torch(owner, state, suffix, prefix, gates)
    return [kernel, recurrent, *([biases[0] + biases[1]] if biases else [])]


def _first_two_swapped(w):
    z, r, g = np.split(w, 3, axis=-1)
    return np.concatenate([r, z, g], axis=-1)


def _to_torch(kernel, recurrent, biases, suffix, prefix):
    names = [f"{prefix}{kind}_{of}{suffix}" for kind in ("weight", "bias") for of in ("ih", "hh")]
    return dict(zip(names, [kernel.T.copy(), recurrent.T.copy(), *biases], strict=False))


def _from_torch(owner, state, suffix, prefix, gates):
    """The kernel and the recurrent kernel as they are here, then both biases if there are any."""
    matrices, vectors = ([f"{kind}_{of}{suffix}" for of in ("ih", "hh")] for kind in ("weight", "bias"))
    found = _state.read(owner, state, prefix, matrices, vectors, lambda name: suffix and _OTHERS.fullmatch(name))
    kernel, recurrent, *biases = (w.T if w.ndim == 2 else w for w in found.values())
    if len({b.shape for b in biases}) > 1:
        _state.refuse_shapes(owner, "state", "two biases of one shape", found)
    _weights(owner, [kernel, recurrent, *biases[:1]], gates, argument="state")
    return [kernel.copy(), recurrent.copy(), *biases]


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
        size = "units" if gates == 1 else "gates * units"
        bias = {1: f"{size}", 2: f"2, {size}", None: f"{size}, in one row or two"}[rows]
        expected = f"arrays of shapes (features, {size}), (units, {size}) and ({bias})"
        _checks.refuse(owner, argument, expected + (f", {gates} gates" if gates > 1 else ""), shapes)
    return arrays
