"""The derivatives of activations in terms of their outputs, for backward passes written by hand.

    y = tanh(x)       dx = dy * (1 - y**2)
    y = sigmoid(x)    dx = dy * y * (1 - y)
    y = relu(x)       dx = dy where y > 0, else 0
    y = x             dx = dy
"""

import keras
from keras import ops

from tfnotes import activations


def tanh_gradient(y, dy):
    """What tanh hands back where its output was `y`."""
    if keras.backend.backend() == "tensorflow":
        import tensorflow as tf

        # One operation for three: a step of an LSTM counts them.
        return tf.raw_ops.TanhGrad(y=y, dy=dy)
    return dy * (1 - y * y)


def sigmoid_gradient(y, dy):
    """What the sigmoid hands back where its output was `y`."""
    if keras.backend.backend() == "tensorflow":
        import tensorflow as tf

        return tf.raw_ops.SigmoidGrad(y=y, dy=dy)
    return dy * y * (1 - y)


def relu_gradient(y, dy):
    """What the rectifier hands back where its output was `y`."""
    return ops.where(y > 0, dy, ops.zeros_like(dy))


def linear_gradient(y, dy):
    """The identity's: all of it."""
    return dy


_GRADIENTS = {
    activations.tanh: tanh_gradient,
    keras.activations.tanh: tanh_gradient,
    activations.sigmoid: sigmoid_gradient,
    keras.activations.sigmoid: sigmoid_gradient,
    activations.relu: relu_gradient,
    keras.activations.relu: relu_gradient,
    activations.linear: linear_gradient,
    keras.activations.linear: linear_gradient,
}


def gradient_of(activation):
    """The function `(y, dy) -> dx` of an activation, or None if it isn't one of the four."""
    try:
        return _GRADIENTS.get(activation)
    except TypeError:  # An object that can't be hashed is none of them.
        return None
