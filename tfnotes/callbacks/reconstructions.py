"""What an autoencoder makes of images, beside the images."""

import keras
import numpy as np

from tfnotes import _checks
from tfnotes._tiles import tiled
from tfnotes.callbacks.pictures import Pictures


class Reconstructions(Pictures):
    """Writes images with their reconstructions (重建) below them, for TensorBoard's images, after each epoch.

    Args:
        writer: a `tf.summary.SummaryWriter`, or a folder.
        x: images as the model takes them, of shape `(n, height, width)` or `(n, height, width, 1)`, from 0 to 1.
        reconstruct: called with the model and `x`, gives images of the same shape; None for what the model gives.
        columns: how many stand side by side. Default 16.

    Raises:
        InputError: an argument is wrong.
    """

    def __init__(self, writer, x, reconstruct=None, columns=16):
        super().__init__(writer, self._draw)
        self.x = np.asarray(x)
        if self.x.ndim not in (3, 4) or self.x.shape[3:] not in ((), (1,)) or not len(self.x):
            _checks.refuse(self, "x", "images of shape (n, height, width) or (n, height, width, 1)", self.x.shape)
        if reconstruct is not None and not callable(reconstruct):
            _checks.refuse(self, "reconstruct", "a function of the model and x, or None", reconstruct)
        self.reconstruct = reconstruct or (lambda model, x: model(x, training=False))
        self.columns = _checks.integer(self, "columns", columns)

    def _draw(self, model):
        y = keras.ops.convert_to_numpy(self.reconstruct(model, self.x))
        return {"reconstructions": pairs(self.x, y, self.columns)}


def pairs(x, y, columns):
    """A row of images, below it a row of what was made of them, and so on."""
    x, y = (np.reshape(images, images.shape[:3]) for images in (x, y))
    rows = []
    for k in range(0, len(x), columns):
        for images in (x, y):
            row = images[k : k + columns]
            # The last row of images may be short, and its reconstructions stand below it all the same.
            rows.append(np.pad(row, ((0, columns - len(row)), (0, 0), (0, 0))) if len(x) > columns else row)
    return tiled(np.concatenate(rows), min(columns, len(x)))
