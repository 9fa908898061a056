"""Images side by side, in NumPy."""

import numpy as np


def tiled(images, columns, line=0.5, empty=0):
    """Images side by side in one picture, row after row.

    Args:
        images: shape `(n, height, width)`, or `(n, height, width, channels)`.
        columns: how many stand in a row.
        line: shade of a line of one pixel between them, None for no line.
        empty: shade of the places that are left in the last row.
    """
    images = np.asarray(images)
    n, height, width, *channels = images.shape
    rows, gap = -(-n // columns), int(line is not None)
    places = np.full((rows * columns, height + gap, width + gap, *channels), line if gap else empty, images.dtype)
    places[:n, :height, :width] = images
    places[n:, :height, :width] = empty
    picture = places.reshape(rows, columns, *places.shape[1:]).swapaxes(1, 2)
    picture = picture.reshape(rows * (height + gap), columns * (width + gap), *channels)
    return picture[:-gap, :-gap] if gap else picture
