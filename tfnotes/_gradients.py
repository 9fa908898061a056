"""Values and gradients of a function of tensors, on whichever backend Keras runs."""

import keras
import numpy as np


def vjp(function, inputs, cotangent):
    """Runs `function` and pulls `cotangent` back to its inputs.

    Args:
        function: of tensors, gives `(output, aux)`: a float tensor, and anything that is a structure of
            tensors.
        inputs: NumPy float arrays.
        cotangent: called with the output's shape and gives a NumPy array: the gradient's seed.

    Returns:
        `(output, aux, gradients)`, as NumPy arrays, a gradient per input.
    """
    run = {"tensorflow": _tensorflow, "jax": _jax, "torch": _torch}[keras.backend.backend()]
    output, aux, gradients = run(function, inputs, cotangent)
    to_numpy = keras.ops.convert_to_numpy
    return to_numpy(output), keras.tree.map_structure(to_numpy, aux), [to_numpy(g) for g in gradients]


def _tensorflow(function, inputs, cotangent):
    import tensorflow as tf

    tensors = [tf.constant(x) for x in inputs]
    with tf.GradientTape() as tape:
        tape.watch(tensors)
        output, aux = function(*tensors)
        total = tf.reduce_sum(output * tf.constant(cotangent(tuple(output.shape)), output.dtype))
    gradients = tape.gradient(total, tensors, unconnected_gradients=tf.UnconnectedGradients.ZERO)
    return output, aux, gradients


def _jax(function, inputs, cotangent):
    import jax

    output, pull, aux = jax.vjp(function, *[jax.numpy.asarray(x) for x in inputs], has_aux=True)
    return output, aux, pull(jax.numpy.asarray(cotangent(output.shape), output.dtype))


def _torch(function, inputs, cotangent):
    import torch

    tensors = [torch.tensor(np.asarray(x), requires_grad=True) for x in inputs]
    # Copies, as some of Keras's layers write into what they are given.
    output, aux = function(*[t.clone() for t in tensors])
    total = (output * torch.tensor(cotangent(tuple(output.shape)), dtype=output.dtype)).sum()
    # What depends on no input in a differentiable way has no graph to walk back.
    gradients = torch.autograd.grad(total, tensors, allow_unused=True) if total.requires_grad else [None] * len(tensors)
    return output, aux, [torch.zeros_like(t) if g is None else g for t, g in zip(tensors, gradients, strict=True)]
