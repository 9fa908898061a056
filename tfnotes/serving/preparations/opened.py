"""An image file's bytes as pixels, for what stands before an endpoint of pixels."""

import io

import numpy as np
from PIL import Image

from tfnotes.errors import InputError, first_line


def opened(content, modes):
    """The pixels of an image file.

    Args:
        content: its bytes, as `tfnotes.serving.images.encode` gives them.
        modes: those of Pillow's that are taken as they are; the last one is what others become.

    Returns:
        uint8 array of shape (height, width, channels).

    Raises:
        InputError: it is no image file.
    """
    try:
        with Image.open(io.BytesIO(content)) as image:
            pixels = np.asarray(image if image.mode in modes else image.convert(modes[-1]))
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise InputError(f"encoded: `images` must be image files. Received: {first_line(error)}.") from error
    return pixels if pixels.ndim == 3 else pixels[:, :, None]
