"""What the tests of this folder share."""

from tfnotes import preprocessing

EVERY = [getattr(preprocessing, name) for name in preprocessing.__all__]


def adapted(make, data, **arguments):
    """A layer in float64, fitted to data."""
    layer = make(**arguments, dtype="float64")
    layer.adapt(data)
    return layer
