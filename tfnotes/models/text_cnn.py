"""A convolution over words: filters that look for phrases of three, four and five words.

    c_k = relu(conv_k(E[word_1], ..., E[word_n]))     for each width k, at every word
    v = max over words of (c_3, c_4, c_5)
    z = dropout(v) @ kernel + bias
"""

import keras

from tfnotes import layers as tfnotes_layers
from tfnotes.models import _texts


def text_cnn(classes, *, vocabulary=30000, width=64, filters=64, dropout=0.5, layers=tfnotes_layers):
    """Convolutional network for sentences (文本卷积网络).

    Args:
        classes: number of classes.
        vocabulary: words that have a vector of their own.
        width: of the vectors.
        filters: of each of the three widths.
        dropout: share of the words' vectors, and of the phrases found, that is dropped in training.
        layers: where the layers come from, `tfnotes.layers` or `keras.layers`.

    Returns:
        A model from ids of shape `(batch, words)`, 0 behind a text's end, to logits of shape `(batch, classes)`.

    Notes: 003:139-178 for convolutions; none teaches them for texts.

    Reference: Kim 2014, "Convolutional neural networks for sentence classification", section 2, with vectors
    that start random (his CNN-rand); arXiv:1408.5882.
    """
    ids = keras.Input((None,), dtype="int32", name="ids")
    vectors = layers.Dropout(dropout)(layers.Embedding(vocabulary, width, name="words")(ids))
    # A picture one pixel wide: a word a row, its vector the channels.
    rows = keras.layers.Reshape((-1, 1, width))(_texts.WithoutPadding()(vectors, ids))
    found = []
    for k in (3, 4, 5):
        phrases = layers.Conv2D(
            filters, (k, 1), padding="same", activation="relu", kernel_initializer="he_normal", name=f"phrases_{k}"
        )(rows)
        phrases = keras.layers.Reshape((-1, filters))(phrases)
        found.append(_texts.MaxOfWords(name=f"max_{k}")(phrases, ids))
    merged = layers.Dropout(dropout)(keras.layers.concatenate(found))
    return keras.Model(ids, layers.Dense(classes, name="logits")(merged), name="text_cnn")
