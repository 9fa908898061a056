"""Images drawn by an export, side by side in one picture."""

import numpy as np
from PIL import Image

from tfnotes import _checks, _tiles, files
from tfnotes.errors import InputError
from tfnotes.serving import preparations

LIMIT = 10_000
"""More images than this are refused: a picture of them would be too large to look at, and they are made at once."""


def sample(exported, count, seed, out):
    """Draws images with the endpoint `sample` and writes them as one picture.

    Where `metadata.json` says which codes lead to a drawing, they are drawn by NumPy, the same whatever runs the model.

    Args:
        exported: a `tfnotes.serving.exported.Exported` with the endpoint `sample`.
        count: how many, at most `LIMIT`.
        seed: the same seed gives the same images.
        out: path of the picture, whose ending says its format, such as .png.

    Returns:
        The images, of shape `(count, height, width)`, from 0 to 1.

    Raises:
        InputError: the export has no endpoint `sample`, or an argument is out of range.
        OSError: the picture can't be written.
    """
    if _checks.integer("sample", "n", count) > LIMIT:
        _checks.refuse("sample", "n", f"at most {LIMIT:,}", count)
    if _checks.integer("sample", "seed", seed, minimum=0) >= 2**31:
        _checks.refuse("sample", "seed", "below 2 ** 31", seed)
    Image.init()
    if Image.EXTENSION.get(out.suffix.lower()) not in Image.SAVE:
        _checks.refuse("sample", "out", "the name of an image file, such as grid.png", str(out))
    images = _drawn(exported, count, seed)
    picture = _tiles.tiled(images, int(np.ceil(count**0.5)))
    with files.write_aside(out) as aside:
        # Beside it the file has another name, whose ending says nothing.
        Image.fromarray(np.round(255 * picture).astype("uint8")).save(aside, Image.EXTENSION[out.suffix.lower()])
    return images


def _drawn(exported, count, seed):
    way = exported.metadata["endpoints"].get("sample")
    if preparations.known(way, exported.endpoints):
        return preparations.answer(exported, "sample", {"count": count, "seed": seed})["images"]
    images = exported.ask("sample", count, seed).get("images")
    if images is None or images.ndim != 3:
        raise InputError(
            "sample: `export` must draw `images` of shape (count, height, width). "
            f"Received: {exported.path}, which gives {'none' if images is None else f'{list(images.shape)}'}."
        )
    return images
