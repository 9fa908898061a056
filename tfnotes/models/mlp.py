"""Multilayer perceptron: affine maps with an activation between them.

    h1 = activation(x @ kernel1 + bias1)
    h2 = activation(h1 @ kernel2 + bias2)
    z  = h2 @ kernel3 + bias3
"""

import keras

from tfnotes import layers as tfnotes_layers


def mlp(input_shape, classes, *, units=256, depth=2, activation="relu", dropout=0.2, layers=tfnotes_layers):
    """Multilayer perceptron (多层感知器) with dropout after each hidden layer.

    Args:
        input_shape: shape of one example, without the batch.
        classes: number of classes.
        units: width of each hidden layer.
        depth: number of hidden layers.
        activation: of the hidden layers.
        dropout: share of hidden units dropped in training.
        layers: where the layers come from, `tfnotes.layers` or `keras.layers`.

    Returns:
        A model from `(batch, *input_shape)` to logits of shape `(batch, classes)`.

    Notes: 003:73, 002:19-35, 004:47-55.
    """
    hidden = []
    for k in range(depth):
        hidden += [
            layers.Dense(units, activation=activation, kernel_initializer="he_normal", name=f"dense_{k + 1}"),
            layers.Dropout(dropout, name=f"dropout_{k + 1}"),
        ]
    return keras.Sequential(
        [keras.Input(input_shape), layers.Flatten(), *hidden, layers.Dense(classes, name="logits")], name="mlp"
    )
