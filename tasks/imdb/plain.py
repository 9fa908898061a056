"""One preparation for however a text was typed: markup, entities, Unicode's spaces, quotes, accents and capitals.

It runs inside the exported model, so each step is an operation of TensorFlow; `tokenizer` states the same in words.
"""

from functools import lru_cache

import keras
import numpy as np
import tensorflow as tf

from tfnotes.serving.preparations.words import REPLACEMENTS, folded

# What people type for an apostrophe, a quotation mark, a hyphen, where compatibility says nothing or something else.
ALIKE = {
    # The first of each are what Windows-1252 has there, as published reviews do.
    **dict.fromkeys("\x91\x92\u2018\u2019\u201b\u02bc\u2032`\u00b4", "'"),
    **dict.fromkeys("\x93\x94\u201c\u201d\u201e\u201f\u00ab\u00bb\u2033", '"'),
    **dict.fromkeys("\x96\x97\u2010\u2011\u2012\u2013\u2014\u2015\u2212", "-"),
}
"""Characters and what each stands for, whatever Unicode says of it."""
_BASIC = 0x10000


@lru_cache(maxsize=1)
def _table():
    """`folded` of the characters below U+10000 as codes; -1 where one is left out."""
    codes = np.arange(_BASIC, dtype="int32")
    for code in range(_BASIC):
        low = chr(code).lower()
        character = folded(low if len(low) == 1 else chr(code), ALIKE)
        codes[code] = ord(character) if character else -1
    return codes


@lru_cache(maxsize=1)
def _capitals():
    """Codes of the capitals above those, and of their small letters: TensorFlow may know an older Unicode."""
    pairs = [(code, chr(code).lower()) for code in range(_BASIC, 2 * _BASIC)]
    return np.array([(code, ord(low)) for code, low in pairs if len(low) == 1 and ord(low) != code], "int32").T


def _small(codes):
    capitals, small = _capitals()
    place = tf.minimum(tf.searchsorted(capitals, codes), len(capitals) - 1)
    return tf.where(tf.gather(capitals, place) == codes, tf.gather(small, place), codes)


# By this name stored vocabularies know it, wherever the module stands.
@keras.saving.register_keras_serializable("tasks.imdb")
def plain(texts):
    """Words between spaces, in lower case, however the text was typed; marks such as "!" are words.

    Args:
        texts: strings of any shape, in UTF-8.

    Returns:
        Strings of the same shape.
    """
    texts = tf.convert_to_tensor(texts)
    return tf.ensure_shape(tf.reshape(_plain(tf.reshape(texts, [-1])), tf.shape(texts)), texts.shape)


# One graph for the process: op by op in Python the ragged characters take 0.2 s a call.
@tf.function(input_signature=[tf.TensorSpec((None,), tf.string)])
def _plain(texts):
    for expression, replacement in REPLACEMENTS:
        texts = tf.strings.regex_replace(texts, expression, replacement)
    texts = tf.strings.lower(texts, encoding="utf-8")
    codes = tf.strings.unicode_decode(texts, "UTF-8")
    known = tf.gather(_table(), tf.minimum(codes, _BASIC - 1))
    codes = tf.where(codes < _BASIC, known, tf.ragged.map_flat_values(_small, codes))
    texts = tf.strings.unicode_encode(tf.ragged.boolean_mask(codes, codes >= 0), "UTF-8")
    texts = tf.strings.regex_replace(texts, r"([^\p{L}\p{N}\p{M} '])", r" \1 ")
    # An apostrophe within a word belongs to it; beside one it is a quotation mark.
    texts = tf.strings.regex_replace(texts, r"(^| )'+", r"\1")
    return tf.strings.regex_replace(texts, r"'+( |$)", r"\1")
