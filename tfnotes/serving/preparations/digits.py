"""From the pixels of any picture of a digit to 28 x 28 as MNIST has them, in NumPy.

The same as the task `mnist` does inside its exported model, step for step, for runtimes without TensorFlow; what the
steps are for is said there, in `tfnotes_tasks.mnist.ink`. Tests hold the two to each other.
"""

import numpy as np

from tfnotes.serving.preparations.opened import opened
from tfnotes.serving.preparations.resized import LUMA, resize, to_bytes

_SIDE, _FRAME, _CONTRAST, _NOISE = 256, 0.1, 16.0, 0.3
_MODES = ("L", "LA", "RGB", "RGBA")


def answer(exported, endpoint, settings, images):
    """See `tfnotes.serving.preparations`."""
    digits = [digit(opened(content, _MODES)) for content in images]
    return exported.ask(endpoint, np.array(digits, "uint8").reshape(-1, 28, 28))


def digit(pixels):
    """One picture as a handwritten digit like MNIST's.

    Args:
        pixels: uint8 array of shape (height, width, channels): gray or RGB, with alpha or without.

    Returns:
        uint8 array of shape (28, 28).
    """
    gray = _gray(pixels.astype("float64"))
    ink = gray - _paper(gray)
    # One noisy pixel must neither decide which side is ink nor count as ink.
    calm = _mean_of_neighbours(ink)
    light = calm.max() > -calm.min()
    ink, calm = (ink, calm) if light else (-ink, -calm)
    # Half a level: a blank image's ink isn't exactly zero.
    if light and gray.shape == (28, 28) and ink.max() > 0.5:
        return to_bytes(gray)
    if calm.max() < _CONTRAST:
        return np.zeros((28, 28), "uint8")
    return to_bytes(255 * _centred(_coverage(ink, calm)))


def _gray(pixels):
    opaque = pixels.shape[-1] % 2 == 1
    colors = pixels if opaque else pixels[..., :-1]
    gray = colors[..., 0] if colors.shape[-1] == 1 else colors @ np.array(LUMA)
    if not opaque:
        alpha = pixels[..., -1] / 255
        gray = alpha * gray + (1 - alpha) * 255
    side = max(gray.shape)
    return _resized(gray, [n * _SIDE / side for n in gray.shape]) if side > _SIDE else gray


def _resized(image, size):
    return resize(image[:, :, None], [max(1, round(n)) for n in size])[:, :, 0]


def _paper(gray):
    """The quadratic surface through the frame along the border: least squares, reweighted by residuals."""
    y, x = np.meshgrid(*(_from_minus_one_to_one(n) for n in gray.shape), indexing="ij")
    terms = np.stack([np.ones_like(x), x, y, x * x, x * y, y * y], -1)
    frame = np.maximum(np.abs(x), np.abs(y)) > 1 - _FRAME + 1e-9
    a, b = terms[frame], gray[frame]
    residual = b - _median(b)
    for _ in range(8):
        spread = 3 * _median(np.abs(residual)) + 2
        weighted = a / np.square(1 + np.square(residual / spread))[:, None]
        # The ridge keeps an image of one row or one pixel solvable.
        normal = weighted.T @ a + 1e-3 * np.eye(6)
        coefficients = np.linalg.solve(normal, weighted.T @ b)
        residual = b - a @ coefficients
    return terms @ coefficients


def _from_minus_one_to_one(n):
    return np.arange(n) * (2 / max(n - 1, 1)) - 1


def _median(values):
    return np.sort(values)[values.size // 2]


def _mean_of_neighbours(image):
    """Of the 3 x 3 pixels around each, those outside of the image left out."""

    def sums(values):
        padded, (height, width) = np.pad(values, 1), values.shape
        return sum(padded[i : i + height, j : j + width] for i in range(3) for j in range(3))

    return sums(image) / sums(np.ones_like(image))


def _coverage(ink, calm):
    """How much of each pixel is ink, 0-1."""
    stroke = calm[calm >= calm.max() / 2].mean()
    low = _NOISE * stroke
    return np.where(calm > low, np.clip((ink - low) / (stroke - low), 0, 1), 0)


def _centred(coverage):
    rows, columns = (np.flatnonzero((coverage > 0).any(axis=axis)) for axis in (1, 0))
    cut = coverage[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    cut = _resized(cut, [20 * n / max(cut.shape) for n in cut.shape])
    (height, width), (top, left) = cut.shape, (_offset(cut.sum(axis=1)), _offset(cut.sum(axis=0)))
    return np.pad(cut, ((top, 28 - height - top), (left, 28 - width - left)))


def _offset(profile):
    """Where a digit with this much ink in each row begins, for its centre of mass to lie on row 14."""
    centre = (profile * np.arange(len(profile))).sum() / profile.sum()
    offset = np.round((14 - centre) * 1024) / 1024
    return int(np.clip(np.round(offset), 0, 28 - len(profile)))
