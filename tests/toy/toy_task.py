"""A task that trains in a second, of builtin layers: ten noisy patterns of 28 x 28 pixels.

With this folder on the path it is found like any installed task, also by a child process:
`PYTHONPATH=tests/toy`. A data folder, if given, holds a file `seed` that makes other patterns.
"""

import os
import signal
import sys

import keras
import numpy as np
import tensorflow as tf
from keras import layers, ops

from tfnotes import callbacks
from tfnotes.task import Defaults, Endpoint, Split, Splits, Task


def patterns(data_dir):
    """320, 80 and 80 examples; the noise is strong enough for some to be mistaken."""
    generator = np.random.default_rng(int((data_dir / "seed").read_text()) if data_dir else 0)
    templates = generator.uniform(0, 255, (10, 28, 28))

    def split(n):
        y = generator.integers(0, 10, n)
        x = 0.25 * templates[y] + 0.75 * generator.uniform(0, 255, (n, 28, 28))
        return Split(x.astype("uint8"), y)

    return Splits(split(320), split(80), split(80))


def tiny(*, filters=4, dropout=0.25):
    """One of everything that has a state: weights, moving averages, a seed generator."""
    return keras.Sequential(
        [
            keras.Input((28, 28, 1)),
            layers.Conv2D(filters, 5, strides=2, activation="relu", name="conv"),
            layers.BatchNormalization(momentum=0.7, name="normalization"),
            layers.Flatten(name="flatten"),
            layers.Dropout(dropout, name="dropout"),
            layers.Dense(10, name="logits"),
        ],
        name="tiny",
    )


def linear():
    return keras.Sequential(
        [keras.Input((28, 28, 1)), layers.Flatten(name="flatten"), layers.Dense(10, name="logits")],
        name="linear",
    )


def prepare(pixels):
    return ops.expand_dims(ops.cast(pixels, "float32") / 255.0, -1)


def optimizer(learning_rate, *, momentum=0.9, decay=0.95):
    """SGD whose learning rate falls by `decay` every 10 steps."""
    schedule = keras.optimizers.schedules.ExponentialDecay(learning_rate, 10, decay)
    return keras.optimizers.SGD(schedule, momentum=momentum)


def endpoints(model, prepare):
    def pixels(pixels):
        probabilities = ops.softmax(model(prepare(pixels), training=False))
        return {"digit": ops.argmax(probabilities, axis=-1), "probabilities": probabilities}

    return {"pixels": Endpoint(pixels, (tf.TensorSpec((None, 28, 28), tf.uint8, name="pixels"),))}


class Signal(keras.callbacks.Callback):
    """Sends this process a signal at a moment: `TOY_SIGNAL="SIGKILL 3 state.json"` as it opens or renames that file.

    Or after the second batch of that epoch: `SIGINT 3 batch`.
    """

    def __init__(self, moment):
        super().__init__()
        name, epoch, self.at = moment.split()
        self.signum, self.wanted, self.epoch = getattr(signal, name), int(epoch), 0
        sys.addaudithook(self.on_audit)

    def on_epoch_begin(self, epoch, logs=None):
        self.epoch = epoch + 1

    def on_train_batch_end(self, batch, logs=None):
        if batch == 1:
            self.reached("batch")

    def on_audit(self, event, arguments):
        if event in ("open", "os.rename"):
            self.reached(str(arguments))

    def reached(self, what):
        if self.epoch == self.wanted and self.at in what:
            self.wanted = None
            os.kill(os.getpid(), self.signum)


def shows(look):
    x, y = look.examples.x, look.examples.y
    mistakes = callbacks.Mistakes(look.validation, look.predictions, y, TASK.labels, x[..., None])
    moment = os.environ.get("TOY_SIGNAL")
    return [callbacks.FilterImages(look.train), mistakes, *([Signal(moment)] if moment else [])]


TASK = Task(
    name="toy",
    title="Noisy patterns",
    labels=tuple("0123456789"),
    defaults=Defaults(model="tiny", data="patterns", epochs=4, batch_size=64, learning_rate=0.02),
    sources={"patterns": patterns},
    models={"tiny": tiny, "linear": linear},
    prepare=prepare,
    optimizer=optimizer,
    loss=lambda: keras.losses.SparseCategoricalCrossentropy(from_logits=True),
    metrics=lambda: [keras.metrics.SparseCategoricalAccuracy(name="accuracy")],
    endpoints=endpoints,
    shows=shows,
    decode=lambda data, name: data,
    picture=lambda x: x[..., None],
)
