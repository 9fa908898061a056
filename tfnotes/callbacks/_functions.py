"""Which function a layer's output went through last, told by what it does and not by its name."""

import warnings

import keras
import numpy as np

from tfnotes.callbacks._layers import children

_SMALL = np.logspace(-4, 4, 33, dtype="float32")
_GRID = np.concatenate([-_SMALL[::-1], _SMALL])
# From here down the rectifiers that have a smooth part are zero as well, and others aren't.
_BELOW, _STEPS = -3.0, 3


def function_of(layer):
    """The function that a layer's output went through last; None if the layer is more than one function.

    It is the `activation` of the layer or of its cell, or the layer itself if it has neither weights nor layers.
    """
    inner = [child for child in children(layer) if child is not getattr(layer, "activation", None)]
    if getattr(layer, "cell", None) is not None:
        return getattr(layer, "activation", None) or function_of(layer.cell)
    if getattr(layer, "cells", None):
        return function_of(layer.cells[-1])
    if inner:
        return None
    if hasattr(layer, "activation"):
        return layer.activation
    return None if getattr(layer, "weights", ()) else layer


def rectifies(layer):
    """Whether a layer's output is zero and flat for all inputs from some point down, and rises above it."""
    y = _values(function_of(layer))
    if y is None or y.min() < 0 or y[_GRID <= _BELOW].any():
        return False
    # A sigmoid of straight lines is zero there, too, but its two sides are alike: `Saturation` looks at it.
    alike = np.allclose(y + y[::-1], y[0] + y[-1])
    return not alike and len(np.unique(y[y > 0])) >= _STEPS


def bounds(layer):
    """The bounds between which a layer's output rises from one flat side to the other, None if it doesn't."""
    y = _values(function_of(layer))
    if y is None or rectifies(layer) or (np.diff(y) < 0).any() or len(np.unique(y)) < _STEPS:
        return None
    low, high = float(y[0]), float(y[-1])
    # It has come to its bounds already where the input is large, and still has them where it is ten times that.
    flat = np.isclose([y[4], y[-5]], [low, high], rtol=0, atol=1e-2 * (high - low)).all()
    return (_rounded(low), _rounded(high)) if flat and low < high else None


def _values(function):
    """What a function gives for `_GRID`, None if it doesn't take numbers one by one or learns."""
    if not callable(function) or getattr(function, "trainable_weights", None):
        return None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            y = function(keras.ops.convert_to_tensor(_GRID[:, None]))
        y = keras.ops.convert_to_numpy(keras.ops.cast(y, "float32")) if keras.backend.is_float_dtype(y.dtype) else None
    # It is any function of somebody else's, which may stumble over anything.
    except Exception:
        return None
    return y[:, 0] if y is not None and y.shape == (len(_GRID), 1) and np.isfinite(y).all() else None


def _rounded(bound):
    return round(bound, 3)
