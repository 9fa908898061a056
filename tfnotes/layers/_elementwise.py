"""What layers share that change numbers but no shape."""

from tfnotes.layers._base import Layer


class Elementwise(Layer):
    """A layer whose output has the shape of its input; a mask passes on."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.supports_masking = True

    def compute_output_shape(self, input_shape):
        return input_shape
