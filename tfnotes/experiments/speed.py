"""Times of activations: alone and in a training step, as ratios to ReLU's within one run."""

import functools

import keras
import numpy as np
import tensorflow as tf

from tfnotes.activations import relu, sigmoid, tanh
from tfnotes.experiments._experiment import experiment
from tfnotes.experiments._timing import seconds
from tfnotes.experiments._training import mlp, step_of
from tfnotes.experiments._verdicts import above, decide

FUNCTIONS = {"relu": relu, "sigmoid": sigmoid, "tanh": tanh}
SIZES = (3_000, 30_000, 300_000)
SLOWER = ("sigmoid", "tanh")


def slow_rule(s):
    cases = {}
    for what, words in (("forward", "alone"), ("gradient", "with its gradient"), ("step", "a whole training step")):
        for name in SLOWER:
            # Slower is at least 5 % slower: at every size, and so at the size where the ratio is least.
            ratio = s[f"{name}_step"] if what == "step" else np.min([s[f"{name}_{what}_{n}"] for n in SIZES], axis=0)
            cases[f"{name}, {words}"] = above(ratio, 1.05)
    return decide(cases)


@experiment({"exp-is-slow": slow_rule}, kind="timing", seeds=20)
def exp_is_slow(seed, *, rounds=15, units=256):
    """Time of sigmoid and tanh over ReLU's in float32, in turn: ten times over, with gradients, in a training step."""
    found: dict = {}
    for n in SIZES:
        x = tf.random.stateless_normal((n,), (seed, n))
        for what in ("forward", "gradient"):
            calls = [functools.partial(ten_times(name, what), x) for name in FUNCTIONS]
            found |= ratios(f"{what}_{n}", seconds(calls, rounds))
    images, labels = tf.random.stateless_uniform((64, 784), (seed, 1)).numpy(), np.arange(64) % 10
    return found | ratios("step", seconds([step(name, units, images, labels) for name in FUNCTIONS], 4 * rounds))


def ratios(what, times):
    """Times of the functions over ReLU's."""
    return {f"{name}_{what}": time / times[0] for name, time in zip(SLOWER, times[1:], strict=True)}


@functools.cache
def ten_times(name, what):
    """The function ten times over as a graph, or its derivative: a single call would be timed for its overhead."""

    def forward(x):
        for _ in range(10):
            x = FUNCTIONS[name](x)
        return x

    def gradient(x):
        with tf.GradientTape() as tape:
            tape.watch(x)
            y = forward(x)
        return tape.gradient(y, x)

    signature = [tf.TensorSpec((None,), tf.float32)]
    return tf.function(forward if what == "forward" else gradient, input_signature=signature)


def step(name, units, images, labels):
    """A step of training on a batch, of a network with that activation."""
    keras.utils.set_random_seed(0)
    return step_of(mlp([units, units], name), images, labels)
