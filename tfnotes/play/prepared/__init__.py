"""What the page's widgets without a model show, computed beforehand by our own code: a module for each.

A module's `data()` gives JSON values, the same at each call. `python -m tfnotes.play.prepared FILE` writes them.
"""

from importlib import import_module


def load(name):
    """A widget's module."""
    return import_module(f"{__name__}.{name}")
