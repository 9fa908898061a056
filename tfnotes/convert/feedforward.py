"""Weights of layers without a state carried to PyTorch and back.

    Keras, tfnotes                                             PyTorch
    Dense kernel (inputs, outputs)                             Linear weight (outputs, inputs)
    Conv2D kernel (rows, columns, inputs / groups, outputs)    Conv2d weight (outputs, inputs / groups, rows, columns)
    BatchNormalization gamma, beta, moving mean, variance      weight, bias, running_mean, running_var
    Embedding embeddings (words, size)                         weight (words, size)

PyTorch's images are channels first: (batch, channels, height, width).
"""

import math

import numpy as np

from tfnotes import _checks
from tfnotes.convert import _state


def dense_to_torch(weights, prefix="", maps=None):
    """The weights of a Dense layer under the names of `torch.nn.Linear`.

    Args:
        weights: the kernel and, if there is one, the bias, as `get_weights` gives them.
        prefix: of the names, such as "classifier.0." in the state of a whole model. Default "".
        maps: where the layer reads flattened images, their `(height, width, channels)`: a Flatten of PyTorch puts
            the channels first, so that the inputs come in another order. Default None, no images.

    Returns:
        A dict of arrays for `load_state_dict`.

    Raises:
        ValueError: the weights aren't a Dense layer's, or `maps` doesn't have as many numbers as it has inputs.
    """
    owner = "dense_to_torch"
    kernel, *bias = _arrays(owner, weights, "(inputs, outputs) and (outputs,)", _fits_dense)
    kernel = _reordered(owner, kernel, maps, channels_first=True)
    return _named(prefix, ("weight", "bias"), [kernel.T.copy(), *bias])


def dense_from_torch(state, prefix="", maps=None):
    """The weights of `torch.nn.Linear` for `set_weights` of a Dense layer.

    Args:
        state: its `state_dict()`; tensors or arrays by name.
        prefix, maps: as in `dense_to_torch`. Default "", None.

    Returns:
        A list of the kernel and, if there is one, the bias.

    Raises:
        ValueError: a name is missing or unknown, a shape isn't a Linear's, or `maps` doesn't fit.
    """
    owner = "dense_from_torch"
    weight, *bias = _state.read(owner, state, prefix, ["weight"], ["bias"]).values()
    given = [weight.T, *bias]
    kernel, *bias = _arrays(owner, given, "(inputs, outputs) and (outputs,)", _fits_dense, "state")
    return [_reordered(owner, kernel, maps, channels_first=False).copy(), *bias]


def conv2d_to_torch(weights, prefix=""):
    """The weights of a Conv2D under the names of `torch.nn.Conv2d`, of the same `groups`.

    PyTorch's padding is the same on both sides; that of `padding="same"` isn't where a stride is above 1.

    Args:
        weights: the kernel and, if there is one, the bias, as `get_weights` gives them.
        prefix: of the names, such as "features.0." in the state of a whole model. Default "".

    Returns:
        A dict of arrays for `load_state_dict`.

    Raises:
        ValueError: the weights aren't a Conv2D's.
    """
    kernel, *bias = _arrays("conv2d_to_torch", weights, "(rows, columns, inputs, outputs) and (outputs,)", _fits_conv)
    return _named(prefix, ("weight", "bias"), [kernel.transpose(3, 2, 0, 1).copy(), *bias])


def conv2d_from_torch(state, prefix=""):
    """The weights of `torch.nn.Conv2d` for `set_weights` of a Conv2D of the same `groups`.

    Its zeros around the image are the same here with `padding` as a number: `Conv2D(..., padding=1)`.

    Args:
        state: its `state_dict()`; tensors or arrays by name.
        prefix: as in `conv2d_to_torch`. Default "".

    Returns:
        A list of the kernel and, if there is one, the bias.

    Raises:
        ValueError: a name is missing or unknown, or a shape isn't a Conv2d's.
    """
    owner = "conv2d_from_torch"
    found = _state.read(owner, state, prefix, ["weight"], ["bias"])
    weight, *bias = found.values()
    if weight.ndim != 4:
        _state.refuse_shapes(owner, "state", "a weight of shape (outputs, inputs, rows, columns)", found)
    given = [weight.transpose(2, 3, 1, 0).copy(), *bias]
    return _arrays(owner, given, "(rows, columns, inputs, outputs) and (outputs,)", _fits_conv, "state")


