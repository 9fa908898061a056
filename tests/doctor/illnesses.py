"""Runs made sick on purpose, one for each illness that the doctor knows, and healthy ones.

Each trains on a few hundred digits of the sample, in seconds.
"""

from dataclasses import replace
from functools import partial

import keras
from keras import initializers, ops

from tfnotes import layers
from tfnotes.task import Recipe
from tfnotes.training import config, loop
from tfnotes.training.run import Run
from tfnotes_tasks.mnist import TASK, adam


def network(depth, units, activation, kernel, bias="zeros"):
    """Dense layers that all begin alike."""
    hidden = [
        layers.Dense(
            units,
            activation=activation,
            kernel_initializer=initializers.get(kernel),
            bias_initializer=initializers.get(bias),
            name=f"dense_{k + 1}",
        )
        for k in range(depth)
    ]
    return keras.Sequential(
        [keras.Input((28, 28, 1)), layers.Flatten(), *hidden, layers.Dense(10, name="logits")], name="network"
    )


def raw(pixels):
    """The pixels as they are stored, from 0 to 255."""
    return ops.expand_dims(ops.cast(pixels, "float32"), -1)


def built(*arguments, **keywords):
    return Recipe(partial(network, *arguments, **keywords))


SOUND = built(2, 64, "relu", "he_normal")

# Recipe, and what else isn't as by default: examples, epochs, learning_rate, ...
SICK = {
    "vanishing gradients": (built(8, 64, "sigmoid", "glorot_uniform"), {}),
    "exploding gradients": (
        # Adam's steps don't grow with the gradient, so the loss stays a number.
        replace(built(8, 64, "relu", initializers.RandomNormal(0, 1.0, seed=0)), optimizer=adam),
        {"learning_rate": 1e-4},
    ),
    "dead units": (built(2, 64, "relu", "he_normal", initializers.RandomNormal(-3, 2.0, seed=0)), {}),
    "saturated units": (built(2, 64, "tanh", initializers.RandomNormal(0, 1.0, seed=0)), {"learning_rate": 0.01}),
    "overfitting": (built(2, 256, "relu", "he_normal"), {"examples": 60, "epochs": 8, "batch_size": 10}),
    "learning rate too high": (SOUND, {"learning_rate": 0.7}),
    "learning rate too low": (SOUND, {"learning_rate": 1e-6}),
    "badly scaled data": (replace(SOUND, prepare=raw), {"learning_rate": 1e-6}),
}
HEALTHY = {
    "two layers": (SOUND, {"examples": 1200}),
    "softmax": (TASK.models["softmax"], {"examples": 1200}),
    "mlp": (TASK.models["mlp"], {"examples": 1200}),
    "cnn": (TASK.models["cnn"], {"examples": 1200}),
}


def train(path, recipe, splits, *, examples=600, epochs=3, inspect="full", **options):
    """Trains a recipe as a run of the task mnist, and gives the run; one whose loss is no number any more as well."""
    task = replace(TASK, models={"network": recipe})
    given = config.configure(
        task, model="network", epochs=epochs, inspect=inspect, settings=[f"examples={examples}"], **options
    )
    run = Run.create(path, given | config.describe_data(splits))
    loop.train(run, task, splits, report=lambda sentence: None)
    return run


