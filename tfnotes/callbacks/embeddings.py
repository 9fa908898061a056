"""Where a network puts examples: their codes as points in TensorBoard's projector.

    embeddings/tensors.tsv        a line of numbers for each example
               metadata.tsv       what each is called
               sprite.png         its picture
    projector_config.pbtxt        tells TensorBoard of the three
"""

import math
from functools import partial

import keras
import numpy as np
import tensorflow as tf
from PIL import Image

from tfnotes import _checks, files
from tfnotes._tiles import tiled
from tfnotes.callbacks._examples import Examples
from tfnotes.callbacks._layers import inside, watched
from tfnotes.callbacks._writers import folder_of


class Embeddings(keras.callbacks.Callback):
    """Writes the codes (嵌入) of examples for TensorBoard's projector when training ends.

    Args:
        folder: where event files stand, for the projector looks beside them; or the `tf.summary.SummaryWriter` that
            writes there.
        x: examples as the model takes them; a thousand are plenty. An array, a list or dict of arrays for several
            inputs, or a batched `tf.data.Dataset`.
        labels: what each is called; None for its number.
        pictures: the examples as uint8 images of shape `(n, height, width, 1 or 3)`, None for points alone.
        encode: called with the model and `x`, gives codes of shape `(n, ...)`; None for what the last layer with
            weights is given.

    Raises:
        InputError: an argument is wrong, or there is no `encode` and no layer with weights is called.
    """

    def __init__(self, folder, x, labels=None, pictures=None, encode=None):
        super().__init__()
        self.folder = folder_of(self, "folder", folder)
        self.x = Examples(self, Examples(self, x).whole())
        self.labels = labels
        if labels is not None and len(labels) != len(self.x):
            _checks.refuse(self, "labels", f"a name for each of the {len(self.x)} examples", len(labels))
        self.pictures = pictures
        if pictures is not None and (np.ndim(pictures) != 4 or len(pictures) != len(self.x)):
            expected = f"{len(self.x)} images of shape (height, width, 1 or 3)"
            _checks.refuse(self, "pictures", expected, np.shape(pictures))
        if encode is not None and not callable(encode):
            _checks.refuse(self, "encode", "a function of the model and x, or None", encode)
        self.encode = encode
        self._trained = False

    def on_epoch_end(self, epoch, logs=None):
        self._trained = True

    def on_train_end(self, logs=None):
        # A training that was complete already writes nothing anew.
        if not self._trained:
            return
        codes = self.encode(self.model, self.x.whole()) if self.encode else features(self.model, self.x)
        codes = keras.ops.convert_to_numpy(codes)
        codes = codes.reshape(len(codes), -1)
        labels = range(len(codes)) if self.labels is None else self.labels
        # A list of one column has no heading.
        names = (" ".join(str(label).split()) or "-" for label in labels)
        with files.write_aside(self.folder / "embeddings" / "tensors.tsv") as aside:
            np.savetxt(aside, codes, "%.6g", delimiter="\t")
        with files.write_aside(self.folder / "embeddings" / "metadata.tsv") as aside:
            aside.write_text("".join(f"{name}\n" for name in names), "utf-8")
        if self.pictures is not None:
            with files.write_aside(self.folder / "embeddings" / "sprite.png") as aside:
                sprite(self.pictures).save(aside)
        self._tell(codes.shape)

    def _tell(self, shape):
        from google.protobuf import text_format
        from tensorboard.plugins import projector

        config = projector.ProjectorConfig()
        about = config.embeddings.add(tensor_name="codes", tensor_shape=shape)
        about.tensor_path, about.metadata_path = "embeddings/tensors.tsv", "embeddings/metadata.tsv"
        if self.pictures is not None:
            height, width = self.pictures.shape[1:3]
            about.sprite.image_path = "embeddings/sprite.png"
            about.sprite.single_image_dim.extend([width, height])
        with files.write_aside(self.folder / "projector_config.pbtxt") as aside:
            aside.write_text(text_format.MessageToString(config), "utf-8")


def features(model, x):
    """What the last layer with weights that a model calls is given for `Examples`."""
    layers = inside(model, composite=False)
    weighted = {name: layer for name, layer in layers.items() if getattr(layer, "weights", ())}

    @partial(tf.function, reduce_retracing=True, autograph=False)
    def last(batch):
        with watched(weighted) as calls:
            model(batch, training=False)
        if not calls:
            expected = "given for a model that calls no layer with weights"
            _checks.refuse("Embeddings", "encode", expected, None)
        return calls[-1][1]

    return np.concatenate([last(batch).numpy() for batch in x.batches(model)])


def sprite(pictures):
    """A square of pictures, row after row, as the projector wants them."""
    side = math.ceil(math.sqrt(len(pictures)))
    square = np.zeros((side * side, *np.shape(pictures)[1:]), "uint8")
    square[: len(pictures)] = pictures
    square = tiled(square, side, line=None)
    return Image.fromarray(square[..., 0] if square.shape[-1] == 1 else square)
