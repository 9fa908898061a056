"""What every augmentation shares: images in both formats, a draw for each, the identity in inference."""

import keras
from keras import ops

from tfnotes import _checks, _share
from tfnotes.augmentation._affine import FILL_MODES, INTERPOLATIONS, affine, affine_by_kernel
from tfnotes.layers._base import Layer


class Augmentation(Layer):
    """A layer that changes images at random in training; a subclass says how in `augment`."""

    def __init__(self, *, seed=None, data_format=None, **kwargs):
        super().__init__(**kwargs)
        largest = _checks.LARGEST_SEED
        self.seed = None if seed is None else _checks.integer(self, "seed", seed, minimum=0, maximum=largest)
        self.data_format = _checks.data_format(self, data_format)
        self.generator = keras.random.SeedGenerator(self.seed)

    def build(self, input_shape):
        if not isinstance(input_shape, (tuple, list)) or len(input_shape) not in (3, 4):
            _checks.refuse(self, "input_shape", "that of an image or of a batch of images", input_shape)
        self.input_spec = keras.InputSpec(min_ndim=3, max_ndim=4)

    # As in Keras, training is the default: `dataset.map(layer)` changes the images.
    def call(self, data, training=True):
        images = ops.cast(data, self.compute_dtype)
        if not training:
            return images
        first, single = self.data_format == "channels_first", len(images.shape) == 3
        images = ops.expand_dims(images, 0) if single else images
        images = ops.transpose(images, (0, 2, 3, 1)) if first else images
        images = self.augment(images)
        images = ops.transpose(images, (0, 3, 1, 2)) if first else images
        return ops.squeeze(images, 0) if single else images

    def augment(self, images):
        """A batch of images, channels last, changed at random."""
        raise NotImplementedError

    def draw(self, count, bounds, dtype="float32"):
        """A number for each image, uniform between the bounds; in single precision at least."""
        dtype = _full(dtype)
        return _share.drawn(
            lambda shape: keras.random.uniform(shape, *bounds, dtype=dtype, seed=self.generator), (count,)
        )

    def compute_output_shape(self, input_shape):
        return input_shape

    def get_config(self):
        return {**super().get_config(), "data_format": self.data_format}


class AffineAugmentation(Augmentation):
    """An augmentation that looks each pixel up at an affine function of its place: `matrix` gives it."""

    def __init__(self, *, fill_mode, interpolation, fill_value, **kwargs):
        super().__init__(**kwargs)
        self.fill_mode = _checks.one_of(self, "fill_mode", fill_mode, FILL_MODES)
        self.interpolation = _checks.one_of(self, "interpolation", interpolation, INTERPOLATIONS)
        self.fill_value = _checks.number(self, "fill_value", fill_value)

    def matrix(self, count, height, width):
        """a0, a1, a2, b0, b1, b2 of as many images: tensors of shape `(count,)`."""
        raise NotImplementedError

    def augment(self, images):
        count, height, width = ops.shape(images)[:3]
        # Half precision has too few digits for the place of a pixel.
        dtype = _full(self.compute_dtype)
        size = ops.cast(height, "float32"), ops.cast(width, "float32")
        matrix = ops.stack([ops.cast(entry, dtype) for entry in self.matrix(count, *size)], axis=1)
        # TensorFlow's kernel computes in single precision, and looks far wrapped pixels up wrongly.
        if dtype == "float64" or self.fill_mode == "wrap":
            return affine(images, matrix, self.interpolation, self.fill_mode, self.fill_value)
        return affine_by_kernel(images, matrix, self.interpolation, self.fill_mode, self.fill_value)


def _full(dtype):
    """Float64 or float32; Keras's own `result_type` knows no float64 on JAX and PyTorch."""
    return "float64" if dtype == "float64" else "float32"


def factor(owner, argument, value, low, high):
    """A number or a pair of numbers between `low` and `high`, as the config keeps it."""
    numbers = value if isinstance(value, (tuple, list)) and len(value) == 2 else (value,)
    for number in numbers:
        inside = isinstance(number, (int, float)) and not isinstance(number, bool) and low <= number <= high
        if not inside:
            _checks.refuse(owner, argument, f"a number or two numbers from {low:g} to {high:g}", value)
    return value if len(numbers) == 1 else tuple(numbers)


def bounds(value):
    """The smallest and the largest draw: a single number stands for itself in both directions."""
    return tuple(sorted(value)) if isinstance(value, tuple) else (-abs(value), abs(value))


def value_range(owner, value):
    """The smallest and the largest value of a pixel."""
    pair = value if isinstance(value, (tuple, list)) and len(value) == 2 else (None,)
    for number in pair:
        if isinstance(number, bool) or not isinstance(number, (int, float)) or not abs(number) < float("inf"):
            _checks.refuse(owner, "value_range", "two finite numbers", value)
    return tuple(sorted(pair))
