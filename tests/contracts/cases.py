"""Which concepts a contract covers: all of its kinds but those that state a reason to be left out."""

import keras
import pytest

from tfnotes import registry

CONTRACTS: dict[str, tuple[str, ...]] = {}
ALL = registry.KINDS
# Kinds whose concepts are Keras layers.
LAYERS = ("layers", "preprocessing", "augmentation")
# Where Keras's own kernel errs on a backend, by contract and concept, or one of the concept's samples.
ERRS = {
    "jax": dict.fromkeys(
        [(name, "gru.1") for name in ("mixed precision", "bad shapes")],
        "without a bias its loop has float64 among float32, where JAX is let have float64",
    ),
    "torch": {("definition", "average_pooling2d"): "its kernel counts the zeros that padding adds behind"},
}.get(keras.backend.backend(), {})
CLASSES = tuple(kind for kind in ALL if kind not in ("activations", "clipping"))


def contract(name, kinds=ALL, samples=True, twin=False):
    """Decorator: runs a test for every registered concept of `kinds`, once a sample or once in all.

    With `twin` it covers those that have one; the rest are held to "own proof" (test_registry.py).
    """
    CONTRACTS[name] = kinds
    parameters = []
    for concept in registry.concepts():
        left_out = name in concept.exempt or (name, concept.name) in ERRS or (twin and concept.twin is None)
        if concept.kind not in kinds or left_out:
            continue
        for k, sample in enumerate(concept.samples if samples else concept.samples[:1]):
            if (name, f"{concept.name}.{k}") in ERRS:
                continue
            marker = f"{concept.kind}.{concept.name}" + (f".{k}" if samples else "")
            parameters.append(pytest.param(concept, sample, id=marker))
    return pytest.mark.parametrize(("concept", "sample"), parameters)
