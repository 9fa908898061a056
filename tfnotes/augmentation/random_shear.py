"""Random shear: rows and columns of each image slide along each other.

    sx ~ sign * Uniform(x_factor)           sign: 1 or -1, for both the same
    sy ~ sign * Uniform(y_factor)
    x = x' + sx * y'
    y = sy * x' + y'

(x', y') is a pixel of the output, (x, y) where it is looked up; the upper left pixel stays in place.
"""

from keras import ops

from tfnotes.augmentation._base import AffineAugmentation, bounds, factor
from tfnotes.registry import Sample, concept


def shear(sx, sy):
    """a0, a1, a2, b0, b1, b2 of a shear by `sx` along the rows and `sy` along the columns."""
    one, zero = ops.ones_like(sx), ops.zeros_like(sx)
    return one, sx, zero, sy, one, zero


@concept(
    en="random shear",
    zh="随机错切",
    twin="keras.layers.RandomShear",
    notes=["003:180"],
    samples=[
        Sample({"x_factor": 0.3, "y_factor": 0.1, "seed": 1}, (3, 5, 4, 2)),
        Sample({"x_factor": (0.1, 0.4), "fill_mode": "constant", "fill_value": -1.0, "seed": 1}, (4, 6, 1)),
        Sample({"y_factor": 1.0, "fill_mode": "nearest", "seed": 1}, (2, 4, 4, 1)),
    ],
    exempt={"parity in training": "Keras's kernel rounds positions; tests/augmentation compares to 1e-4"},
    bench=Sample({"x_factor": 0.2, "y_factor": 0.2, "seed": 1}, (32, 64, 64, 3)),
)
class RandomShear(AffineAugmentation):
    """Random shear (随机错切): by an amount drawn for each image.

    Args:
        x_factor: largest shear along the rows, or a pair: the smallest and the largest; its sign is drawn,
            too. From 0 to 1. Default 0.
        y_factor: likewise along the columns.
        fill_mode: what lies outside of the image: "reflect", "wrap", "constant" or "nearest". Default
            "reflect".
        interpolation: "bilinear" or "nearest". Default "bilinear".
        seed: an int or None. Default None.
        fill_value: what lies outside of the image in mode "constant". Default 0.
        data_format: "channels_last" or "channels_first". Default Keras's.


    Call arguments:
        inputs: an image or a batch of images, shape `(..., height, width, channels)`, or `(..., channels,
            height, width)` for "channels_first"; floats or integers.
        training: whether images are changed. Default True, as in Keras; a model in inference passes False.

    Returns:
        Shape of the inputs, in the layer's compute dtype. In inference the same numbers as the inputs.

    Raises:
        ValueError: `x_factor`, `y_factor` or one of the others isn't as above, or the inputs aren't
            images.

    Differences from keras.layers.RandomShear: a config of it loads again (Keras refuses its own for a
    single number); takes images alone, without boxes, labels or masks; "wrap" is exact, where TensorFlow's
    kernel looks far pixels up wrongly; in float64 places and gradients are exact, too, which that kernel
    rounds and approximates; in a `tf.data` pipeline it needs the TensorFlow backend.

    Notes: 003:180 (中文名: 随机错切).

    >>> RandomShear(0.5, 0.5, seed=1)(ops.ones((2, 5, 5, 3))).shape == (2, 5, 5, 3)
    True
    """

    def __init__(
        self,
        x_factor=0.0,
        y_factor=0.0,
        interpolation="bilinear",
        fill_mode="reflect",
        fill_value=0.0,
        data_format=None,
        seed=None,
        **kwargs,
    ):
        super().__init__(
            fill_mode=fill_mode,
            interpolation=interpolation,
            fill_value=fill_value,
            seed=seed,
            data_format=data_format,
            **kwargs,
        )
        self.x_factor = factor(self, "x_factor", x_factor, 0, 1)
        self.y_factor = factor(self, "y_factor", y_factor, 0, 1)

    @classmethod
    def from_config(cls, config):
        # Keras writes a number as a pair, which its own constructor refuses.
        pairs = {n: config[n] for n in ("x_factor", "y_factor") if isinstance(config.get(n), (tuple, list))}
        numbers = {n: high for n, (low, high) in pairs.items() if low == -high}
        return super().from_config({**config, **numbers})

    def matrix(self, count, height, width):
        # The order and dtype of Keras's draws, so that the same seed gives the same images.
        dtype = self.compute_dtype
        flipped = self.draw(count, (0, 1), dtype) > 0.5
        sy = self.draw(count, bounds(self.y_factor), dtype)
        sx = self.draw(count, bounds(self.x_factor), dtype)
        sx, sy = (ops.where(flipped, -s, s) for s in (sx, sy))
        return shear(sx, sy)
