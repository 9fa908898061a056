"""Times of activations: alone and in a training step, as ratios to ReLU's within one run."""

import functools

import keras
import numpy as np
import tensorflow as tf

from tfnotes.activations import relu, sigmoid, tanh
from tfnotes.experiments._experiment import experiment
from tfnotes.experiments._plan import Plan
from tfnotes.experiments._timing import seconds
from tfnotes.experiments._training import mlp, step_of
from tfnotes.experiments._verdicts import decide

FUNCTIONS = {"relu": relu, "sigmoid": sigmoid, "tanh": tanh}
SIZES = (3_000, 300_000)
SLOWER = ("sigmoid", "tanh")
WHERE = {"forward_3000": "on 3,000 numbers", "forward_300000": "on 300,000 numbers", "step": "in a training step"}
TWENTIETH = "a twentieth: which of two functions is timed first makes a few percent"


def slow_rule(s, plan):
    ratios = {f"{name}, {words}": s[f"{name}_{what}"] for what, words in WHERE.items() for name in SLOWER}
    return decide({case: plan.leads(ratio - 1) for case, ratio in ratios.items()})


@experiment({"exp-is-slow": slow_rule}, kind="timing", plan=Plan((10, 20, 40), 0.05, TWENTIETH))
def exp_is_slow(seed, *, rounds=30, units=256):
    """Time of sigmoid and tanh over ReLU's in float32, in turn: ten times over on few and many numbers; in a step."""
    found: dict = {}
    for n in SIZES:
        x = tf.random.stateless_normal((n,), (seed, n))
        calls = [functools.partial(ten_times(name), x) for name in FUNCTIONS]
        found |= ratios(f"forward_{n}", seconds(calls, rounds))
    images, labels = tf.random.stateless_uniform((64, 784), (seed, 1)).numpy(), np.arange(64) % 10
    return found | ratios("step", seconds([step(name, units, images, labels) for name in FUNCTIONS], 2 * rounds))


def ratios(what, times):
    """Times of the functions over ReLU's."""
    return {f"{name}_{what}": time / times[0] for name, time in zip(SLOWER, times[1:], strict=True)}


@functools.cache
def ten_times(name):
    """The function ten times over as a graph: a single call would be timed for its overhead."""

    def forward(x):
        for _ in range(10):
            x = FUNCTIONS[name](x)
        return x

    return tf.function(forward, input_signature=[tf.TensorSpec((None,), tf.float32)])


def step(name, units, images, labels):
    """A step of training on a batch, of a network with that activation."""
    keras.utils.set_random_seed(0)
    return step_of(mlp([units, units], name), images, labels)
