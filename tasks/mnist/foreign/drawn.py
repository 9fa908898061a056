"""What is no digit, drawn: blank paper, noise, letters, shapes, scribbles, two digits at once.

All are uint8 of shape (28, 28), ink light on dark, centred as `tfnotes_tasks.mnist.ink` centres a picture's ink, but
for noise and blank sheets, which may fill the whole. The same generator of random numbers draws the same again.
"""

import string
from functools import lru_cache

import numpy as np
from PIL import Image, ImageDraw, ImageFilter, ImageFont

ALIKE = "OoIl"
"""Letters that are a 0 or a 1 to anyone who sees nothing else."""

LETTERS = "".join(letter for letter in string.ascii_letters if letter not in ALIKE)

_SIDE, _INK = 80, 255


def samples(count=100):
    """What an export is measured by, by its kind: Pillow's own letters, which nothing was learned of, and the rest.

    Returns:
        A dict of arrays of shape (n, 28, 28), the same each time.
    """
    random = np.random.default_rng(0)
    letters = [letter(which) for which in LETTERS]
    kinds = {"blank": blank, "noise": noise, "shapes": shape, "scribbles": scribble}
    return {"letters": np.array(letters)} | {
        name: np.array([draw(random) for _ in range(count)]) for name, draw in kinds.items()
    }


def centred(picture):
    """A picture of ink, light on dark, as the digits of MNIST lie: 20 pixels long, the centre of mass inmost."""
    found = np.zeros((28, 28), "uint8")
    box = picture.getbbox()
    if box:
        scale = 20 / max(box[2] - box[0], box[3] - box[1])
        size = [max(1, round(scale * (box[k + 2] - box[k]))) for k in (0, 1)]
        ink = np.asarray(picture.resize(size, Image.Resampling.BILINEAR, box), "float64")
        top, left = _start(ink.sum(axis=1)), _start(ink.sum(axis=0))
        found[top : top + ink.shape[0], left : left + ink.shape[1]] = ink
    return found


def letter(which, font=None, random=None):
    """A printed letter, or any short text.

    Args:
        which: the text.
        font: the path of a font; None for Pillow's own.
        random: a `numpy.random.Generator` that distorts it; None to leave it as it is.
    """
    sheet = Image.new("L", (_SIDE, _SIDE))
    ImageDraw.Draw(sheet).text((_SIDE / 2, _SIDE / 2), which, fill=_INK, font=_font(font), anchor="mm")
    return centred(distorted(sheet, random) if random else sheet)


def distorted(picture, random, strength=1.0):
    """Slanted, turned, stretched, bent like waves, with another pen: as hands differ."""
    side = picture.width
    turn, slant = strength * random.uniform(-0.25, 0.25), strength * random.uniform(-0.35, 0.35)
    stretch = np.diag(np.exp(strength * random.uniform(-0.25, 0.25, 2)))
    cos, sin = np.cos(turn), np.sin(turn)
    matrix = np.array([[cos, -sin], [sin, cos]]) @ np.array([[1, slant], [0, 1]]) @ stretch
    places = np.mgrid[:side, :side].reshape(2, -1) - side / 2
    phase, height = random.uniform(0, 2 * np.pi, 2), strength * random.uniform(0, 0.04, 2) * side
    places = matrix @ (places + height[:, None] * np.sin(places[::-1] * (6.0 / side) + phase[:, None]))
    rows, columns = np.clip(np.round(places + side / 2), 0, side - 1).astype(int)
    bent = Image.fromarray(np.asarray(picture)[rows, columns].reshape(side, side))
    pen = random.integers(-1, 4)
    if pen < 0:
        return bent.filter(ImageFilter.MinFilter(3))
    return bent.filter(ImageFilter.MaxFilter(1 + 2 * int(pen)))


