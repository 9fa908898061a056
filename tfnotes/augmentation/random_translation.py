"""Random translation: each image is shifted.

    dx ~ width * Uniform(width_factor)                 to the right
    dy ~ height * Uniform(height_factor)               downwards
    x = x' - dx
    y = y' - dy

(x', y') is a pixel of the output, (x, y) where it is looked up.
"""

from keras import ops

from tfnotes.augmentation._base import AffineAugmentation, bounds, factor
from tfnotes.registry import Sample, concept


def translation(dx, dy):
    """a0, a1, a2, b0, b1, b2 of a shift by `dx` to the right and `dy` downwards."""
    one, zero = ops.ones_like(dx), ops.zeros_like(dx)
    return one, zero, -dx, zero, one, -dy


@concept(
    en="random translation",
    zh="随机平移",
    twin="keras.layers.RandomTranslation",
    notes=["003:180"],
    samples=[
        Sample({"height_factor": 0.2, "width_factor": 0.3, "seed": 1}, (3, 5, 4, 2)),
        Sample(
            {"height_factor": (0.1, 0.4), "width_factor": 0, "fill_mode": "constant", "seed": 1}, (4, 6, 1)
        ),
        Sample(
            {"height_factor": 0, "width_factor": (-1, -0.5), "fill_mode": "wrap", "seed": 1}, (2, 4, 4, 1)
        ),
    ],
    exempt={"parity in training": "Keras's kernel rounds positions; tests/augmentation compares to 1e-4"},
    bench=Sample({"height_factor": 0.2, "width_factor": 0.2, "seed": 1}, (32, 64, 64, 3)),
)
class RandomTranslation(AffineAugmentation):
    """Random translation (随机平移): by a distance drawn for each image.

    Args:
        height_factor: largest shift as a share of the height, in both directions, or a pair: the smallest
            and the largest, positive ones downwards. From -1 to 1.
        width_factor: likewise of the width, positive ones to the right.
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

    Differences from keras.layers.RandomTranslation: takes images alone, without boxes, labels or masks;
    "wrap" is exact, where TensorFlow's kernel looks far pixels up wrongly; in float64 places and gradients
    are exact, too, which that kernel rounds and approximates; in a `tf.data` pipeline it needs the
    TensorFlow backend.

    Notes: 003:180 (中文名: 随机平移).

    >>> layer = RandomTranslation(0, (0.5, 0.5), fill_mode="constant")
    >>> print(layer(ops.array([[[1.0], [2.0]], [[3.0], [4.0]]]))[..., 0].numpy())
    [[0. 1.]
     [0. 3.]]
    """

    def __init__(
        self,
        height_factor,
        width_factor,
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
        self.height_factor = factor(self, "height_factor", height_factor, -1, 1)
        self.width_factor = factor(self, "width_factor", width_factor, -1, 1)

    def matrix(self, count, height, width):
        dy = self.draw(count, bounds(self.height_factor)) * height
        dx = self.draw(count, bounds(self.width_factor)) * width
        return translation(dx, dy)
