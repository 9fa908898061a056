"""The length of a gradient, whose squares would overflow or vanish long before the gradient itself does.

    m    = 2**floor(log2(max |g|))
    root = sqrt(sum((g / m)**2))                    1 <= root <= 2 * sqrt(size)
    n    = m * root

The square of 300 is beyond float16, and that of 1e-30 is 0 in float32. A length may still be beyond all numbers,
so that nothing is divided by it: g / n = (g / m) / root.
"""

import keras
import numpy as np
from keras import ops


def widened(g):
    """A gradient as a tensor, in float32 at least: sums of many numbers need more than half precision."""
    g = ops.convert_to_tensor(g)
    return ops.cast(g, "float32") if keras.backend.standardize_dtype(g.dtype) in ("float16", "bfloat16") else g


def largest(g, axes=None):
    """m, a power of two, so that a quotient by it is exact; in range for zeros and infinity too. It keeps the axes.

    What is computed with it doesn't depend on it, so no gradient passes.
    """
    limits = np.finfo(keras.backend.standardize_dtype(g.dtype))
    m = ops.stop_gradient(ops.max(ops.abs(g), axis=axes, keepdims=True, initial=0))
    return ops.exp2(ops.clip(ops.floor(ops.log2(m)), limits.minexp, limits.maxexp - 1))


def root(squares):
    """The square root; 1 for 0, so that it can be divided by and has a derivative."""
    return ops.sqrt(ops.where(squares == 0, ops.ones_like(squares), squares))


def on_values(function, g):
    """A function of a gradient: of the values, if it comes as TensorFlow's slices, the rows that were looked up."""
    if hasattr(g, "dense_shape"):
        return type(g)(function(g.values), g.indices, g.dense_shape)
    return function(g)
