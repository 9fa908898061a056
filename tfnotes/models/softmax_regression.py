"""Softmax regression: one affine map, z = x @ kernel + bias, whose softmax is the class probabilities."""

import keras

from tfnotes import layers as tfnotes_layers


def softmax_regression(input_shape, classes, *, layers=tfnotes_layers):
    """Multinomial logistic regression (逻辑回归): no hidden layer.

    Args:
        input_shape: shape of one example, without the batch.
        classes: number of classes.
        layers: where the layers come from, `tfnotes.layers` or `keras.layers`.

    Returns:
        A model from `(batch, *input_shape)` to logits of shape `(batch, classes)`.

    Notes: 004:21-38, 002:81-83.
    """
    return keras.Sequential(
        [keras.Input(input_shape), layers.Flatten(), layers.Dense(classes, name="logits")],
        name="softmax_regression",
    )
