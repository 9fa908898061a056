"""Texts for a model: arguments that are texts, files, or lines of standard input; and what moved an answer.

An answer's words are found by leaving out: `moved` of a word is what the log-odds of the predicted class lose
when every occurrence of the word is taken out of the text and the export is asked again.

    moved(w) = log(p / (1 - p)) of the text  -  log(p / (1 - p)) of the text without w
"""

import re
from pathlib import Path

import numpy as np

from tfnotes.errors import InputError

ENDPOINT = "texts"
LIMIT = 100_000
"""Texts of more bytes are refused: a review has some thousands, and each is asked once more for each of its words."""

# A long text's different words are looked for among its first and its last ones.
_FIRST, _LAST, _MOST, _BATCH = 100, 300, 5, 64
_WORD = re.compile(r"(\w[\w'\u2019]*)")
_FILE_NAME = re.compile(r"\S*[^\s.]\.[A-Za-z]\w{0,3}")


def decode(data, name):
    """A file's bytes as the text that they are.

    Args:
        data: the bytes.
        name: what to call the file in an error.

    Returns:
        The bytes of the same text in UTF-8, without a byte order mark.

    Raises:
        InputError: it isn't UTF-8 text, or it is empty or too long.
    """
    if len(data) > LIMIT:
        raise _refusal(name, "more")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise _refusal(name, f"the byte 0x{data[error.start]:02x} at offset {error.start}") from None
    if "\0" in text:
        raise _refusal(name, "zero bytes")
    if not text.strip():
        raise _refusal(name, "no text")
    return text.encode()


def gather(arguments, stdin, report):
    """The texts that the arguments stand for, with what to call each.

    Args:
        arguments: each the path of a file, or of a folder, which stands for its .txt files; "-" for the lines
            of standard input; or else a text itself.
        stdin: a binary stream.
        report: called with one sentence for each that can't be read or isn't a text.

    Returns:
        An iterator of pairs of name and text, as strings.
    """
    for name, data in _read(arguments, stdin, report):
        try:
            text = decode(data, name).decode()
        except InputError as error:
            report(str(error))
            continue
        yield name, text


def predict(exported, named):
    """What an export says of texts.

    Args:
        exported: a `tfnotes.serving.exported.Exported` with the endpoint `texts`.
        named: pairs of name and text, as `gather` gives them.

    Returns:
        An iterator of dicts: "file", "text", "label", "probability", and "words": up to five pairs of a word and
        how much it moved the log-odds of the label, the strongest first.

    Raises:
        InputError: the export has no endpoint `texts`.
    """
    exported.endpoint(ENDPOINT)
    for name, text in named:
        (p,) = _ask(exported, [text])
        k = int(np.argmax(p))
        words = sorted(moved(exported, text, k).items(), key=lambda pair: -abs(pair[1]))
        yield {
            "file": name,
            "text": text,
            "label": exported.metadata["labels"][k],
            "probability": float(p[k]),
            "words": words[:_MOST],
        }


def moved(exported, text, label):
    """How much each different word moved the log-odds of a label, as this module's docstring defines it.

    Args:
        exported: as for `predict`.
        text: a string.
        label: the label's index.

    Returns:
        A dict from the word, in lower case, to a number.
    """
    parts = _WORD.split(text)
    words = [word.lower() for word in parts[1::2]]
    looked = words if len(words) <= _FIRST + _LAST else words[:_FIRST] + words[-_LAST:]
    different = list(dict.fromkeys(looked))
    without = (
        "".join("" if k % 2 and part.lower() == word else part for k, part in enumerate(parts)) for word in different
    )
    odds = _odds(_ask(exported, [text, *without])[:, label])
    return {word: float(odds[0] - rest) for word, rest in zip(different, odds[1:], strict=True)}


def _ask(exported, texts):
    batches = [[text.encode() for text in texts[k : k + _BATCH]] for k in range(0, len(texts), _BATCH)]
    return np.concatenate([exported.classify(ENDPOINT, batch)["probabilities"] for batch in batches])


def _odds(p):
    p = np.clip(p.astype("float64"), 1e-7, 1 - 1e-7)
    return np.log(p / (1 - p))


def _read(arguments, stdin, report):
    for argument in map(str, arguments):
        path = Path(argument)
        if argument == "-":
            yield from _lines(stdin, report)
        elif argument.strip() and _exists(path):
            found = sorted(p for p in path.rglob("*.txt") if p.is_file()) if path.is_dir() else [path]
            if not found:
                report(f"{path}: `text` must be a file or a folder of .txt files. Received: a folder without one.")
            for file in found:
                try:
                    with open(file, "rb") as stream:
                        yield str(file), stream.read(LIMIT + 1)
                except OSError as error:
                    report(f"{file}: {error.strerror or error}.")
        elif _FILE_NAME.fullmatch(argument):
            report(f"{argument}: No such file or directory.")
        else:
            yield "", argument.encode("utf-8", "surrogateescape")


def _exists(path):
    try:
        return path.exists()
    # A text may be too long for a path, or hold a zero byte.
    except (OSError, ValueError):
        return False


def _lines(stdin, report):
    number = 0
    while line := stdin.readline(LIMIT + 2):
        number += 1
        rest = line
        while rest and not rest.endswith(b"\n"):
            rest = stdin.readline(LIMIT)
        yield f"line {number} of standard input", line.rstrip(b"\r\n")
    if not number:
        report("-: `text` must be a text on each line of standard input. Received: nothing.")


def _refusal(name, received):
    return InputError(
        f"{name or 'predict'}: `text` must be UTF-8, not empty, of at most {LIMIT:,} bytes. Received: {received}."
    )
