"""The task `mnist` on digits that are drawn here, seven segments each, so that nothing is fetched.

With this folder on the path it is found like any installed task, also by a child process.
"""

import dataclasses

import numpy as np
from PIL import Image, ImageDraw

from tfnotes.task import Defaults, Split, Splits
from tfnotes_tasks import autoencode, mnist

CORNERS = {
    "a": ((0, 0), (1, 0)),
    "b": ((1, 0), (1, 1)),
    "c": ((1, 1), (1, 2)),
    "d": ((0, 2), (1, 2)),
    "e": ((0, 1), (0, 2)),
    "f": ((0, 0), (0, 1)),
    "g": ((0, 1), (1, 1)),
}
SEGMENTS = ("abcdef", "bc", "abdeg", "abcdg", "bcfg", "acdfg", "acdefg", "abc", "abcdefg", "abcdfg")

MISLABELLED = (3, 33, 63, 93)


def ink(digit, height, slant=0.0, width=0.12):
    """The share of ink in each pixel, 0-1, of a digit of that height, with a margin of a stroke's width."""
    scale = 4
    stroke = max(1, round(width * height * scale))
    canvas = Image.new("L", (2 * height * scale, height * scale + 2 * stroke))
    drawing = ImageDraw.Draw(canvas)
    for segment in SEGMENTS[digit]:
        ends = [
            (stroke + scale * height * (0.55 * x + slant * (2 - y) / 2), stroke + scale * height * y / 2)
            for x, y in CORNERS[segment]
        ]
        drawing.line(ends, fill=255, width=stroke)
        for x, y in ends:
            drawing.ellipse((x - stroke / 2, y - stroke / 2, x + stroke / 2, y + stroke / 2), fill=255)
    cropped = canvas.crop(canvas.getbbox())
    return np.asarray(cropped.reduce(scale), "float64") / 255


def like_mnist(share):
    """20 pixels on the longer side, the centre of mass on pixel (14, 14) of 28 x 28."""
    height, width = (max(1, round(20 * n / max(share.shape))) for n in share.shape)
    small = Image.fromarray((255 * share).astype("uint8")).resize((width, height), Image.Resampling.BOX)
    pixels = np.asarray(small, "float64")
    top = round(14 - pixels.sum(1) @ np.arange(height) / pixels.sum())
    left = round(14 - pixels.sum(0) @ np.arange(width) / pixels.sum())
    top, left = min(max(top, 0), 28 - height), min(max(left, 0), 28 - width)
    image = np.zeros((28, 28), "uint8")
    image[top : top + height, left : left + width] = pixels
    return image


def on_paper(share, paper=235.0, pen=40.0, size=(300, 260), at=(60, 40)):
    """A picture of that (height, width), floats 0-255; pen and paper are levels."""
    mask = np.zeros(size)
    mask[at[0] : at[0] + share.shape[0], at[1] : at[1] + share.shape[1]] = share
    return paper * (1 - mask) + pen * mask


def digits(data_dir):
    """400, 50 and 100 examples. Some of the test split, each a 3, are labelled 4: known mistakes."""
    generator = np.random.default_rng(0)

    def split(n):
        y = np.arange(n) % 10
        x = [like_mnist(ink(k, 60, generator.uniform(-0.1, 0.3), generator.uniform(0.08, 0.2))) for k in y]
        return Split(np.stack(x), y.astype("int64"))

    splits = Splits(split(400), split(50), split(100))
    splits.test.y[list(MISLABELLED)] = 4
    return splits


TASK = dataclasses.replace(
    mnist.TASK,
    name="drawn",
    title="Drawn digits",
    defaults=Defaults(model="mlp", data="drawn", epochs=5, batch_size=32, learning_rate=0.05),
    sources={"drawn": digits},
    # To the network that knows handwriting they are none.
    reject=None,
)

CODES = dataclasses.replace(
    autoencode.TASK,
    name="drawn-codes",
    defaults=dataclasses.replace(autoencode.TASK.defaults, data="drawn", epochs=1, batch_size=50),
    sources={"drawn": digits},
)
