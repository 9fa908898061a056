"""What an export says of files: through its endpoint `encoded`, with no need of its task.

A Keras model's `predict` sets up a loop for each call (48 ms for one digit); the SavedModel's
signature is a plain function (0.5 ms).
"""

from pathlib import Path

import numpy as np

from tfnotes.errors import InputError
from tfnotes.serving import decoders, images, preparations

_BATCH, _LARGEST = 32, 512 * 2**20


def predict(exported, files, stdin=None, report=lambda sentence: None, warn=lambda sentence: None):
    """Predicts files one by one; a bad one doesn't keep the others from their answers.

    Args:
        exported: a `tfnotes.serving.exported.Exported` with the endpoint `encoded`.
        files: paths of files, as `expand` gives them; "-" for `stdin`.
        stdin: a binary stream.
        report: called with one sentence for each file that can't be read or isn't what the task takes.
        warn: called with one sentence for each file that has an answer which may be wrong, a blurred digit's.

    Returns:
        A list with a dict for each good file: "file", each of the endpoint's outputs ("digit"),
        "label", the class's name, and "probability", how sure the model is of it. Both are None if the export
        tells by an output of its own ("is_digit") that the file shows nothing that has a label.

    Raises:
        InputError: the export has no endpoint `encoded`, or is of a task that takes no files.
    """
    decode, answers = decoders.decoder(exported), []
    exported.endpoint("encoded")
    for start in range(0, len(files), _BATCH):
        names, contents = [], []
        for name in files[start : start + _BATCH]:
            try:
                contents.append(decode(_read(name, stdin), str(name)))
                names.append(str(name))
            except InputError as error:
                report(str(error))
            except OSError as error:
                report(f"{name}: {error.strerror or error}.")
        if names:
            found = _answers(exported, names, contents)
            for answer, content in zip(found, contents, strict=True):
                doubt = preparations.doubt(exported, "encoded", content) if answer["label"] is not None else None
                if doubt:
                    warn(f"{answer['file']}: {doubt}.")
            answers += found
    return answers


def expand(paths, only=None, skip=lambda sentence: None, report=lambda sentence: None):
    """Folders replaced by the files in them and their subfolders, sorted; the rest as it is.

    Args:
        paths: of files and folders; "-" stays as it is.
        only: "images" for those alone whose name is an image's, None for all.
        skip: called with one sentence for each file in a folder whose name isn't an image's.
        report: called with one sentence for each folder that holds none.

    Returns:
        A list of paths.
    """
    suffixes, found, kind = images.suffixes(), [], "an image" if only else "a file"
    for path in paths:
        # As a path it would be the current folder.
        if str(path) == "":
            report(f"predict: `file` must be {kind} or a folder. Received: an empty name.")
            continue
        if str(path) == "-" or not Path(path).is_dir():
            found.append(path)
            continue
        inner = sorted(p for p in Path(path).rglob("*") if p.is_file())
        good = [p for p in inner if not only or p.suffix.lower() in suffixes]
        if not good:
            report(f"{path}: `file` must be {kind} or a folder of {kind.split()[1]}s. Received: a folder without one.")
        for other in inner:
            if other not in good:
                skip(f"{other}: skipped, its name isn't an image's.")
        found += good
    return found


def _answers(exported, names, contents):
    outputs = exported.classify("encoded", contents)
    probabilities = outputs.pop("probabilities")
    known = outputs.get(exported.metadata.get("reject", {}).get("output"), np.full(len(names), True))
    return [
        {
            "file": name,
            **{key: value[k].tolist() for key, value in outputs.items() if value.dtype != object},
            "label": exported.metadata["labels"][int(np.argmax(p))] if known[k] else None,
            "probability": float(np.max(p)) if known[k] else None,
        }
        for k, (name, p) in enumerate(zip(names, probabilities, strict=True))
    ]


def _read(name, stdin):
    if str(name) == "-":
        data = stdin.read(_LARGEST + 1)
    else:
        with open(name, "rb") as file:
            data = file.read(_LARGEST + 1)
    if len(data) > _LARGEST:
        raise InputError(f"{name}: `file` must be of at most {_LARGEST // 2**20} MiB. Received: more.")
    return data
