"""Random rotation: each image is turned about its center.

    angle ~ 2 pi * Uniform(factor)                     counter-clockwise
    x = cos(angle) * (x' - cx) - sin(angle) * (y' - cy) + cx
    y = sin(angle) * (x' - cx) + cos(angle) * (y' - cy) + cy

(x', y') is a pixel of the output, (x, y) where it is looked up, (cx, cy) the center; rows count downwards.
"""

import math

from keras import ops

from tfnotes.augmentation._base import AffineAugmentation, bounds
from tfnotes.augmentation._base import factor as factor_in_range
from tfnotes.registry import Sample, concept


def rotation(angle, height, width):
    """a0, a1, a2, b0, b1, b2 of a turn by `angle` (radians, counter-clockwise) about the center."""
    cos, sin = ops.cos(angle), ops.sin(angle)
    cx, cy = (width - 1) / 2, (height - 1) / 2
    return cos, -sin, cx - cx * cos + cy * sin, sin, cos, cy - cx * sin - cy * cos


@concept(
    en="random rotation",
    zh="随机旋转",
    twin="keras.layers.RandomRotation",
    notes=["003:180"],
    samples=[
        Sample({"factor": 0.2, "seed": 1}, (3, 5, 4, 2)),
        Sample({"factor": (0.1, 0.4), "fill_mode": "constant", "fill_value": 2.0, "seed": 1}, (4, 6, 1)),
        Sample(
            {"factor": 1.0, "interpolation": "nearest", "data_format": "channels_first", "seed": 1},
            (2, 1, 5, 5),
        ),
    ],
    exempt={"parity in training": "Keras's kernel rounds positions; tests/augmentation compares to 1e-4"},
    bench=Sample({"factor": 0.2, "seed": 1}, (32, 64, 64, 3)),
)
class RandomRotation(AffineAugmentation):
    """Random rotation (随机旋转): by an angle drawn for each image.

    Args:
        factor: largest angle as a share of a full turn, in both directions, or a pair: the smallest and the
            largest angle, positive ones counter-clockwise. From -1 to 1.
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
        ValueError: `factor` or one of the others isn't as above, or the inputs aren't images.

    Differences from keras.layers.RandomRotation: takes images alone, without boxes, labels or masks; "wrap"
    is exact, where TensorFlow's kernel looks far pixels up wrongly; in float64 places and gradients are
    exact, too, which that kernel rounds and approximates; in a `tf.data` pipeline it needs the TensorFlow
    backend.

    Notes: 003:180 (中文名: 随机旋转).

    >>> layer = RandomRotation((0.25, 0.25))
    >>> print(abs(ops.round(layer(ops.array([[[1.0], [2.0]], [[3.0], [4.0]]])))[..., 0].numpy()))
    [[2. 4.]
     [1. 3.]]
    """

    def __init__(
        self,
        factor,
        fill_mode="reflect",
        interpolation="bilinear",
        seed=None,
        fill_value=0.0,
        data_format=None,
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
        self.factor = bounds(factor_in_range(self, "factor", factor, -1, 1))

    def matrix(self, count, height, width):
        angle = 2 * math.pi * self.draw(count, self.factor)
        return rotation(angle, height, width)