def noise(random):
    """Noise of several kinds: of single pixels or larger spots, on the whole sheet or a part of it."""
    kind, levels = random.integers(4), random.integers(0, 256, (28, 28))
    if kind == 1:
        levels = random.normal(random.uniform(-60, 200), random.uniform(5, 90), (28, 28))
    elif kind == 2:
        levels = _INK * (random.random((28, 28)) < random.uniform(0.005, 0.6))
    elif kind == 3:
        sheet = Image.fromarray(levels.astype("uint8")).filter(ImageFilter.GaussianBlur(random.uniform(0.5, 4)))
        spots = np.asarray(sheet, "float64")
        levels = _INK * ((spots - spots.min()) / max(np.ptp(spots), 1) + random.uniform(-0.5, 0.3))
    levels = np.clip(levels, 0, 255).astype("uint8")
    return levels if random.random() < 0.6 else centred(Image.fromarray(levels[: random.integers(3, 21)]))


def blank(random):
    """Paper without ink, which may lie in a light that falls off."""
    if random.random() < 0.5:
        return np.full((28, 28), random.integers(0, 256), "uint8")
    y, x = np.mgrid[:28, :28] / 27
    light = random.uniform(0, 255) + random.uniform(-120, 120) * x + random.uniform(-120, 120) * y
    return np.clip(light + random.normal(0, random.uniform(0, 3), (28, 28)), 0, 255).astype("uint8")


def shape(random):
    """A polygon or a star, outlined or filled, which lines may cross."""
    picture, sheet, pen = _sheet(random)
    corners, turn = random.integers(3, 9), random.uniform(0, 7)
    radii = np.full(corners, 34.0)
    if random.random() < 0.4:
        radii = np.where(np.arange(2 * corners) % 2, random.uniform(10, 27), 34.0)
    angles = turn + np.arange(len(radii)) * (2 * np.pi / len(radii))
    points = _points(_SIDE / 2 + radii[:, None] * np.stack([np.cos(angles), np.sin(angles)], 1))
    if random.random() < 0.4:
        sheet.polygon(points, fill=_INK)
    else:
        sheet.line([*points, *points[:2]], fill=_INK, width=pen, joint="curve")
    for _ in range(random.integers(3)):
        sheet.line(_points(random.uniform(7, _SIDE - 7, (2, 2))), fill=_INK, width=pen)
    return centred(picture)


def scribble(random):
    """Some lines, bows and spots, wherever they fall."""
    picture, sheet, pen = _sheet(random)
    for _ in range(random.integers(1, 5)):
        points, kind = random.uniform(7, _SIDE - 7, (random.integers(3, 8), 2)), random.integers(4)
        if kind == 0:
            sheet.arc([*points[:2].min(0), *(points[:2].max(0) + 4)], *sorted(random.uniform(0, 720, 2)), _INK, pen)
        elif kind == 1:
            radius = random.uniform(3, 12)
            sheet.ellipse([*(points[0] - radius), *(points[0] + radius)], fill=_INK)
        elif kind == 2:
            smooth = np.stack([np.interp(np.linspace(0, len(points) - 1, 40), range(len(points)), p) for p in points.T])
            smooth = np.stack([np.convolve(np.pad(p, 5, "edge"), np.full(11, 1 / 11), "valid") for p in smooth], 1)
            sheet.line(_points(smooth), fill=_INK, width=pen, joint="curve")
        else:
            sheet.line(_points(points), fill=_INK, width=pen, joint="curve")
    return centred(picture)


def several(digits, random):
    """Two of some digits, of shape (n, 28, 28), side by side or one above the other."""
    axis = int(random.random() < 0.8)
    both = [np.trim_zeros(digits[k], axis=axis) for k in random.integers(len(digits), size=2)]
    gap = np.zeros((28, random.integers(1, 6)), "uint8")
    return centred(Image.fromarray(np.concatenate([both[0], gap if axis else gap.T, both[1]], axis)))


@lru_cache(maxsize=16)
def _font(path):
    return ImageFont.truetype(path, 52) if path else ImageFont.load_default(52)


def _sheet(random):
    picture = Image.new("L", (_SIDE, _SIDE))
    return picture, ImageDraw.Draw(picture), int(random.integers(3, 10))


def _points(array):
    return [tuple(point) for point in array.tolist()]


def _start(profile):
    centre = (profile * np.arange(len(profile))).sum() / profile.sum()
    return int(np.clip(round(14 - centre), 0, 28 - len(profile)))
