"""Maxout network: maxout layers with dropout between them, then an affine map.

    h1 = maxout(x), h2 = maxout(h1), z = h2 @ kernel + bias
"""

import keras

from tfnotes import _checks, constraints, layers


def maxout_network(
    input_shape, classes, *, units=240, pieces=5, depth=2, dropout=0.5, input_dropout=0.2, max_norm=1.9365
):
    """Maxout layers (最大输出网络) trained with dropout and max-norm: Goodfellow's network for digits.

    Args:
        input_shape: shape of one example, without the batch.
        classes: number of classes.
        units: of each maxout layer.
        pieces: affine maps of each unit.
        depth: number of maxout layers.
        dropout: share of hidden units dropped in training.
        input_dropout: share of inputs dropped in training.
        max_norm: largest norm of the weights of one affine map, 0 for no limit.

    Returns:
        A model from `(batch, *input_shape)` to logits of shape `(batch, classes)`.

    Notes: 004:150-160.

    Reference: Goodfellow et al. 2013, "Maxout Networks", 5.1; arXiv:1302.4389. The defaults are theirs
    for permutation-invariant MNIST.
    """

    def limit():
        return constraints.MaxNorm(max_norm, axis=0) if max_norm else None

    hidden = []
    for k in range(_checks.integer("maxout_network", "depth", depth, maximum=1000)):
        hidden += [
            layers.Maxout(units, pieces, kernel_constraint=limit(), name=f"maxout_{k + 1}"),
            layers.Dropout(dropout, name=f"dropout_{k + 1}"),
        ]
    return keras.Sequential(
        [
            keras.Input(input_shape),
            layers.Flatten(),
            layers.Dropout(input_dropout, name="input_dropout"),
            *hidden,
            layers.Dense(classes, kernel_constraint=limit(), name="logits"),
        ],
        name="maxout_network",
    )
