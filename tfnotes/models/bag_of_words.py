"""Bags: a text is the mean of the vectors of its words, in no order; then an affine map.

    v = mean over t of E[word_t]                                  bag of words
    v = mean over t of E[word_t] + B[h(word_t-1, word_t)]         with hashed bigrams
    z = v @ kernel + bias
"""

import keras

from tfnotes import _checks
from tfnotes import layers as tfnotes_layers
from tfnotes.models import _texts


def bag_of_words(classes, *, vocabulary=30000, width=16, buckets=0, dropout=0.3, layers=tfnotes_layers):
    """Bag of words (词袋), and with `buckets` fastText's bag of words and pairs of neighbours (二元语法).

    Args:
        classes: number of classes.
        vocabulary: words that have a vector of their own.
        width: of the vectors.
        buckets: vectors that all pairs of neighbours share, by a hash; 0 for none.
        dropout: share of words, with their pairs, dropped in training.
        layers: where the layers come from, `tfnotes.layers` or `keras.layers`.

    Returns:
        A model from ids of shape `(batch, words)`, 0 behind a text's end, to logits of shape `(batch, classes)`.

    Notes: none teaches it.

    Reference: Joulin et al. 2016, "Bag of tricks for efficient text classification"; arXiv:1607.01759. Dropping
    words: Iyyer et al. 2015, "Deep unordered composition rivals syntactic methods", section 4.
    """
    ids = keras.Input((None,), dtype="int32", name="ids")
    vectors = layers.Embedding(vocabulary, width, name="words")(ids)
    if _checks.integer("bag_of_words", "buckets", buckets, minimum=0):
        pairs = _texts.Bigrams(buckets, name="bigrams")(ids)
        # By name, as whoever looks inside an export knows it by that.
        vectors = keras.layers.Add(name="add")([vectors, layers.Embedding(buckets + 1, width, name="pairs")(pairs)])
    # A word is dropped whole: each entry of its vector has the same luck.
    vectors = layers.Dropout(dropout, noise_shape=(None, None, 1), name="drop_words")(vectors)
    mean = _texts.MeanOfWords(name="mean")(vectors, ids)
    return keras.Model(ids, layers.Dense(classes, name="logits")(mean), name="bag_of_words")
