"""MNIST: which of the ten digits a handwritten image of 28 x 28 pixels shows."""

from functools import partial

import keras
import tensorflow as tf
from keras import ops

from tfnotes import _checks, callbacks, losses, models, optimizers
from tfnotes.serving import images, inside
from tfnotes.task import Defaults, Endpoint, Recipe, Task, Via
from tfnotes_tasks.mnist import data, foreign, ink

SHAPE, CLASSES = (28, 28, 1), 10
LABELS = tuple("0123456789")

NOTES = {
    "pixels": "28 x 28 grey levels, 0 for paper and 255 for ink; the digit 20 pixels long, its centre of mass inmost",
    "images": "the bytes of PNG, JPEG, GIF or BMP files of any size",
    "digit": "the index of the label",
    "probabilities": "of each label, in the labels' order",
    "is_digit": "false for what is no digit, such as letters, noise or a blank sheet; nothing else counts then",
}


def prepare(pixels):
    """Pixels 0-255 of shape (N, 28, 28) as floats 0-1 of shape (N, 28, 28, 1)."""
    return ops.expand_dims(ops.cast(pixels, "float32") / 255.0, -1)


def optimizer(learning_rate, *, momentum=0.9):
    """Stochastic gradient descent with momentum.

    Args:
        learning_rate: of the first epoch.
        momentum: how much of the last step goes on into the next, from 0 to 1.
    """
    return optimizers.SGD(learning_rate, momentum=momentum)


def adam(learning_rate, *, clipnorm=1.0):
    """Adam, each weight's gradient held to a norm.

    Args:
        learning_rate: of the first epoch.
        clipnorm: the largest norm of a weight's gradient.
    """
    _checks.number("mnist", "clipnorm", clipnorm, low=0, exclusive=True)
    return optimizers.Adam(learning_rate, clipnorm=clipnorm)


def endpoints(model, prepare, reject=None):
    """Raw pixels (the default), encoded PNG or JPEG files of any size, and all layers over the pixels."""

    def read(pixels):
        return model(prepare(pixels), training=False)

    def pixels(pixels):
        probabilities = ops.softmax(read(pixels))
        # Keras's argmax goes through bits, which neither ONNX nor LiteRT has.
        answer = {"digit": tf.argmax(probabilities, axis=-1, output_type="int32"), "probabilities": probabilities}
        return answer | ({reject.output: reject.score(pixels) >= reject.threshold} if reject else {})

    def encoded(images_bytes):
        return pixels(ink.digits(images_bytes))

    numbers = (tf.TensorSpec((None, 28, 28), tf.uint8, name="pixels"),)
    files = (tf.TensorSpec((None,), tf.string, name="images"),)
    return {
        "pixels": Endpoint(pixels, numbers, notes=NOTES),
        "encoded": Endpoint(encoded, files, images.files, NOTES, Via("pixels", ink.RULES, known={"name": "digits"})),
        "layers": inside.endpoint(model, read, numbers, notes=NOTES),
    }


def shows(look):
    """The filters of the first layer, and the worst mistakes."""
    return [callbacks.FilterImages(look.train), *mistakes(look)]


def mistakes(look):
    """The worst mistakes alone, for networks without filters."""
    x, y = look.examples.x, look.examples.y
    return [callbacks.Mistakes(look.validation, look.predictions, y, LABELS, x[..., None])]


def reader(cell, **options):
    """A recurrent network, which Adam trains better than the momentum that suits the other models."""
    return Recipe(
        partial(models.row_reader, cell, SHAPE, CLASSES, **options),
        optimizer=adam,
        shows=mistakes,
        defaults={"learning_rate": 0.002},
    )


TASK = Task(
    name="mnist",
    title="Handwritten digits (手写数字): which of ten digits an image shows",
    labels=LABELS,
    defaults=Defaults(
        model="cnn", data="sample", epochs=12, batch_size=64, learning_rate=0.05, learning_rate_decay=0.85
    ),
    sources={"full": data.full, "sample": data.sample},
    models={
        "softmax": partial(models.softmax_regression, SHAPE, CLASSES),
        "mlp": partial(models.mlp, SHAPE, CLASSES),
        "maxout": partial(models.maxout_network, SHAPE, CLASSES),
        "cnn": partial(models.lenet, SHAPE, CLASSES),
        "rnn": reader("rnn"),
        "lstm": reader("lstm"),
        "gru": reader("gru"),
        "pixel-lstm": reader("lstm", features=1),
    },
    prepare=prepare,
    select=data.select,
    optimizer=optimizer,
    loss=partial(losses.SparseCategoricalCrossentropy, from_logits=True),
    metrics=lambda: [keras.metrics.SparseCategoricalAccuracy(name="accuracy")],
    endpoints=endpoints,
    shows=shows,
    reject=foreign.reject,
    decode=images.encode,
    picture=lambda x: x[..., None],
)
