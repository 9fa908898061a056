"""The task: it has a source, a model, a way in for files of its own kind, pictures, and a callback."""

import keras
import tensorflow as tf
from keras import ops

from glyphs.dataset import LABELS
from glyphs.sources import STORED
from tfnotes import callbacks, layers
from tfnotes.data import prepared
from tfnotes.errors import InputError
from tfnotes.task import Defaults, Endpoint, Task

INK, PAPER = b"#", b"."


def stored(data_dir=None):
    """The prepared data; the last tenth of each label's training examples is for validation."""
    return prepared.splits(STORED, data_dir)


def small(*, filters=8):
    return keras.Sequential(
        [
            keras.Input((8, 8, 1)),
            layers.Conv2D(filters, 3, activation="relu", name="conv"),
            layers.GlobalMaxPooling2D(name="pool"),
            layers.Dense(len(LABELS), name="logits"),
        ],
        name="small",
    )


def prepare(pixels):
    return ops.cast(pixels, "float32") / 255.0


def decode(data, name):
    """A text of eight lines of eight characters, "#" for ink and "." for paper, as 64 bytes."""
    lines = data.split()
    if len(lines) != 8 or any(len(line) != 8 or line.strip(INK + PAPER) for line in lines):
        raise InputError(f"{name}: `file` must hold eight lines of eight characters, # or '.'. Received: another text.")
    return b"".join(lines).replace(INK, b"\xff").replace(PAPER, b"\0")


def endpoints(model, prepare):
    def pixels(pixels):
        probabilities = ops.softmax(model(prepare(pixels), training=False))
        return {"sign": ops.argmax(probabilities, axis=-1), "probabilities": probabilities}

    def encoded(contents):
        return pixels(tf.reshape(tf.io.decode_raw(contents, tf.uint8), (-1, 8, 8, 1)))

    def files(x):
        return ([image.tobytes() for image in x],)

    return {
        "pixels": Endpoint(pixels, (tf.TensorSpec((None, 8, 8, 1), tf.uint8, name="pixels"),)),
        "encoded": Endpoint(encoded, (tf.TensorSpec((None,), tf.string, name="files"),), files),
    }


def shows(look):
    x, y = look.examples.x, look.examples.y
    return [callbacks.FilterImages(look.train), callbacks.Mistakes(look.validation, look.predictions, y, LABELS, x)]


TASK = Task(
    name="glyphs",
    title="Signs of 8 x 8 characters",
    labels=LABELS,
    sources={"stored": stored},
    models={"small": small},
    defaults=Defaults(epochs=15, learning_rate=0.02),
    prepare=prepare,
    endpoints=endpoints,
    shows=shows,
    decode=decode,
    picture=lambda x: x,
)
