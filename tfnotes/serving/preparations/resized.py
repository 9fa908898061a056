"""Images of another size, in NumPy: as `tfnotes.serving.resizing` makes them inside an exported model.

An output pixel is a mean of the input's, weighted by a triangle around its centre. Where the image becomes smaller,
the triangle is as much wider, so that every pixel counts.

    out = R image C^T        R[i, k] ~ max(0, 1 - |k + 1/2 - (i + 1/2) s| / max(s, 1)),  s = height / new height
"""

import numpy as np

from tfnotes.serving import metadata
from tfnotes.serving.preparations.opened import opened

LUMA = (0.299, 0.587, 0.114)


def answer(exported, endpoint, settings, images):
    """See `tfnotes.serving.preparations`; the examples that the other endpoint takes say the size."""
    (about,) = exported.endpoint(endpoint)["inputs"].values()
    shape = about["shape"][1:]
    if len(shape) not in (2, 3) or not all(type(size) is int for size in shape) or shape[2:] not in ([], [1], [3]):
        raise metadata.damaged(exported.path, f"the endpoint {endpoint} takes no images in {metadata.NAME}")
    found = [pixels(opened(content, ("RGB",)), shape) for content in images]
    return exported.ask(endpoint, np.array(found, "uint8").reshape(-1, *shape))


def pixels(image, shape):
    """An image of three channels as the uint8 pixels of an example's shape."""
    image = image.astype("float64")
    if shape[2:] != [3]:
        image = (image @ np.array(LUMA))[:, :, None]
    return to_bytes(resize(image, shape[:2])).reshape(shape)


def resize(image, size):
    """An image of another size.

    Args:
        image: array of shape (height, width, channels).
        size: (height, width) of what is wanted.

    Returns:
        float64 array of shape (*size, channels).
    """
    rows, columns = (_weights(old, new) for old, new in zip(image.shape, size, strict=False))
    return np.einsum("ih,hwc,jw->ijc", rows, image.astype("float64"), columns, optimize=True)


def to_bytes(pixels):
    """Pixels from 0 to 255 as uint8."""
    # A half between two levels is one whatever noise is in its last digit.
    return np.clip(np.round(np.round(pixels * 1024) / 1024), 0, 255).astype("uint8")


def _weights(old, new):
    scale = old / new
    centres = (np.arange(new) + 0.5) * scale
    distance = np.arange(old)[None] + 0.5 - centres[:, None]
    weights = np.maximum(0, 1 - np.abs(distance / max(scale, 1)))
    return weights / weights.sum(axis=1, keepdims=True)
