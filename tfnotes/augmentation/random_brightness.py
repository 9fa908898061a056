"""Random brightness: each image becomes lighter or darker as a whole.

    delta ~ (high - low) * Uniform(factor)             value_range = low, high
    y     = clip(x + delta, low, high)

Every pixel and channel of an image gets the same delta.
"""

from keras import ops

from tfnotes.augmentation._base import Augmentation, bounds
from tfnotes.augmentation._base import factor as factor_in_range
from tfnotes.augmentation._base import value_range as values_in_range
from tfnotes.registry import Sample, concept


def brighten(images, delta, low, high):
    """Adds `delta`, one for each image, and cuts off at `low` and `high`."""
    return ops.clip(images + ops.reshape(delta, (-1, 1, 1, 1)), low, high)


@concept(
    en="random brightness",
    zh="随机亮度",
    twin="keras.layers.RandomBrightness",
    notes=["003:180"],
    samples=[
        Sample({"factor": 0.2, "value_range": (-3, 3), "seed": 1}, (3, 5, 4, 2)),
        Sample({"factor": (0.1, 0.4), "seed": 1}, (4, 6, 1)),
        Sample({"factor": 0.0, "value_range": (-9, 9)}, (2, 4, 4, 3)),
    ],
    bench=Sample({"factor": 0.2, "seed": 1}, (32, 64, 64, 3)),
)
class RandomBrightness(Augmentation):
    """Random brightness (随机亮度): adds a number drawn for each image.

    Args:
        factor: largest change as a share of the value range, in both directions, or a pair: the smallest and
            the largest, positive ones lighter. From -1 to 1.
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

    Differences from keras.layers.RandomBrightness: integers become floats in any case, where Keras's layer
    adds to them as integers, so that 0 darkened becomes 255; takes images alone, without boxes, labels or
    masks; in a `tf.data` pipeline it needs the TensorFlow backend.

    Notes: 003:180 (中文名: 随机亮度).

    >>> print(RandomBrightness((0.1, 0.1))(ops.array([[[0.0], [250.0]]]))[..., 0].numpy())
    [[ 25.5 255. ]]
    """

    def __init__(self, factor, value_range=(0, 255), seed=None, **kwargs):
        super().__init__(seed=seed, **kwargs)
        self.factor = bounds(factor_in_range(self, "factor", factor, -1, 1))
        self.value_range = values_in_range(self, value_range)

    def augment(self, images):
        low, high = self.value_range
        delta = self.draw(ops.shape(images)[0], self.factor) * (high - low)
        return brighten(images, ops.cast(delta, images.dtype), low, high)
