"""Texts to ids of words, as the task `imdb` does it inside its exported model, by the rules in `metadata.json`."""

import json
import re
import unicodedata
from functools import lru_cache

import numpy as np

from tfnotes.serving import metadata

_BREAK, _SPACES = re.compile(r"<br[ \t\n\f\r]*/?>"), re.compile(r"[ \t\n\v\f\r]+")
_KEPT = "' \t\n\f\r"


def answer(exported, endpoint, settings, texts):
    """See `tfnotes.serving.preparations`; `settings` are `length`, and `vocabulary`, the name of its file."""
    # Metadata came from somewhere, and must not lead out of the folder.
    if settings["vocabulary"] not in exported.metadata["files"]:
        raise metadata.damaged(exported.path, f"{settings['vocabulary']} isn't one of its files")
    known = vocabulary(str(exported.path / settings["vocabulary"]))
    rows = [ids(_text(text), known, settings["length"]) for text in texts]
    padded = np.zeros((len(rows), max(map(len, rows), default=1)), "int32")
    for row, words in zip(padded, rows, strict=True):
        row[: len(words)] = words
    return exported.ask(endpoint, padded)


def ids(text, known, length):
    """The ids of a text's words.

    Args:
        text: a string.
        known: a dict from words to ids.
        length: of longer texts the first quarter of this and the last three quarters are kept.

    Returns:
        A list, of one 0 for a text without words.
    """
    marked = _BREAK.sub(" ", text).lower().translate(_SPACED)
    found = [known.get(word, 1) for word in _SPACES.split(marked) if word] or [0]
    first = length // 4
    return found if len(found) <= length else found[:first] + found[first - length :]


@lru_cache(maxsize=4)
def vocabulary(path):
    """The ids of the words in a file: a JSON list whose first two places are padding and all other words."""
    with open(path, encoding="utf-8") as file:
        words = json.load(file)
    return {word: k for k, word in enumerate(words) if k > 1}


class _Spaced(dict):
    """For `str.translate`: what is neither letter nor number becomes a word of its own."""

    def __missing__(self, code):
        character = chr(code)
        kept = character in _KEPT or unicodedata.category(character)[0] in "LN"
        self[code] = character if kept else f" {character} "
        return self[code]


_SPACED = _Spaced()


def _text(text):
    return text if isinstance(text, str) else bytes(text).decode("utf-8", "replace")
