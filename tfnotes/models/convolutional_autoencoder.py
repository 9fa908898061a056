"""Convolutional autoencoder: halves the image twice and doubles it twice.

    28 x 28 x 1 -> conv 3x3 -> pool -> 14 x 14 x f -> conv 3x3 -> pool -> 7 x 7 x 2f -> dense -> code
    code -> dense -> 7 x 7 x 2f -> double -> conv 3x3 -> 14 x 14 x f -> double -> conv 3x3 -> 28 x 28 x 1

    double: y[i, j] = x[i // 2, j // 2]
"""

import keras

from tfnotes import _checks
from tfnotes import layers as tfnotes_layers
from tfnotes.models._upsampling import doubled
from tfnotes.models.autoencoder import Autoencoder


def convolutional_autoencoder(input_shape, *, code=32, filters=16, activation="relu", layers=tfnotes_layers):
    """A convolutional autoencoder (卷积自编码器).

    Args:
        input_shape: shape of one image, `(height, width, channels)`, sizes divisible by 4.
        code: width of the code.
        filters: of the outer convolutions; the inner ones have twice as many.
        activation: of the convolutions.
        layers: where the layers come from, `tfnotes.layers` or `keras.layers`.

    Returns:
        An `Autoencoder`.

    Notes: 004:282.

    Reference: Masci, Meier, Cireşan and Schmidhuber 2011, "Stacked convolutional auto-encoders for
    hierarchical feature extraction"; doubling by repetition is that of Odena, Dumoulin and Olah 2016.
    """
    height, width, channels = input_shape
    if height % 4 or width % 4:
        _checks.refuse("convolutional_autoencoder", "input_shape", "of sizes divisible by 4", input_shape)

    def convolution(filters, name, activation=activation):
        return layers.Conv2D(filters, 3, padding="same", activation=activation, name=name)

    encoder = keras.Sequential(
        [
            keras.Input(input_shape),
            convolution(filters, "encode_1"),
            layers.MaxPooling2D(2),
            convolution(2 * filters, "encode_2"),
            layers.MaxPooling2D(2),
            layers.Flatten(),
            layers.Dense(code, name="code"),
        ],
        name="encoder",
    )
    small = (height // 4, width // 4, 2 * filters)
    inputs = keras.Input((code,))
    y = layers.Dense(small[0] * small[1] * small[2], activation=activation, name="decode_1")(inputs)
    y = doubled(keras.layers.Reshape(small)(y))
    y = doubled(convolution(filters, "decode_2")(y))
    decoder = keras.Model(inputs, convolution(channels, "pixels", None)(y), name="decoder")
    return Autoencoder(encoder, decoder, name="convolutional_autoencoder")
