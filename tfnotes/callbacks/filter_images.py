"""What the first layer looks for: its filters as pictures."""

import math

import keras
import numpy as np

from tfnotes import _checks
from tfnotes._tiles import tiled
from tfnotes.callbacks._images import images
from tfnotes.callbacks._layers import inside
from tfnotes.callbacks._writers import writer_of


class FilterImages(keras.callbacks.Callback):
    """Writes the filters of the first layer that sees pixels, side by side, for TensorBoard's images.

    Grey is zero, white the most positive weight, black the most negative. A convolution's filters are
    shown; so are a dense layer's units that see all pixels of an image. A model with neither shows none.

    Args:
        writer: a `tf.summary.SummaryWriter`, or a folder.
        most: how many filters at most.
        scale: pixels of the picture for one weight, None to choose by the filter's size.
    """

    def __init__(self, writer, most=64, scale=None):
        super().__init__()
        self.writer = writer_of(self, "writer", writer)
        self.most = _checks.integer(self, "most", most)
        self.scale = None if scale is None else _checks.integer(self, "scale", scale)

    def on_epoch_end(self, epoch, logs=None):
        layer, filters = first_filters(self.model)
        if layer is None:
            return
        scale = self.scale or max(1, 40 // filters.shape[1])
        with self.writer.as_default(step=epoch + 1):
            images({f"filters/{layer.name}": grid(filters[: self.most], scale)[None]})
        self.writer.flush()


def first_filters(model):
    """The first layer with filters over pixels, and the filters, of shape `(n, height, width, 1 or 3)`."""
    image = tuple(model.input_shape[1:]) if hasattr(model, "input_shape") else ()
    for layer in inside(model).values():
        if not isinstance(getattr(layer, "kernel", None), keras.Variable):
            continue
        kernel = keras.ops.convert_to_numpy(layer.kernel)
        if kernel.ndim == 2 and len(image) == 3 and math.prod(image) == kernel.shape[0]:
            kernel = kernel.reshape(*image, -1)
        if kernel.ndim != 4:
            break
        # More channels than a picture has are averaged.
        if kernel.shape[2] not in (1, 3):
            kernel = kernel.mean(2, keepdims=True)
        return layer, np.moveaxis(kernel, -1, 0)
    return None, None


def grid(filters, scale):
    """Filters side by side in a nearly square uint8 picture, on one common scale of grey."""
    largest = max(float(np.abs(filters).max()), 1e-12)
    shades = np.round(127.5 + 127.5 * filters / largest).astype("uint8")
    shades = shades.repeat(scale, axis=1).repeat(scale, axis=2)
    return tiled(shades, math.ceil(math.sqrt(len(shades))), line=255, empty=255)
