"""Images of another size, in NumPy: as `tf.image.resize(image, size, antialias=True)` does it.

An output pixel is a mean of the input's, weighted by a triangle around its centre. Where the image becomes smaller,
the triangle is as much wider, so that every pixel counts.

    out = R image C^T        R[i, k] ~ max(0, 1 - |k + 1/2 - (i + 1/2) s| / max(s, 1)),  s = height / new height
"""

import numpy as np


def resize(image, size):
    """An image of another size.

    Args:
        image: array of shape (height, width, channels).
        size: (height, width) of what is wanted.

    Returns:
        float32 array of shape (*size, channels).
    """
    rows, columns = (_weights(old, new) for old, new in zip(image.shape, size, strict=False))
    return np.einsum("ih,hwc,jw->ijc", rows, image.astype("float32"), columns, optimize=True)


def _weights(old, new):
    # In the single precision in which TensorFlow finds where the pixels lie, or weights differ in their sixth digit.
    scale = 1 / (np.float32(new) / np.float32(old))
    centres = (np.arange(new, dtype="float32") + np.float32(0.5)) * scale
    distance = np.arange(old, dtype="float32")[None] + np.float32(0.5) - centres[:, None]
    weights = np.maximum(0, 1 - np.abs(distance / np.maximum(scale, np.float32(1))))
    return weights / weights.sum(axis=1, keepdims=True)
