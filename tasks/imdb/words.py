"""From raw texts to ids of words: what is learned of the training split, and what runs in the exported model."""

import keras
from keras import ops

from tfnotes import _checks
from tfnotes.data.pipeline import evaluation_batches
from tfnotes_tasks.imdb.plain import plain


# By this name stored vocabularies know it, wherever the module stands.
@keras.saving.register_keras_serializable("tasks.imdb")
class Ends(keras.layers.Layer):
    """Of texts with more than `length` words keeps the first quarter of that and the last three quarters.

    A review's verdict stands at its end more often than not. The shortest text becomes one id of padding.

    Args:
        length: how many words to keep.
    """

    def __init__(self, length, **kwargs):
        super().__init__(**kwargs)
        self.length = length

    def call(self, ids):
        ids = ops.pad(ids, ((0, 0), (0, 1)))
        words = ops.sum(ops.cast(ids != 0, "int32"), axis=1, keepdims=True)
        kept = ops.arange(ops.minimum(ops.maximum(ops.max(words), 1), self.length))
        # Behind the first quarter all words that are too many are passed over.
        skipped = ops.where(kept < self.length // 4, 0, ops.maximum(words - self.length, 0))
        return ops.cast(ops.take_along_axis(ids, kept[None] + skipped, axis=1), "int32")

    def compute_output_spec(self, ids):
        return keras.KerasTensor((ids.shape[0], None), "int32")

    def get_config(self):
        return {**super().get_config(), "length": self.length}


def fit(split, *, vocabulary=30000, length=400, progress=lambda done, total: None):
    """Learns the vocabulary of the training split.

    Args:
        split: the training split.
        vocabulary: how many ids: 0 for padding, 1 for other words, then the most frequent words.
        length: how many words of a text are kept.
        progress: called with the batches of texts that are read, and how many there are.

    Returns:
        A model from strings of shape (n,) to ids of shape (n, words).

    Raises:
        InputError: `vocabulary` or `length` is too small or too large.
    """
    _checks.integer("imdb", "vocabulary", vocabulary, minimum=3, maximum=2**31 - 1)
    _checks.integer("imdb", "length", length, maximum=2**31 - 1)
    learned = keras.layers.TextVectorization(max_tokens=vocabulary, standardize=plain)
    learned.adapt(_told(evaluation_batches(split, 500, lambda x: x), -(-len(split) // 500), progress))
    # A vocabulary that is given is saved with the config. One that is learned is saved as lines, and would be
    # read back otherwise than it was if a word holds one of Unicode's further line breaks.
    known = learned.get_vocabulary(include_special_tokens=False)
    words = keras.layers.TextVectorization(standardize=plain, vocabulary=known, name="words")
    return keras.Sequential([keras.Input((), dtype="string"), words, Ends(length, name="ends")], name="words")


def _told(batches, total, progress):
    """The texts of batches, one after the other; each that is asked for tells that those before it are read."""
    for done, (texts, _) in enumerate(batches):
        progress(done, total)
        yield texts
    progress(total, total)
