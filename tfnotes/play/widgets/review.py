"""Type a review: for models whose export takes the ids of words.

    {"push": {"vectors": layer, "kernel": base64}}    where the score is the mean of the words' vectors times a kernel
    {"push": None}                                    elsewhere: the page leaves words out

The push of a word is then its part of the score's sum:  z = mean over t of v_t . kernel + bias.
"""

import numpy as np

from tfnotes.play import weights
from tfnotes.serving import examples


def data(source):
    """See `tfnotes.play.widgets`."""
    way = source.about["endpoints"].get("texts", {}).get("via", {}).get("known", {})
    if way.get("name") != "words" or not source.has("ids"):
        return None
    return {"push": _push(source) if source.has("layers") else None}


def _push(source):
    """How a bag of words makes its score, if the model is one."""
    found = {layer["name"]: layer for layer in weights.layers(source)}
    logits = found.get("logits", {})
    if logits.get("of") != "mean":
        return None
    taken = {name: value[:8] for name, value in examples.of(source.folder, "layers").items()}
    outputs = source.ask("layers", **taken)
    vectors = next((name for name in ("add", "words") if name in outputs), None)
    if vectors is None:
        return None
    (ids,) = taken.values()
    seen = (ids != 0)[..., None]
    mean = (outputs[vectors] * seen).sum(1) / np.maximum(seen.sum(1), 1)
    if not np.allclose(mean, outputs["mean"], rtol=1e-4, atol=1e-5):
        return None
    return {"vectors": vectors, "kernel": logits["kernel"]}
