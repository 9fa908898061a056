"""Random zoom: each image is enlarged or reduced about its center.

    zx ~ 1 + Uniform(width_factor)                     above 1 reduces, below 1 enlarges
    zy ~ 1 + Uniform(height_factor)                    zx = zy without a width_factor
    x = zx * (x' - cx) + cx
    y = zy * (y' - cy) + cy

(x', y') is a pixel of the output, (x, y) where it is looked up, (cx, cy) the center.
"""

from keras import ops

from tfnotes.augmentation._base import AffineAugmentation, bounds, factor
from tfnotes.registry import Sample, concept


def zoom(zx, zy, height, width):
    """a0, a1, a2, b0, b1, b2 of a zoom that shows `zx` times the width and `zy` times the height."""
    zero = ops.zeros_like(zx)
    return zx, zero, (width - 1) / 2 * (1 - zx), zero, zy, (height - 1) / 2 * (1 - zy)


@concept(
    en="random zoom",
    zh="随机缩放",
    twin="keras.layers.RandomZoom",
    notes=["003:180"],
    samples=[
        Sample({"height_factor": 0.2, "width_factor": 0.3, "seed": 1}, (3, 5, 4, 2)),
        Sample({"height_factor": (0.1, 0.4), "fill_mode": "constant", "seed": 1}, (4, 6, 1)),
        Sample({"height_factor": (-0.5, -0.2), "fill_mode": "nearest", "seed": 1}, (2, 4, 4, 1)),
    ],
    exempt={"parity in training": "Keras's kernel rounds positions; tests/augmentation compares to 1e-4"},
    bench=Sample({"height_factor": 0.2, "seed": 1}, (32, 64, 64, 3)),
)
class RandomZoom(AffineAugmentation):
    """Random zoom (随机缩放): by a factor drawn for each image.

    Args:
        height_factor: how much more or less of the height is shown, or a pair: the least and the most;
            positive shows more, smaller, and negative less, larger. From above -1 to 1.
        width_factor: likewise of the width. Default None: the draw for the height, which keeps the shape of
            things.
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
        ValueError: `height_factor`, `width_factor` or one of the others isn't as above, or the
            inputs aren't images.

    Differences from keras.layers.RandomZoom: takes images alone, without boxes, labels or masks; "wrap" is
    exact, where TensorFlow's kernel looks far pixels up wrongly; in float64 places and gradients are exact,
    too, which that kernel rounds and approximates; in a `tf.data` pipeline it needs the TensorFlow backend.

    Notes: 003:180 (中文名: 随机缩放).

    >>> layer = RandomZoom((1.0, 1.0), fill_mode="constant")
    >>> print(layer(ops.ones((4, 4, 1)))[..., 0].numpy())
    [[0. 0. 0. 0.]
     [0. 1. 1. 0.]
     [0. 1. 1. 0.]
     [0. 0. 0. 0.]]
    """

    def __init__(
        self,
        height_factor,
        width_factor=None,
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
        # Down to -1 and not at it, where nothing would be shown: the next number above.
        least = -1 + 2**-53
        self.height_factor = factor(self, "height_factor", height_factor, least, 1)
        self.width_factor = None
        if width_factor is not None:
            self.width_factor = factor(self, "width_factor", width_factor, least, 1)

    def matrix(self, count, height, width):
        zy = 1 + self.draw(count, bounds(self.height_factor))
        zx = zy if self.width_factor is None else 1 + self.draw(count, bounds(self.width_factor))
        return zoom(zx, zy, height, width)
