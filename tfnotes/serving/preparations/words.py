"""Texts to ids of words, as the task `imdb` does it inside its exported model, by the rules in `metadata.json`."""

import re
import unicodedata
from functools import lru_cache

import numpy as np

from tfnotes import documents
from tfnotes.errors import first_line
from tfnotes.serving import metadata

REPLACEMENTS = (
    (r"</?[A-Za-z][A-Za-z0-9]*([ \t\n\f\r][^<>]*)?/?>", " "),
    (r"&(apos|[lr]squo|#0*39|#0*821[67]|#0*14[56]|#[xX]0*27|#[xX]0*201[89]);", "'"),
    (r"&([lrb]dquo|quot|[lr]aquo|#0*34|#0*822[01]|#0*14[78]|#[xX]0*22|#[xX]0*201[cCdD]);", '"'),
    (r"&([mn]dash|#0*821[12]|#0*15[01]|#[xX]0*201[34]);", "-"),
    ("(\u2026|&hellip;|&#0*8230;|&#[xX]0*2026;)", "..."),
    (r"&(shy|zwn?j|lrm|rlm|#0*173|#[xX]0*[aA][dD]);", ""),
    (r"&([A-Za-z])(acute|grave|circ|uml|tilde|ring|cedil|slash|caron);", r"\1"),
    (r"&amp;", "&"),
    (r"&([A-Za-z][A-Za-z]+[0-9]*|#[0-9]+|#[xX][0-9a-fA-F]+);", " "),
)
"""Pairs of a regular expression and what replaces each match, one after the other.

An export's rules choose among these, for a file that came from somewhere might hold an expression that never ends.
"""


def answer(exported, endpoint, settings, texts):
    """See `tfnotes.serving.preparations`; `settings` are `length`, and the names of files: `vocabulary`, `rules`."""
    known = vocabulary(exported.path, settings["vocabulary"])
    typed = Typed.read(exported.path, settings["rules"])
    rows = [ids(typed.words(_text(text)), known, settings["length"]) for text in texts]
    padded = np.zeros((len(rows), max(map(len, rows), default=1)), "int32")
    for row, words in zip(padded, rows, strict=True):
        row[: len(words)] = words
    return exported.ask(endpoint, padded)


def ids(words, known, length):
    """The ids of a text's words.

    Args:
        words: a list of strings.
        known: a dict from words to ids.
        length: of longer texts the first quarter of this and the last three quarters are kept.

    Returns:
        A list, of one 0 for a text without words.
    """
    found = [known.get(word, 1) for word in words] or [0]
    first = length // 4
    return found if len(found) <= length else found[:first] + found[first - length :]


@lru_cache(maxsize=4)
def vocabulary(folder, name):
    """The ids of the words in an export's file: a JSON list whose first two places are padding and all other words."""
    words = _read(folder, name)
    if type(words) is not list or not all(type(word) is str for word in words):
        raise metadata.damaged(folder, f"{name} is no list of words")
    return {word: k for k, word in enumerate(words) if k > 1}


def folded(character, alike):
    """What stands for a character: itself, another one, or "" where it is left out.

    Spaces and control characters become a space, accents and what has no width go, and what Unicode calls compatible
    with a single character, such as a full-width letter, becomes that.

    Args:
        character: a string of length 1.
        alike: a dict of characters for which something else is wanted.
    """
    if character in alike:
        return alike[character]
    if ord(character) > 0xFFFF:
        return character
    if unicodedata.category(character) in ("Cc", "Zs", "Zl", "Zp"):
        return " "
    parts = [c for c in unicodedata.normalize("NFKD", character) if unicodedata.category(c) not in ("Mn", "Cf")]
    return "".join(parts) if len(parts) < 2 else character


class Typed:
    """Words of a text however it was typed.

    Args:
        replacements: pairs of a regular expression and what replaces its matches, one after the other.
        alike: as for `folded`.
    """

    def __init__(self, replacements, alike):
        self._replacements = [(re.compile(expression), new) for expression, new in replacements]
        self._folded = _Table(lambda c: folded(c, alike))
        self._spaced = _Table(lambda c: c if c in "' " or unicodedata.category(c)[0] in "LNM" else f" {c} ")

    @classmethod
    @lru_cache(maxsize=4)
    def read(cls, folder, name):
        """From the file that lies beside an export's vocabulary."""
        rules = _read(folder, name)
        try:
            pairs, alike = [(old, new) for old, new in rules["replacements"]], dict(rules["alike"])
            if not set(pairs) <= set(REPLACEMENTS) or len(pairs) > len(REPLACEMENTS):
                raise ValueError("`replacements` must be of those that this tfnotes knows")
            if not all(type(part) is str and len(part) <= 1 for pair in alike.items() for part in pair):
                raise ValueError("`alike` must be characters")
            return cls(pairs, alike)
        except (ValueError, TypeError, KeyError) as error:
            raise metadata.damaged(folder, f"{name} has other rules ({first_line(error)})") from error

    def words(self, text):
        """A list of strings."""
        for expression, new in self._replacements:
            text = expression.sub(new, text)
        marked = text.lower().translate(self._folded).translate(self._spaced)
        # An apostrophe within a word belongs to it; beside one it is a quotation mark.
        return [word for word in (word.strip("'") for word in marked.split(" ")) if word]


class _Table(dict):
    """For `str.translate`: each character's place is worked out when it is first met."""

    def __init__(self, function):
        super().__init__()
        self._function = function

    def __missing__(self, code):
        self[code] = self._function(chr(code))
        return self[code]


def _read(folder, name):
    try:
        return documents.parsed(documents.content(folder / name, metadata.LIMIT), name)
    except (ValueError, OSError) as error:
        raise metadata.damaged(folder, f"{name}: {first_line(error)}") from error


def _text(text):
    return text if isinstance(text, str) else bytes(text).decode("utf-8", "replace")
