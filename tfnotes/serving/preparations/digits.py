"""From the pixels of any picture of a digit to 28 x 28 as MNIST has them, in NumPy.

The same as the task `mnist` does inside its exported model, step for step, for runtimes without TensorFlow; what the
steps are for is said there, in `tfnotes_tasks.mnist.ink`. Tests hold the two to each other.
"""

import numpy as np

from tfnotes.serving.preparations.opened import opened
from tfnotes.serving.preparations.resized import LUMA, resize, to_bytes

_SIDE, _FRAME, _CONTRAST, _NOISE, _COLOR, _SHADOW, _CELLS, _INNER, _PEN = 256, 0.1, 16.0, 0.3, 2.0, 0.05, 64, 0.4, 0.8
_WINDOWS, _LARGE, _LEFT, _ROUGH = (33, 65), 160, 0.2, 3.0
_MODES = ("L", "LA", "RGB", "RGBA")
# An edge this wide, in pixels and beside the ink's longer side, blurs what tells one digit from another.
_SOFT, _SOFT_SHARE = 6.0, 0.065
BLURRED = "the picture is blurred, so that the digit may be read wrongly"


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
    ink = _ink(gray)
    # One noisy pixel must neither decide which side is ink nor count as ink.
    calm = _mean_of_neighbours(ink)
    light = calm.max() > -calm.min()
    ink, calm = (ink, calm) if light else (-ink, -calm)
    # Half a level: a blank image's ink isn't exactly zero.
    if light and gray.shape == (28, 28) and ink.max() > 0.5:
        return to_bytes(gray)
    if calm.max() < _CONTRAST or np.mean((ink - calm) ** 2) > _ROUGH * np.var(calm):
        return np.zeros((28, 28), "uint8")
    return to_bytes(255 * _centred(_alone(_coverage(ink, calm))))


def doubt(content):
    """Why the digit in a picture may be read wrongly: that it is blurred; None where nothing says so.

    An edge is as wide as ink would need to become paper at the steepest place: 2 to 3 pixels in a sharp picture.

    Args:
        content: an image file's bytes, as `tfnotes.serving.images.encode` gives them.
    """
    gray = _gray(opened(content, _MODES).astype("float64"))
    # Of the whole picture, which spans at least what the ink does: most are seen to be sharp, or blank, by this alone.
    calm = _mean_of_neighbours(gray)
    if np.ptp(calm) < max(_CONTRAST, _SOFT * _steepest(calm)):
        return None
    calm = _mean_of_neighbours(_ink(gray))
    calm = calm if calm.max() > -calm.min() else -calm
    strength = _strength(calm)
    width, side = strength / max(_steepest(calm), 1e-9), _longest(calm > strength / 2)
    return BLURRED if width > _SOFT and width > _SOFT_SHARE * side else None


def _steepest(image):
    """By how much neighbours differ at most, in any direction; a single row is as steep as can be."""
    return np.hypot(*np.gradient(image)).max() if min(image.shape) > 1 else np.inf


def _gray(pixels):
    opaque = pixels.shape[-1] % 2 == 1
    colors = pixels if opaque else pixels[..., :-1]
    if not opaque:
        alpha = pixels[..., -1:] / 255
        colors = alpha * colors + (1 - alpha) * 255
    side = max(colors.shape[:2])
    if side > _SIDE:
        colors = resize(colors, [max(1, round(n * _SIDE / side)) for n in colors.shape[:2]])
    if colors.shape[-1] == 1:
        return colors[..., 0]
    seen = [colors @ np.array(LUMA), *np.moveaxis(colors, -1, 0)]
    spans = [np.ptp(_mean_of_neighbours(one)) for one in seen]
    best = int(np.argmax(spans))
    return seen[best if spans[best] > _COLOR * spans[0] else 0]


def _resized(image, size):
    return resize(image[:, :, None], [max(1, round(n)) for n in size])[:, :, 0]


def _ink(gray):
    """How far each pixel is from the paper, on either side."""
    paper, frame = _paper(gray)
    ink = gray - paper
    window = _WINDOWS[int(max(gray.shape) > _LARGE)]
    if np.mean(np.abs(ink[frame]) > _CONTRAST) <= _SHADOW or min(gray.shape) <= window:
        return ink
    closed, opened = _closed(gray, window), -_closed(-gray, window)
    wide = (paper - closed > _CONTRAST) | (opened - paper > _CONTRAST)
    return 255 * (gray / np.maximum(closed, 1) - 1) if wide.mean() > _SHADOW else ink


