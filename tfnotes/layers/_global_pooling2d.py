"""What the global pooling layers share: which axes are the image's, and what is left of them."""

import keras

from tfnotes import _checks
from tfnotes.layers._base import Stateless


class GlobalPooling2D(Stateless):
    """A layer that reduces each channel of an image to one number."""

    def __init__(self, data_format=None, keepdims=False, **kwargs):
        super().__init__(**kwargs)
        self.data_format = _checks.data_format(self, data_format)
        self.keepdims = _checks.boolean(self, "keepdims", keepdims)
        self.input_spec = keras.InputSpec(ndim=4)

    @property
    def axes(self):
        """Height and width."""
        return (2, 3) if self.data_format == "channels_first" else (1, 2)

    def compute_output_shape(self, input_shape):
        left = [1 if axis in self.axes else n for axis, n in enumerate(input_shape)]
        return tuple(n for axis, n in enumerate(left) if self.keepdims or axis not in self.axes)
