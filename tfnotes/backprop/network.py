"""A network of sigmoid layers, its forward and its backward pass written out.

    a[0]    = x
    z[l]    = w[l] @ a[l-1] + b[l]
    a[l]    = sigmoid(z[l])
    error   = 1/m * sum over examples and outputs of 1/2 * (target - a[L])**2

    da[L]   = (a[L] - target) / m
    dz[l]   = da[l] * a[l] * (1 - a[l])
    dw[l]   = dz[l] @ a[l-1].T
    db[l]   = sum over examples of dz[l]
    da[l-1] = w[l].T @ dz[l]                 with the weights that the forward pass used

    w[l]   <- w[l] - rate * dw[l]            b[l] <- b[l] - rate * db[l]

An example is a column, so that m of them stand side by side: the shapes of note 002:148-160, see `shapes`.

Notes: 000:25-28, 002:130-160, 003:103-105 (中文名: 反向传播).
"""

from typing import NamedTuple

import numpy as np

from tfnotes.errors import InputError


class Layer(NamedTuple):
    """Weights and biases of a layer, or their gradients: shapes `(n[l], n[l-1])` and `(n[l], 1)`."""

    w: np.ndarray
    b: np.ndarray


def sigmoid(z):
    """1 / (1 + exp(-z)), of a form in which no exp overflows."""
    return (1 + np.tanh(z / 2)) / 2


def shapes(sizes, examples):
    """The shape of every matrix of a network (note 002:148-160).

    Args:
        sizes: units of each layer, the inputs first: n[0], n[1], ..., n[L].
        examples: their number, m.

    Returns:
        A dict from names such as "w[1]" to `(rows, columns)`; a gradient has the shape of its matrix.
    """
    found = {"a[0]": (sizes[0], examples)}
    for k in range(1, len(sizes)):
        found[f"w[{k}]"] = found[f"dw[{k}]"] = (sizes[k], sizes[k - 1])
        found[f"b[{k}]"] = found[f"db[{k}]"] = (sizes[k], 1)
        for name in ("z", "a", "dz", "da"):
            found[f"{name}[{k}]"] = (sizes[k], examples)
    return found


def forward(layers, x):
    """The forward pass.

    Args:
        layers: a list of `Layer`.
        x: shape `(n[0], m)`.

    Returns:
        The list a[0], ..., a[L].

    Raises:
        InputError: a matrix hasn't the shape that the ones before it call for.
    """
    check(layers, x)
    a = [x]
    for w, b in layers:
        z = w @ a[-1] + b
        a.append(sigmoid(z))
    return a


def error(output, target):
    """Half the squared error, summed over the outputs, its mean over the examples."""
    return float(np.sum((target - output) ** 2) / 2 / output.shape[1])


def backward(layers, a, target):
    """The backward pass: the gradient of the error for every weight and bias.

    Args:
        layers: those of the forward pass.
        a: what `forward` gave.
        target: shape of `a[-1]`.

    Returns:
        A list of `Layer`, each with the shapes of its original.

    Raises:
        InputError: the targets haven't the outputs' shape.
    """
    da = _output_gradient(a[-1], target)
    gradients: list[Layer] = []
    for k in range(len(layers) - 1, -1, -1):
        dz = da * a[k + 1] * (1 - a[k + 1])
        gradients.insert(0, Layer(dz @ a[k].T, dz.sum(axis=1, keepdims=True)))
        da = layers[k].w.T @ dz
    return gradients


def update(layers, gradients, rate, biases=True):
    """One step of gradient descent; the biases stay as they are unless `biases`."""
    return [
        Layer(layer.w - rate * g.w, layer.b - rate * g.b if biases else layer.b)
        for layer, g in zip(layers, gradients, strict=True)
    ]


def update_too_early(layers, a, target, rate, biases=True):
    """A widespread error, to compare with: each layer is updated before the error passes through it.

    What passes to the layer below is then no gradient, as the weights aren't those of the forward pass.
    The output layer comes out right all the same, the layers below don't.
    """
    da = _output_gradient(a[-1], target)
    layers = list(layers)
    for k in range(len(layers) - 1, -1, -1):
        dz = da * a[k + 1] * (1 - a[k + 1])
        gradient = Layer(dz @ a[k].T, dz.sum(axis=1, keepdims=True))
        layers[k : k + 1] = update(layers[k : k + 1], [gradient], rate, biases)
        da = layers[k].w.T @ dz
    return layers


def check(layers, x):
    """Refuses matrices whose shapes don't fit together, by the name of the first that doesn't."""
    if np.ndim(x) != 2:
        raise InputError(
            f"backprop: `a[0]` must have the shape (n[0], m). Received: a shape of {np.shape(x)}."
        )
    sizes = [
        x.shape[0],
        *(np.shape(layer.b)[0] if np.ndim(layer.b) == 2 else len(layer.w) for layer in layers),
    ]
    expected = shapes(sizes, x.shape[1])
    for k, layer in enumerate(layers, 1):
        for name, matrix in (("w", layer.w), ("b", layer.b)):
            _check_shape(f"{name}[{k}]", matrix, expected[f"{name}[{k}]"])


def _output_gradient(output, target):
    _check_shape("target", target, output.shape)
    return (output - target) / output.shape[1]


def _check_shape(name, matrix, expected):
    # NumPy would broadcast a wrong shape and go on.
    if np.shape(matrix) != expected:
        raise InputError(
            f"backprop: `{name}` must have the shape {expected}. Received: a shape of {np.shape(matrix)}."
        )
