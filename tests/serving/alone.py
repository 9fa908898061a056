"""The figures of a test split from an export's ONNX files, with onnxruntime and numpy and nothing of ours.

    python -I alone.py EXPORT EXAMPLES.npz

EXAMPLES.npz holds `x` and `y`, as a task's `Split` does. What must be done to texts stands in the export's
metadata.json; this was written from that alone.
"""

import json
import re
import sys
import unicodedata
from pathlib import Path

import numpy as np

BATCH = 100


class Blocked:
    """Lets nothing be imported that a client may not have."""

    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in ("tensorflow", "keras", "tf2onnx", "onnx", "tfnotes", "tfnotes_tasks"):
            raise ImportError(f"{name} must not be imported")


def ids(text, typed, vocabulary, length):
    """The ids of a text's words, by the rules of metadata.json."""
    for expression, replacement in typed["replacements"]:
        text = re.sub(expression, replacement, text)
    kind = unicodedata.category
    made = []
    for c in text.lower():
        if c in typed["alike"]:
            c = typed["alike"][c]
        elif c <= "\uffff" and kind(c) in ("Cc", "Zs", "Zl", "Zp"):
            c = " "
        elif c <= "\uffff":
            rest = "".join(part for part in unicodedata.normalize("NFKD", c) if kind(part) not in ("Mn", "Cf"))
            c = rest if len(rest) <= 1 else c
        made.append(c if not c or kind(c)[0] in "LNM" or c in "' " else f" {c} ")
    place = {word: k for k, word in enumerate(vocabulary) if k > 1}
    words = (word.strip("'") for word in "".join(made).split(" "))
    found = [place.get(word, 1) for word in words if word]
    if len(found) > length:
        found = found[: length // 4] + found[len(found) - (length - length // 4) :]
    return found or [0]


def of_texts(folder, preparation, x):
    """Batches of ids, each as long as its longest."""
    files = (folder / "vocabulary.json", folder / "tokenizer.json")
    vocabulary, typed = (json.loads(file.read_text("utf-8")) for file in files)
    length = int(re.search(r"more than (\d+) ids", preparation)[1])
    for k in range(0, len(x), BATCH):
        rows = [ids(text.decode(), typed, vocabulary, length) for text in x[k : k + BATCH]]
        yield np.array([row + [0] * (max(map(len, rows)) - len(row)) for row in rows], "int32")


def figures(folder, x, y, metadata):
    """The figures that ONNX Runtime gives, by the names of `test` in metadata.json; none of a model that draws."""
    import onnxruntime

    ways, there = metadata["endpoints"], metadata["formats"]["onnx"]
    default = next(iter(ways))
    name = default if default in there else ways[default]["via"]["endpoint"]
    session = onnxruntime.InferenceSession(str(folder / "onnx" / f"{name}.onnx"), providers=["CPUExecutionProvider"])
    (taken,) = session.get_inputs()
    if taken.name == "codes":
        # What draws has no figures but those of random draws.
        return {}
    if taken.name == "ids":
        batches = of_texts(folder, ways[default]["via"]["preparation"], x)
    else:
        batches = (x[k : k + BATCH] for k in range(0, len(x), BATCH))
    names = [output.name for output in session.get_outputs()]
    answers = [dict(zip(names, session.run(names, {taken.name: batch}), strict=True)) for batch in batches]
    got = {key: np.concatenate([answer[key] for answer in answers]) for key in answers[0]}
    if "probabilities" in got:
        of_label = got["probabilities"][np.arange(len(y)), y].astype("float64")
        right = got["probabilities"].argmax(1) == y
        return {"accuracy": float(right.mean()), "loss": float(-np.log(of_label).mean())}
    wanted, made = x.reshape(len(x), -1) / 255.0, got["images"].reshape(len(x), -1).astype("float64")
    return {"squared_error": float(((wanted - made) ** 2).sum(1).mean())}


if __name__ == "__main__":
    sys.meta_path.insert(0, Blocked())
    folder = Path(sys.argv[1])
    with np.load(sys.argv[2], allow_pickle=True) as given:
        found = figures(folder, given["x"], given["y"], json.loads((folder / "metadata.json").read_text("utf-8")))
    assert not {"tensorflow", "keras", "tfnotes"} & set(sys.modules)
    sys.stdout.write(json.dumps(found))
