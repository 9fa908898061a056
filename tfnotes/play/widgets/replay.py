"""Training, replayed: for runs, what their folder tells of each epoch.

    {"epochs": [1, 2, ...],
     "curves": {"loss": {"train": [a number an epoch, or null], "validation": [...]}, ...},
     "weights": {"conv_1/kernel": [[from, to, [counts]] an epoch, or null], ...},
     "pictures": {"filters/conv_1": [a picture's address an epoch, or null], ...},
     "mistakes": [[{"label": ..., "prediction": ..., "picture" or "text": ...}, ...] an epoch]}

Of a long training so many epochs are kept as a slider can well hold, the first and the last among them.
"""

import base64
import io
import re

import numpy as np
from PIL import Image

LONGEST = 40
_HELD_OUT = "val_"
_NO_FIGURES = ("epoch", "stage")


def data(source):
    """See `tfnotes.play.widgets`."""
    rows = source.run.metrics() if source.run else []
    if not rows:
        return None
    kept = np.unique(np.linspace(0, len(rows) - 1, min(LONGEST, len(rows))).round().astype(int))
    rows = [rows[k] for k in kept]
    epochs = [row["epoch"] for row in rows]
    weights, pictures, mistakes = _events(source.run.path / "events", set(epochs))
    return {
        "epochs": epochs,
        "curves": _curves(rows),
        "weights": {name: [found.get(epoch) for epoch in epochs] for name, found in weights.items()},
        "pictures": {name: [found.get(epoch) for epoch in epochs] for name, found in pictures.items()},
        "mistakes": [mistakes.get(epoch, []) for epoch in epochs],
    }


def _curves(rows):
    """Each figure's values by epoch, of training and of what was held out."""
    names = dict.fromkeys(key.removeprefix(_HELD_OUT) for row in rows for key in row if key not in _NO_FIGURES)
    ways = {"train": "", "validation": _HELD_OUT}
    return {
        name: {way: [_number(row.get(before + name)) for row in rows] for way, before in ways.items()} for name in names
    }


def _number(value):
    return value if isinstance(value, (int, float)) and np.isfinite(value) else None


def _events(folder, epochs):
    """What a run wrote for TensorBoard, by epoch: histograms of weights, pictures, and mistakes."""
    import tensorflow as tf

    from tfnotes import event_files
    from tfnotes.callbacks.mistakes import DESCRIBED

    weights: dict[str, dict] = {}
    pictures: dict[str, dict] = {}
    mistakes: dict[int, list] = {}
    for path in sorted(folder.rglob("*tfevents*")):
        for record in event_files.records(path, lambda sentence: None):
            event = tf.compat.v1.Event.FromString(record)
            for value in event.summary.value if event.step in epochs else ():
                kind, tag = value.metadata.plugin_data.plugin_name, value.tag
                if kind == "histograms" and "/" in tag and not tag.startswith("gradients/"):
                    weights.setdefault(tag, {})[event.step] = _histogram(tf.make_ndarray(value.tensor))
                elif kind == "images":
                    shown = tf.make_ndarray(value.tensor)[2:]
                    said = re.fullmatch(DESCRIBED.format("(.+)", "(.+)"), value.metadata.summary_description)
                    if said:
                        label, prediction = said.groups()
                        found = {"label": label, "prediction": prediction, "picture": _address(_below(shown[0]))}
                        mistakes.setdefault(event.step, []).append(found)
                    elif not tag.startswith("mistakes/"):
                        pictures.setdefault(tag, {})[event.step] = _address(_smaller(shown[0]), "webp")
                elif kind == "text" and tag == "mistakes":
                    mistakes[event.step] = _texts(tf.make_ndarray(value.tensor).item().decode())
    return weights, pictures, mistakes


def _histogram(buckets):
    """Rows of left edge, right edge and count, all of one width."""
    ends = [float(f"{end:.4g}") for end in (buckets[0, 0], buckets[-1, 1])]
    return [*ends, buckets[:, 2].astype(int).tolist()]


def _address(content, kind="png"):
    return f"data:image/{kind};base64,{base64.b64encode(content).decode()}"


def _below(png):
    """A mistake without the line above it, which the page writes itself."""
    from tfnotes.callbacks._drawn import CAPTION

    with Image.open(io.BytesIO(png)) as picture, io.BytesIO() as file:
        picture.crop((0, CAPTION, *picture.size)).save(file, "PNG", optimize=True)
        return file.getvalue()


def _smaller(png):
    """As WebP: filters look like noise, of which PNG makes megabytes in a training."""
    with Image.open(io.BytesIO(png)) as picture, io.BytesIO() as file:
        picture.save(file, "WEBP", quality=80)
        return file.getvalue()


def _texts(table):
    """The rows of the table that `tfnotes.callbacks.MistakenTexts` writes."""
    rows = [row.split(" | ", 2) for row in table.splitlines()[2:]]
    return [{"label": label, "prediction": said, "text": text.replace("\\|", "|")} for label, said, text in rows]
