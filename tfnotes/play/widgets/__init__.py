"""What the page's widgets need of a model beside its export, a module for each.

A module's `data(source)` takes a `tfnotes.play.source.Source` and gives JSON values, {} where the export is enough,
and None where the widget isn't for the model.
"""

from importlib import import_module

ENDPOINTS: dict[str, tuple[str, ...]] = {
    "digit": ("layers",),
    "review": ("ids", "layers"),
    "latent": ("decode",),
    "denoise": ("reconstruct",),
    "gibbs": ("encode", "decode", "score"),
    "replay": (),
}
"""Those that each widget asks, beside the one that its data name as `endpoint`."""

NAMES = tuple(ENDPOINTS)


def load(name):
    """A widget's module."""
    return import_module(f"{__name__}.{name}")
