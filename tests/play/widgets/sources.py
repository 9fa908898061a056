"""A stand-in for `tfnotes.play.source.Source`: an export's metadata, its examples, and what its endpoints answer."""

from types import SimpleNamespace

import numpy as np


def source(folder, endpoints, settings=None, answers=None, **examples):
    """`examples` are pixels by endpoint; `answers` a function by endpoint, which stands for an ONNX file."""
    answers = answers or {}
    np.savez(folder / "examples.npz", **{f"{name}/pixels": pixels for name, pixels in examples.items()})
    about = {"endpoints": endpoints, "settings": settings or {}, "task": "digits"}
    ask = lambda endpoint, **inputs: answers[endpoint](**inputs)  # noqa: E731
    return SimpleNamespace(folder=folder, about=about, run=None, has=answers.__contains__, ask=ask)


def endpoint(inputs, outputs, **more):
    """As `metadata.json` describes one, from shapes without the batch."""

    def described(shapes):
        return {name: {"shape": ["batch", *shape], "dtype": "float32"} for name, shape in shapes.items()}

    return {"inputs": described(inputs), "outputs": described(outputs), **more}


def drawn(count):
    return np.random.default_rng(0).integers(0, 256, (count, 28, 28), dtype="uint8")