def _closed(gray, window):
    """Without what is dark and narrower than a window."""
    return -_largest(-_largest(gray, window), window)


def _largest(gray, window):
    """The largest value in a window around each pixel."""
    for axis in (0, 1):
        padded = np.pad(gray, [(window // 2,) * 2 if k == axis else (0, 0) for k in (0, 1)], constant_values=-np.inf)
        gray = np.lib.stride_tricks.sliding_window_view(padded, window, axis).max(-1)
    return gray


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
    return terms @ coefficients, frame


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
    stroke = _strength(calm)
    low = _NOISE * stroke
    return np.where(calm > low, np.clip((ink - low) / (stroke - low), 0, 1), 0)


def _alone(coverage):
    """Without what reaches the border, and without what encloses the rest, unless that is only a little."""
    height, width = coverage.shape
    size = -(-max(height, width) // _CELLS)
    padded = np.pad(coverage > 0, ((0, -height % size), (0, -width % size)))
    cells = padded.reshape(padded.shape[0] // size, size, -1, size).any((1, 3))
    cells = np.pad(cells, 1)
    edge = np.pad(np.zeros(np.array(cells.shape) - 2, bool), 1, constant_values=True)
    reaching = _grown(cells & _around(edge, corners=False), cells, corners=True)
    cells = _rest(cells, reaching, _LEFT)
    outside = _grown(edge, ~cells, corners=False)
    # What the outside touches, and all that hangs together with it.
    outer = _grown(_around(outside, corners=False) & cells, cells, corners=True)
    cells = _rest(cells, outer, _INNER)[1:-1, 1:-1]
    return np.where(cells.repeat(size, 0).repeat(size, 1)[:height, :width], coverage, 0)


def _rest(cells, taken, least):
    """A mask without another one, if the rest is long enough; else as it was."""
    rest = cells & ~taken
    return rest if _longest(rest) >= least * _longest(cells) else cells


def _grown(seeds, where, corners):
    """The parts of a mask that hang together with seeds in it, over corners too or over edges alone."""
    while True:
        grown = where & _around(seeds, corners)
        if (grown == seeds).all():
            return seeds
        seeds = grown


def _around(mask, corners):
    """A mask with the neighbours of its cells."""
    (height, width), padded = mask.shape, np.pad(mask, 1)
    places = [(i, j) for i in range(3) for j in range(3) if corners or 1 in (i, j)]
    return np.any([padded[i : i + height, j : j + width] for i, j in places], axis=0)


def _longest(mask):
    """The longer side of the box around a mask, 0 for none."""
    return max(np.ptp(found) + 1 if (found := np.flatnonzero(mask.any(axis=axis))).size else 0 for axis in (0, 1))


def _widened(digit):
    """Strokes thinner than a pixel, as wide as those of other pens."""
    if _strength(digit) >= _PEN:
        return digit
    padded = np.pad(digit, 1)
    across = padded[:-2] + 2 * padded[1:-1] + padded[2:]
    both = across[:, :-2] + 2 * across[:, 1:-1] + across[:, 2:]
    return np.clip(both / _strength(both), 0, 1)


def _strength(values):
    return values[values >= values.max() / 2].mean()


def _centred(coverage):
    rows, columns = (np.flatnonzero((coverage > 0).any(axis=axis)) for axis in (1, 0))
    cut = coverage[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    cut = _widened(_resized(cut, [20 * n / max(cut.shape) for n in cut.shape]))
    (height, width), (top, left) = cut.shape, (_offset(cut.sum(axis=1)), _offset(cut.sum(axis=0)))
    return np.pad(cut, ((top, 28 - height - top), (left, 28 - width - left)))


def _offset(profile):
    """Where a digit with this much ink in each row begins, for its centre of mass to lie on row 14."""
    centre = (profile * np.arange(len(profile))).sum() / profile.sum()
    offset = np.round((14 - centre) * 1024) / 1024
    return int(np.clip(np.round(offset), 0, 28 - len(profile)))
