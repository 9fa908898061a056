"""Draw a digit: for models of 28 x 28 pixels that say a probability of each digit.

    {"endpoint": "pixels", "layers": as `tfnotes.play.weights.layers` gives them}
"""

from tfnotes.play import weights


def data(source):
    """See `tfnotes.play.widgets`."""
    endpoint = _classifying(source)
    if endpoint is None:
        return None
    return {"endpoint": endpoint, "layers": weights.layers(source) if source.has("layers") else []}


def _classifying(source):
    """The endpoint of pixels that classifies, or None."""
    for name, found in source.about["endpoints"].items():
        shapes = [taken["shape"][1:] for taken in found["inputs"].values()]
        if shapes == [[28, 28]] and "probabilities" in found["outputs"] and source.has(name):
            return name
    return None
