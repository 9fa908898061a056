"""What an optimizer makes of gradients."""

import importlib

import keras
import numpy as np


def taken(module, gradients, **clipping):
    """The gradients that plain descent with rate 1 steps along, for one weight each."""
    optimizer = importlib.import_module(module).SGD(1.0, **clipping)
    weights = [keras.Variable(np.zeros(g.shape), dtype="float64") for g in gradients]
    optimizer.build(weights)
    optimizer.apply([keras.ops.convert_to_tensor(g) for g in gradients])
    return [-keras.ops.convert_to_numpy(w) for w in weights]
