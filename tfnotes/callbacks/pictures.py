"""Pictures of what a model makes: reconstructions, drawings, a map of its codes."""

import keras
import numpy as np

from tfnotes import _checks
from tfnotes.callbacks._images import images
from tfnotes.callbacks._writers import writer_of


class Pictures(keras.callbacks.Callback):
    """Writes pictures for TensorBoard's images after each epoch, and others at the end.

    Args:
        writer: a `tf.summary.SummaryWriter`, or a folder.
        each_epoch: called with the model, gives a dict of pictures by their names, arrays of shape
            `(height, width)` or `(height, width, channels)` from 0 to 1; None for nothing.
        at_end: the same, when training has ended; None for nothing.

    Raises:
        InputError: an argument is wrong.
    """

    def __init__(self, writer, each_epoch=None, at_end=None):
        super().__init__()
        self.writer = writer_of(self, "writer", writer)
        for name, draw in (("each_epoch", each_epoch), ("at_end", at_end)):
            if draw is not None and not callable(draw):
                _checks.refuse(self, name, "a function of the model, or None", draw)
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
            drawn = {name: np.asarray(picture) for name, picture in draw(self.model).items()}
            images({name: picture.reshape(1, *picture.shape[:2], -1) for name, picture in drawn.items()})
        self.writer.flush()
