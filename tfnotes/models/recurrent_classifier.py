"""A recurrent network reads a text word by word; what it had at each word is pooled, and that decides.

    h_t = cell(E[word_t], h_t-1)         each further layer reads the h of the one below
    v = max or mean over t of h_t, or h_n        of both directions, if it reads in both
    z = dropout(v) @ kernel + bias

With h_n the gradient of a long text's first words passes through all its steps; the mean and the maximum give
each word a short way.
"""

from typing import Any

import keras

from tfnotes import _checks
from tfnotes import layers as tfnotes_layers
from tfnotes.errors import InputError
from tfnotes.models import _texts

CELLS = {"rnn": "SimpleRNN", "gru": "GRU", "lstm": "LSTM"}
POOLINGS: dict[str, Any] = {"max": _texts.MaxOfWords, "mean": _texts.MeanOfWords, "last": None}


def recurrent_classifier(
    cell,
    classes,
    *,
    vocabulary=30000,
    width=64,
    units=64,
    depth=1,
    directions=1,
    pooling="max",
    dropout=0.5,
    layers=tfnotes_layers,
):
    """Recurrent network (循环神经网络) that classifies texts.

    Args:
        cell: "rnn", "gru" or "lstm".
        classes: number of classes.
        vocabulary: words that have a vector of their own.
        width: of the vectors.
        units: of each layer, in each direction.
        depth: number of recurrent layers.
        directions: 1 to read forwards, 2 to read forwards and backwards.
        pooling: "max" or "mean" over the words, or "last".
        dropout: share of the words, each with its whole vector, and of what is pooled, that is dropped in training.
        layers: where the layers come from, `tfnotes.layers` or `keras.layers`.

    Returns:
        A model from ids of shape `(batch, words)`, 0 behind a text's end, to logits of shape `(batch, classes)`.

    Masking: padding is skipped, so a text's last state is that after its last word.

    Raises:
        InputError: `pooling`, `directions` or `depth` is none that can be.

    Notes: 000:101-119, 001:31-53, 004:216-250.

    Reference: Graves et al. 2013, "Hybrid speech recognition with deep bidirectional LSTM", for depth and
    directions.
    """
    if pooling not in POOLINGS:
        raise InputError(
            f"recurrent_classifier: `pooling` must be one of {', '.join(POOLINGS)}. Received: pooling={pooling!r}."
        )
    _checks.choice("recurrent_classifier", "directions", directions, (1, 2))
    _checks.integer("recurrent_classifier", "depth", depth, maximum=1000)
    ids = keras.Input((None,), dtype="int32", name="ids")
    h = layers.Embedding(vocabulary, width, mask_zero=True, name="words")(ids)
    # A word is dropped whole: what stays of a vector would still tell which word it is.
    h = layers.Dropout(dropout, noise_shape=(None, None, 1), name="drop_words")(h)
    for k in range(depth):
        every = pooling != "last" or k < depth - 1
        layer = getattr(layers, CELLS[cell])(units, return_sequences=every, name=f"{cell}_{k + 1}")
        if directions == 2:
            layer = layers.Bidirectional(layer, name=f"both_{k + 1}")
        h = layer(h)
    if pooling != "last":
        h = POOLINGS[pooling](name=pooling)(h, ids)
    h = layers.Dropout(dropout)(h)
    return keras.Model(ids, layers.Dense(classes, name="logits")(h), name="recurrent_classifier")
