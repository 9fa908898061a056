"""Draw a digit: for models of 28 x 28 pixels that say a probability of each digit."""


def data(source):
    """See `tfnotes.play.widgets`."""
    return {} if endpoint(source) else None


def endpoint(source):
    """The endpoint of pixels that classifies, or None."""
    for name, found in source.about["endpoints"].items():
        shapes = [taken["shape"][1:] for taken in found["inputs"].values()]
        if shapes == [[28, 28]] and "probabilities" in found["outputs"] and source.has(name):
            return name
    return None
