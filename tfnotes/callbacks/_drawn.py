"""Pictures with writing on them."""

import numpy as np
from PIL import Image, ImageDraw, ImageFont

# Of a confusion matrix: pixels of an entry, and of the letters; in a table of more classes numbers would be illegible.
ENTRY, LETTERS, MOST = 44, 14, 40
CAPTION = 18
_DARK, _GREY = 128, "dimgrey"


def captioned(picture, caption, width=140):
    """A picture enlarged and as bright as it goes, below a line of text.

    Args:
        picture: shape `(height, width, 1 or 3)`, uint8 or from 0 to 1; None for a grey one.
        caption: the line.
        width: pixels that it has at least; each of its own becomes a square.

    Returns:
        uint8 of shape `(height, width, 3)`; the upper `CAPTION` rows hold the text.
    """
    shown = np.full((1, 1, 1), 0.5) if picture is None else np.asarray(picture, "float64")
    if picture is not None and shown.max() > 0:
        shown = shown / shown.max()
    scale = -(-width // shown.shape[1])
    shown = np.round(255 * np.clip(shown, 0, 1)).repeat(scale, 0).repeat(scale, 1).astype("uint8")
    shown = np.broadcast_to(shown, (*shown.shape[:2], 3))
    strip = Image.new("RGB", (shown.shape[1], CAPTION), "white")
    ImageDraw.Draw(strip).text((3, CAPTION // 2), caption, "black", ImageFont.load_default(LETTERS - 2), "lm")
    return np.concatenate([np.asarray(strip), shown])


def matrix(counts, labels):
    """A confusion matrix with its labels and numbers: a row a right class, a column a predicted one.

    Args:
        counts: shape `(classes, classes)`.
        labels: a text for each class.

    Returns:
        uint8 of shape `(height, width, 3)`. An entry is the darker, the larger its share of its row.
    """
    font, shares = ImageFont.load_default(LETTERS), counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
    labels = [str(label) for label in labels]
    side = int(max(font.getlength(label) for label in labels)) + 12
    entry = max(ENTRY, side) if len(labels) <= MOST else 8
    left, top = side + LETTERS + 8, 2 * LETTERS + 16
    size = len(labels) * entry
    picture = Image.new("RGB", (left + size + 1, top + size + 1), "white")
    pen = ImageDraw.Draw(picture)
    pen.text((left + size // 2, 4), "predicted", _GREY, font, "mt")
    upright = Image.new("RGB", (size, LETTERS + 6), "white")
    ImageDraw.Draw(upright).text((size // 2, 2), "label", _GREY, font, "mt")
    picture.paste(upright.rotate(90, expand=True), (0, top))
    for k, label in enumerate(labels if len(labels) <= MOST else ()):
        middle = k * entry + entry // 2
        pen.text((left - 6, top + middle), label, "black", font, "rm")
        pen.text((left + middle, top - 6), label, "black", font, "mb")
    for (row, column), share in np.ndenumerate(shares):
        x, y = left + column * entry, top + row * entry
        shade = 255 - round(255 * share)
        pen.rectangle((x, y, x + entry, y + entry), (shade, shade, 255 - round(100 * share)), "lightgrey")
        if len(labels) <= MOST and counts[row, column]:
            color = "black" if shade > _DARK else "white"
            pen.text((x + entry // 2, y + entry // 2), str(counts[row, column]), color, font, "mm")
    return np.asarray(picture)
