"""What models of texts share: layers over ids of shape (batch, words), where 0 stands behind a text's end.

A text's answer must not depend on how far the batch pads it, so each of these looks at the ids again.
"""

import keras
from keras import ops


@keras.saving.register_keras_serializable("tfnotes")
class Bigrams(keras.layers.Layer):
    """Ids of pairs of neighbours, by a hash: of shape (batch, words), 0 for the first word and for padding.

        h(a, b) = (2654435761 a + 2246822519 b) mod 2**31 // 64 mod buckets + 1

    Args:
        buckets: how many ids; pairs that share one aren't told apart.
    """

    def __init__(self, buckets, **kwargs):
        super().__init__(**kwargs)
        self.buckets = buckets
        self.autocast = False

    def call(self, ids):
        left, right = (ops.cast(part, "int64") for part in (ids[:, :-1], ids[:, 1:]))
        mixed = ops.mod(2654435761 * left + 2246822519 * right, 2**31)
        # Of 64 bits, LiteRT has no such division.
        pairs = ops.cast(ops.floor_divide(ops.cast(mixed, "int32"), 64), "int64")
        pairs = ops.mod(pairs, self.buckets) + 1
        return ops.pad(ops.where(right == 0, 0, pairs), ((0, 0), (1, 0)))

    def compute_output_spec(self, ids):
        return keras.KerasTensor(ids.shape, "int64")

    def get_config(self):
        return {**super().get_config(), "buckets": self.buckets}


@keras.saving.register_keras_serializable("tfnotes")
class WithoutPadding(keras.layers.Layer):
    """Vectors of words with zeros where there is no word: `(vectors, ids)` to vectors."""

    def call(self, vectors, ids):
        return vectors * _words(vectors, ids)

    def compute_output_shape(self, vectors_shape, ids_shape):
        return vectors_shape


class _Pooling(keras.layers.Layer):
    """Makes one vector of a text's vectors: `(vectors, ids)` to (batch, width)."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        # A mask that comes along says what the ids say; it ends here.
        self.supports_masking = True

    def compute_mask(self, *arguments):
        return None

    def compute_output_shape(self, vectors_shape, ids_shape):
        return (vectors_shape[0], vectors_shape[-1])


@keras.saving.register_keras_serializable("tfnotes")
class MeanOfWords(_Pooling):
    """The mean of a text's vectors, zeros for a text without words: `(vectors, ids)` to (batch, width)."""

    def call(self, vectors, ids):
        words = _words(vectors, ids)
        return ops.sum(vectors * words, axis=1) / ops.maximum(ops.sum(words, axis=1), 1)


@keras.saving.register_keras_serializable("tfnotes")
class MaxOfWords(_Pooling):
    """The largest value over a text's words, zeros for a text without words: `(vectors, ids)` to (batch, width)."""

    def call(self, vectors, ids):
        words = _words(vectors, ids)
        largest = ops.max(ops.where(words > 0, vectors, -1e9), axis=1)
        return ops.where(ops.max(words, axis=1) > 0, largest, 0)


def _words(vectors, ids):
    return ops.cast(ops.expand_dims(ids != 0, -1), vectors.dtype)
