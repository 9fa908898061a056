"""A LeNet-like network: convolution and pooling twice, then two fully connected layers.

    28 x 28 x 1  -> conv 5x5 -> 24 x 24 x 32 -> max pool -> 12 x 12 x 32
                 -> conv 5x5 ->  8 x  8 x 64 -> max pool ->  4 x  4 x 64
                 -> flatten 1024 -> dense 128 -> dropout -> logits
"""

import keras

from tfnotes import layers as tfnotes_layers


def lenet(input_shape, classes, *, filters=32, units=128, activation="relu", dropout=0.4, layers=tfnotes_layers):
    """LeNet-5's shape with today's parts: ReLU, max pooling, batch normalization, dropout, softmax.

    Args:
        input_shape: shape of one image, `(height, width, channels)`.
        classes: number of classes.
        filters: of the first convolution; the second has twice as many.
        units: width of the hidden fully connected layer.
        activation: of the convolutions and the hidden layer.
        dropout: share of the hidden layer's units dropped in training.
        layers: where the layers come from, `tfnotes.layers` or `keras.layers`.

    Returns:
        A model from `(batch, *input_shape)` to logits of shape `(batch, classes)`.

    Notes: 000:48-86, 003:139-178, 004:61-183.

    Reference: LeCun et al. 1998, "Gradient-based learning applied to document recognition", figure 2.
    """

    def convolution(k, filters):
        return [
            layers.Conv2D(
                filters, 5, activation=activation, kernel_initializer="he_normal", name=f"conv_{k}"
            ),
            layers.MaxPooling2D(2, name=f"pool_{k}"),
            layers.BatchNormalization(name=f"normalization_{k}"),
        ]

    return keras.Sequential(
        [
            keras.Input(input_shape),
            *convolution(1, filters),
            *convolution(2, 2 * filters),
            layers.Flatten(),
            layers.Dense(units, activation=activation, kernel_initializer="he_normal", name="dense"),
            layers.Dropout(dropout),
            layers.Dense(classes, name="logits"),
        ],
        name="lenet",
    )
