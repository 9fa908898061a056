"""Where a network puts examples: their codes as points in TensorBoard's projector.

    embeddings/tensors.tsv        a line of numbers for each example
               metadata.tsv       what each is called
               sprite.png         its picture
    projector_config.pbtxt        tells TensorBoard of the three
"""

import math
from pathlib import Path

import keras
import numpy as np
from PIL import Image

from tfnotes import files
from tfnotes.callbacks.pictures import tiled
from tfnotes.errors import InputError


class Embeddings(keras.callbacks.Callback):
    """Writes the codes (嵌入) of examples for TensorBoard's projector when training ends.

    Args:
        folder: where event files stand, for the projector looks beside them.
        x: examples as the model takes them; a thousand are plenty.
        labels: what each is called; None for its number.
        pictures: the examples as uint8 images of shape `(n, height, width, 1 or 3)`, None for points alone.
        encode: called with the model and `x`, gives codes of shape `(n, ...)`; None for what the last layer with
            weights is given.

    Raises:
        InputError: there is no `encode`, and the model doesn't know its inputs or has no weights.
    """

    def __init__(self, folder, x, labels=None, pictures=None, encode=None):
        super().__init__()
        self.folder = Path(folder)
        self.x = x
        self.labels = labels
        self.pictures = pictures
        self.encode = encode or features
        self._trained = False

    def on_epoch_end(self, epoch, logs=None):
        self._trained = True

    def on_train_end(self, logs=None):
        # A training that was complete already writes nothing anew.
        if not self._trained:
            return
        codes = keras.ops.convert_to_numpy(self.encode(self.model, self.x))
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
    """What a model's last layer with weights is given for `x`."""
    weighted = [layer for layer in getattr(model, "layers", ()) if layer.weights]
    if not getattr(model, "inputs", None) or not weighted:
        raise InputError(
            "Embeddings: `encode` must be given for a model that doesn't know its inputs, or has no weights. "
            f"Received: encode=None with {type(model).__name__}."
        )
    inputs = model.inputs if len(model.inputs) > 1 else model.inputs[0]
    return keras.Model(inputs, weighted[-1].input).predict(x, verbose=0)


def sprite(pictures):
    """A square of pictures, row after row, as the projector wants them."""
    side = math.ceil(math.sqrt(len(pictures)))
    square = np.zeros((side * side, *np.shape(pictures)[1:]), "uint8")
    square[: len(pictures)] = pictures
    square = tiled(square, side, line=None)
    return Image.fromarray(square[..., 0] if square.shape[-1] == 1 else square)
