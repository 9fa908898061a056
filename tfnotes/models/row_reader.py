"""A recurrent network reads an image row by row, or pixel by pixel; what it has at the end decides.

    h_t = cell(row_t, h_t-1)             each further layer reads the h of the one below
    z   = dropout(h_T) @ kernel + bias
"""

import keras

from tfnotes import _checks
from tfnotes import layers as tfnotes_layers
from tfnotes.models.recurrent_classifier import CELLS


def row_reader(
    cell, input_shape, classes, *, features=0, units=128, depth=1, dropout=0.2, identity=False, layers=tfnotes_layers
):
    """Recurrent network (循环神经网络) that classifies images.

    Args:
        cell: "rnn", "gru" or "lstm".
        input_shape: `(height, width, channels)`.
        classes: number of classes.
        features: numbers read in one step: 0 for those of a row, 1 to read pixel by pixel.
        units: of each layer.
        depth: number of recurrent layers.
        dropout: share of the last state that is dropped in training.
        identity: whether simple recurrent layers have ReLU, and begin by handing their state on as it is (IRNN).
        layers: where the layers come from, `tfnotes.layers` or `keras.layers`.

    Returns:
        A model from `(batch, *input_shape)` to logits of shape `(batch, classes)`.

    Notes: 001:31-53, 004:216-250.

    Reference: Le et al. 2015, "A simple way to initialize recurrent networks of rectified linear units", 3
    for `identity`, 4.2 for digits read pixel by pixel.
    """
    _checks.integer("row_reader", "features", features, minimum=0)
    _checks.integer("row_reader", "depth", depth, maximum=1000)
    if identity and cell != "rnn":
        _checks.refuse("row_reader", "identity", "false for all cells but rnn", identity)
    _, width, channels = input_shape
    inputs = keras.Input(input_shape)
    h = keras.layers.Reshape((-1, features or width * channels))(inputs)
    for k in range(depth):
        begin = _irnn() if identity else {}
        h = getattr(layers, CELLS[cell])(units, return_sequences=k < depth - 1, name=f"{cell}_{k + 1}", **begin)(h)
    h = layers.Dropout(dropout)(h)
    return keras.Model(inputs, layers.Dense(classes, name="logits")(h), name="row_reader")


def _irnn():
    """How a layer of an IRNN begins."""
    normal = keras.initializers.RandomNormal(stddev=0.001)
    return {"activation": "relu", "kernel_initializer": normal, "recurrent_initializer": "identity"}
