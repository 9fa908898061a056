"""What the training experiments share: the sample of digits, and a plain loop of gradient steps."""

import functools

import keras
import numpy as np
import tensorflow as tf

from tfnotes import task
from tfnotes.layers import Dense
from tfnotes.losses import SparseCategoricalCrossentropy
from tfnotes.optimizers import SGD


@functools.cache
def digits():
    """`(x, y, test_x, test_y)`: rows of 784 intensities from 0 to 1, and labels."""
    splits = task.load("mnist").source("sample")(None)
    x, test_x = (s.x.reshape(len(s.x), -1).astype("float32") / 255 for s in (splits.train, splits.test))
    return x, splits.train.y, test_x, splits.test.y


@functools.cache
def more_digits():
    """As `digits`, with 1,400 test digits: those for validation are among them, where nothing is chosen by them."""
    x, y, test_x, test_y = digits()
    held_x, held_y = validation_digits()
    return x, y, np.concatenate([held_x, test_x]), np.concatenate([held_y, test_y])


@functools.cache
def validation_digits():
    """`(x, y)` of the 400 digits by which something may be chosen."""
    split = task.load("mnist").source("sample")(None).validation
    return split.x.reshape(len(split.x), -1).astype("float32") / 255, split.y


def seeded(seed, make, *arguments, **options):
    """What `make` makes, with weights that depend on the seed alone: arms of equal shapes start from equal weights."""
    keras.utils.set_random_seed(seed)
    return make(*arguments, **options)


# The least difference of accuracies that counts, and why.
POINT = 0.01
OF_A_POINT = "the standard error of an accuracy of 85 % on 1,400 test digits: less could be theirs"


def mlp(hidden, activation, classes=10, **arguments):
    """Dense layers with an activation, and a linear one for the classes."""
    return keras.Sequential([*(Dense(n, activation=activation, **arguments) for n in hidden), Dense(classes)])


def train(model, x, y, *, steps, seed, rate=0.1, batch=64, optimizer=None, each=None, trainable=None):
    """Trains a model, step by step, on batches whose order depends on the seed alone.

    Args:
        model: from `x` to logits.
        x, y: examples and labels.
        steps, seed, rate, batch: as they say; the whole of `x` in each step if `batch` is None.
        optimizer: instead of plain descent at `rate`.
        each: called with the step's number and loss; ends training if it gives True.
        trainable: the weights to train, or None for all of the model's.

    Returns:
        The model.
    """
    optimizer = optimizer or SGD(rate)
    model.build((None, *x.shape[1:]))
    weights = model.trainable_weights if trainable is None else trainable
    optimizer.build(weights)
    x, y, rng = tf.constant(x), tf.constant(y), np.random.default_rng(seed)

    @tf.function
    def step(rows):
        return _descend(model, optimizer, weights, tf.gather(x, rows), tf.gather(y, rows))

    everything = np.arange(len(x))
    for number in range(steps):
        rows = everything if batch is None else rng.choice(len(x), min(batch, len(x)), replace=False)
        loss = step(tf.constant(rows))
        if each is not None and each(number, float(loss)):
            break
    return model


def step_of(model, x, y):
    """A function that makes one step of training on the same batch."""
    optimizer = SGD(0.001)
    model.build((None, *x.shape[1:]))
    optimizer.build(model.trainable_weights)
    x, y = tf.constant(x), tf.constant(y)

    @tf.function
    def step():
        return _descend(model, optimizer, model.trainable_weights, x, y)

    return step


def _descend(model, optimizer, weights, x, y):
    """One step, and the loss before it."""
    with tf.GradientTape() as tape:
        loss = SparseCategoricalCrossentropy(from_logits=True)(y, model(x, training=True))
        loss = tf.add_n([loss, *model.losses])
    optimizer.apply(tape.gradient(loss, weights), weights)
    return loss


def accuracy(model, x, y):
    """The share of right answers."""
    return float(np.mean(np.argmax(model(tf.constant(x)).numpy(), -1) == y))
