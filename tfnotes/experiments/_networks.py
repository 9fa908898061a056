"""What the experiments share: derivatives as arrays, and signals through a deep network."""

import numpy as np
import tensorflow as tf

from tfnotes.layers import dense as _dense


def dense(x, kernel, bias=None):
    """`tfnotes.layers.Dense`'s function, of arrays or tensors in float64."""
    return _dense.dense(x, kernel, bias)


def derivatives(function, *arrays):
    """The derivatives of the sum of what `function` gives with respect to each array, in float64."""
    tensors = [tf.constant(a, tf.float64) for a in arrays]
    with tf.GradientTape() as tape:
        tape.watch(tensors)
        total = tf.reduce_sum(function(*tensors))
    found = tape.gradient(total, tensors, unconnected_gradients=tf.UnconnectedGradients.ZERO)
    return [g.numpy() for g in found]


def slope(function, x):
    """The derivative of an elementwise function at each x."""
    return derivatives(function, x)[0]


def deep(x, kernels, activation, biases=None, cotangent=None):
    """A network of dense layers: what each layer gives out, and the loss's gradient there.

    Args:
        x: inputs, an array `(examples, features)`.
        kernels: a matrix a layer.
        activation: of every layer.
        biases: a vector a layer, or None.
        cotangent: the gradient at the last layer; the same number everywhere if None.

    Returns:
        `(outputs, gradients)`, two lists of arrays, an entry a layer.
    """
    h, outputs = tf.constant(x, tf.float64), []
    with tf.GradientTape() as tape:
        tape.watch(h)
        for layer, kernel in enumerate(kernels):
            h = activation(dense(h, kernel, None if biases is None else biases[layer]))
            outputs.append(h)
        total = tf.reduce_sum(h if cotangent is None else h * cotangent)
    return [o.numpy() for o in outputs], [g.numpy() for g in tape.gradient(total, outputs)]


def kernels(initializer, sizes, rng, **arguments):
    """A kernel for each pair of neighbouring sizes, in float64, from seeds that `rng` draws."""
    seeds = rng.integers(2**31, size=len(sizes) - 1)
    pairs = zip(sizes[:-1], sizes[1:], seeds, strict=True)
    return [initializer(**arguments, seed=int(seed))((a, b), "float64") for a, b, seed in pairs]


def pieces(y):
    """How many straight pieces a function has, of its values on an even grid whose points hold its corners."""
    return 1 + int(np.sum(np.abs(np.diff(y, 2)) > 1e-9))


def size(values):
    """Root mean square."""
    return float(np.sqrt(np.mean(np.square(values))))


def sizes(arrays):
    """Root mean square of each array."""
    return [size(a) for a in arrays]
