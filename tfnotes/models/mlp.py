"""Multilayer perceptron: affine maps with an activation between them.

    h1 = activation(x @ kernel1 + bias1)
    h2 = activation(h1 @ kernel2 + bias2)
    z  = h2 @ kernel3 + bias3
"""

import keras

from tfnotes import _checks, constraints
from tfnotes import layers as tfnotes_layers


def mlp(
    input_shape,
    classes,
    *,
    units=256,
    depth=2,
    activation="relu",
    dropout=0.2,
    input_dropout=0.0,
    max_norm=0.0,
    layers=tfnotes_layers,
):
    """Multilayer perceptron (多层感知机) with dropout after each hidden layer.

    Args:
        input_shape: shape of one example, without the batch.
        classes: number of classes.
        units: width of each hidden layer.
        depth: number of hidden layers.
        activation: of the hidden layers.
        dropout: share of hidden units dropped in training.
        input_dropout: share of inputs dropped in training.
        max_norm: largest norm of the weights that lead to one hidden unit, 0 for no limit.
        layers: where the layers come from, `tfnotes.layers` or `keras.layers`.

    Returns:
        A model from `(batch, *input_shape)` to logits of shape `(batch, classes)`.

    Notes: 003:73, 002:19-35, 004:47-55, 004:254.

    Reference: Srivastava et al. 2014, "Dropout: a simple way to prevent neural networks from
    overfitting", 6.1.1 and table 2, for dropout with max-norm on digits.
    """
    hidden = []
    for k in range(_checks.integer("mlp", "depth", depth, maximum=1000)):
        hidden += [
            layers.Dense(
                units,
                activation=activation,
                kernel_initializer="he_normal",
                kernel_constraint=constraints.MaxNorm(max_norm, axis=0) if max_norm else None,
                name=f"dense_{k + 1}",
            ),
            layers.Dropout(dropout, name=f"dropout_{k + 1}"),
        ]
    return keras.Sequential(
        [
            keras.Input(input_shape),
            layers.Flatten(),
            layers.Dropout(input_dropout, name="input_dropout"),
            *hidden,
            layers.Dense(classes, name="logits"),
        ],
        name="mlp",
    )
