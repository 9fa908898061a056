"""Pictures of what a model makes: reconstructions, drawings, a map of its codes."""

import keras
import numpy as np
import tensorflow as tf


class Pictures(keras.callbacks.Callback):
    """Writes pictures for TensorBoard's images after each epoch, and others at the end.

    Args:
        writer: a `tf.summary.SummaryWriter`.
        each_epoch: called with the model, gives a dict of pictures by their names, arrays of shape
            `(height, width)` or `(height, width, channels)` from 0 to 1; None for nothing.
        at_end: the same, when training has ended; None for nothing.
    """

    def __init__(self, writer, each_epoch=None, at_end=None):
        super().__init__()
        self.writer = writer
        self.each_epoch = each_epoch
        self.at_end = at_end
        self._epoch = 0

    def on_epoch_end(self, epoch, logs=None):
        self._epoch = epoch + 1
        if self.each_epoch:
            self._write(self.each_epoch)

    def on_train_end(self, logs=None):
        # A training that was complete already draws nothing anew.
        if self.at_end and self._epoch:
            self._write(self.at_end)

    def _write(self, draw):
        with self.writer.as_default(step=self._epoch):
            for name, picture in draw(self.model).items():
                picture = np.clip(np.asarray(picture, "float32"), 0, 1)
                tf.summary.image(name, picture.reshape(1, *picture.shape[:2], -1))
        self.writer.flush()


def tiled(images, columns):
    """Images of shape `(n, height, width)` side by side, row after row, with a grey line between them."""
    images = np.asarray(images)
    n, height, width = images.shape
    rows = -(-n // columns)
    picture = np.full((rows * columns, height + 1, width + 1), 0.5, images.dtype)
    picture[:n, :-1, :-1] = images
    picture[n:, :-1, :-1] = 0
    picture = picture.reshape(rows, columns, height + 1, width + 1).swapaxes(1, 2)
    return picture.reshape(rows * (height + 1), columns * (width + 1))[:-1, :-1]
