"""tfnotes: the neural-network concepts of five sets of study notes, from scratch in Keras 3.

Subpackages load when they are first used, so that `import tfnotes` (and the command line's
`--help`) costs nothing: `tfnotes.layers.Dense` imports Keras, `tfnotes` does not. Where Keras is imported already,
`import tfnotes` registers what it has, so that `keras.saving.load_model` finds it.
"""

import importlib
import sys

__version__ = "0.1.0"

_SUBPACKAGES = (
    "activations",
    "augmentation",
    "backprop",
    "callbacks",
    "clipping",
    "constraints",
    "convert",
    "data",
    "initializers",
    "layers",
    "losses",
    "metrics",
    "models",
    "optimizers",
    "preprocessing",
    "regularizers",
    "schedules",
)


def __getattr__(name):
    if name in _SUBPACKAGES:
        return importlib.import_module(f"{__name__}.{name}")
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__():
    return sorted([*globals(), *_SUBPACKAGES])


if "keras" in sys.modules:
    importlib.import_module(f"{__name__}.convert")
