"""The data as a TFDS dataset: noisy signs, drawn when it is prepared. Nothing is fetched."""

import numpy as np
import tensorflow_datasets as tfds

LABELS = ("cross", "bar", "ring")


def drawn(label, generator):
    """A sign as 8 x 8 pixels, 0 or 255, some of them flipped."""
    image = np.zeros((8, 8), bool)
    row, column = generator.integers(1, 5, 2)
    if label == 0:
        image[row + 1], image[:, column + 1] = True, True
    elif label == 1:
        image[row : row + 2] = True
    else:
        image[row - 1 : row + 4, column - 1 : column + 4] = True
        image[row : row + 3, column : column + 3] = False
    return np.where(image ^ (generator.uniform(size=(8, 8)) < 0.02), 255, 0).astype("uint8")


class GlyphsStored(tfds.core.GeneratorBasedBuilder):
    """The dataset `glyphs_stored`."""

    VERSION = tfds.core.Version("1.0.0")

    def _info(self):
        image = tfds.features.Image(shape=(8, 8, 1))
        features = {"image": image, "label": tfds.features.ClassLabel(names=list(LABELS))}
        return tfds.core.DatasetInfo(builder=self, features=tfds.features.FeaturesDict(features))

    def _split_generators(self, dl_manager):
        return {"train": self._generate_examples(240, 1), "test": self._generate_examples(60, 2)}

    def _generate_examples(self, count, seed):
        generator = np.random.default_rng(seed)
        for k in range(count):
            yield k, {"image": drawn(k % 3, generator)[..., None], "label": k % 3}
