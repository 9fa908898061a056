"""Random contrast: each channel of each image is spread out or drawn together about its mean.

    c ~ Uniform(1 - lower, 1 + upper)                                factor = lower, upper
    y = clip((x - mean) * c + mean, low, high)                       value_range = low, high

The mean is of each channel of each image; c is one number for an image.
"""

from keras import ops

from tfnotes.augmentation._base import Augmentation
from tfnotes.augmentation._base import factor as factor_in_range
from tfnotes.augmentation._base import value_range as values_in_range
from tfnotes.registry import Sample, concept


def contrast(images, c, low, high):
    """Multiplies each channel's distance from its mean by `c`, one for each image, and cuts off."""
    mean = ops.mean(images, axis=(1, 2), keepdims=True)
    return ops.clip((images - mean) * ops.reshape(c, (-1, 1, 1, 1)) + mean, low, high)


@concept(
    en="random contrast",
    zh="随机对比度",
    twin="keras.layers.RandomContrast",
    notes=["003:180"],
    samples=[
        Sample({"factor": (0.2, 0.5), "value_range": (-3, 3), "seed": 1}, (3, 5, 4, 2)),
        Sample({"factor": (0.1, 0.1), "seed": 1}, (4, 6, 1)),
        Sample({"factor": 0.0, "value_range": (-9, 9)}, (2, 4, 4, 3)),
    ],
    exempt={"float64 on other backends": "Keras takes the mean of float64 in float32 on JAX and PyTorch"},
    bench=Sample({"factor": (0.2, 0.2), "seed": 1}, (32, 64, 64, 3)),
)
class RandomContrast(Augmentation):
    """Random contrast (随机对比度): a factor drawn for each image.

    Args:
        factor: how much the contrast may fall and rise, as a share; or a pair: by how much it may fall, and
            by how much rise. From 0 to 1.
        value_range: the smallest and the largest value of a pixel, at which the result is cut off. Default
            `(0, 255)`.
        seed: an int or None. Default None.

    Call arguments:
        inputs: an image or a batch of images, rank 3 or 4; floats or integers.
        training: whether images are changed. Default True, as in Keras; a model in inference passes False.

    Returns:
        Shape of the inputs, in the layer's compute dtype. In inference the same numbers as the inputs.

    Raises:
        ValueError: `factor`, `value_range` or `seed` isn't as above, or the inputs aren't images.

    Differences from keras.layers.RandomContrast: a single number lowers the contrast as well as raising it,
    as Keras documents (its layer only raises it), and a pair isn't sorted; takes images alone, without boxes,
    labels or masks; in a `tf.data` pipeline it needs the TensorFlow backend.

    Notes: 003:180 (中文名: 随机对比度).

    >>> layer = RandomContrast((0.0, 1.0), seed=1)
    >>> print(layer(ops.full((1, 2, 1), 7.0))[..., 0].numpy())
    [[7. 7.]]
    """

    def __init__(self, factor, value_range=(0, 255), seed=None, **kwargs):
        super().__init__(seed=seed, **kwargs)
        self.factor = factor_in_range(self, "factor", factor, 0, 1)
        self.value_range = values_in_range(self, value_range)

    def augment(self, images):
        lower, upper = self.factor if isinstance(self.factor, tuple) else (self.factor, self.factor)
        c = self.draw(ops.shape(images)[0], (1 - lower, 1 + upper), self.compute_dtype)
        return contrast(images, ops.cast(c, images.dtype), *self.value_range)