def batch_normalization_to_torch(weights, prefix=""):
    """The weights of a BatchNormalization under the names of `torch.nn.BatchNorm1d` or `BatchNorm2d`.

    What a state doesn't hold must be said where the layer is made: PyTorch's `momentum` is the share of the new
    batch, `1 - momentum` of Keras's (0.1 there is 0.9 here), and its default `eps` is 1e-5 (1e-3 here). In training
    PyTorch's running variance takes a batch's variance times n / (n - 1); inference is the same.

    Args:
        weights: gamma, beta, moving mean and moving variance, as `get_weights` gives them, or without
            `scale` and `center` the last two, for `affine=False`.
        prefix: of the names, such as "features.1." in the state of a whole model. Default "".

    Returns:
        A dict of arrays for `load_state_dict`.

    Raises:
        ValueError: the weights aren't four or two vectors of one size.
    """
    expected = "(size,), four or two of one size"
    arrays = _arrays("batch_normalization_to_torch", weights, expected, _fits_statistics)
    names = ("weight", "bias", "running_mean", "running_var")
    return _named(prefix, names[-len(arrays) :], [a.copy() for a in arrays]) | {
        f"{prefix}num_batches_tracked": np.array(0)
    }


def batch_normalization_from_torch(state, prefix=""):
    """The weights of `torch.nn.BatchNorm1d` or `BatchNorm2d` for `set_weights` of a BatchNormalization.

    For `momentum` and `eps` see `batch_normalization_to_torch`.

    Args:
        state: its `state_dict()`; tensors or arrays by name.
        prefix: as in `batch_normalization_to_torch`. Default "".

    Returns:
        A list of gamma, beta, moving mean and moving variance, or with `affine=False` of the last two, which is
        `BatchNormalization(center=False, scale=False)`.

    Raises:
        ValueError: a name is missing (as with `track_running_stats=False`) or unknown, or the shapes differ.
    """
    owner, statistics = "batch_normalization_from_torch", ["running_mean", "running_var"]
    found = _state.read(owner, state, prefix, statistics, ["weight", "bias"], known="num_batches_tracked".__eq__)
    arrays = [found[name] for name in ("weight", "bias", *statistics) if name in found]
    return _arrays(owner, arrays, "(size,), four or two of one size", _fits_statistics, "state")


def embedding_to_torch(weights, prefix=""):
    """The weights of an Embedding under the names of `torch.nn.Embedding`.

    Args:
        weights: the embeddings in a list, as `get_weights` gives them.
        prefix: of the names, such as "words." in the state of a whole model. Default "".

    Returns:
        A dict of an array for `load_state_dict`.

    Raises:
        ValueError: the weights aren't an Embedding's.
    """
    arrays = _arrays("embedding_to_torch", weights, "(words, size)", _fits_embedding)
    return _named(prefix, ("weight",), [arrays[0].copy()])


def embedding_from_torch(state, prefix=""):
    """The weights of `torch.nn.Embedding` for `set_weights` of an Embedding.

    The row of a `padding_idx` comes as it is, zeros unless they were changed. PyTorch doesn't train that row; here it
    is trained as any other, unless `mask_zero=True` (and a `padding_idx` of 0) lets what follows skip these steps.

    Args:
        state: its `state_dict()`; tensors or arrays by name.
        prefix: as in `embedding_to_torch`. Default "".

    Returns:
        A list of the embeddings.

    Raises:
        ValueError: the name is missing, another is unknown, or the shape isn't an Embedding's.
    """
    owner = "embedding_from_torch"
    found = _state.read(owner, state, prefix, ["weight"])
    return _arrays(owner, list(found.values()), "(words, size)", _fits_embedding, "state")


def _arrays(owner, weights, expected, fits, argument="weights"):
    arrays = [np.asarray(w) for w in weights]
    if not fits([a.shape for a in arrays]):
        _state.refuse_shapes(owner, argument, f"arrays of shapes {expected}", arrays)
    return arrays


def _fits_dense(shapes, rank=2):
    return len(shapes) in (1, 2) and len(shapes[0]) == rank and shapes[1:] in ([], [shapes[0][-1:]])


def _fits_conv(shapes):
    return _fits_dense(shapes, rank=4)


def _fits_statistics(shapes):
    return len(shapes) in (2, 4) and len(shapes[0]) == 1 and len(set(shapes)) == 1


def _fits_embedding(shapes):
    return len(shapes) == 1 and len(shapes[0]) == 2


def _named(prefix, names, arrays):
    return {f"{prefix}{name}": a for name, a in zip(names, arrays, strict=False)}


def _reordered(owner, kernel, maps, channels_first):
    """The kernel's rows for inputs that were flattened with their channels first, or last."""
    if maps is None:
        return kernel
    sizes = tuple(maps) if isinstance(maps, (list, tuple)) else ()
    if len(sizes) != 3 or math.prod(sizes) != kernel.shape[0]:
        _checks.refuse(owner, "maps", f"(height, width, channels) of {kernel.shape[0]} numbers", maps)
    height, width, channels = sizes
    shape, order = ((height, width, channels), (2, 0, 1)) if channels_first else ((channels, height, width), (1, 2, 0))
    return kernel.reshape(*shape, -1).transpose(*order, 3).reshape(kernel.shape)
