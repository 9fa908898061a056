"""Sequences too long to remember: truncated backpropagation through time by a stateful layer.

A stateful layer hands its last states to the next window as constants, so the gradient stops there and
only one window's tape is ever in memory. What a window hands to the layer below is exact for that window.
"""

import subprocess
import sys

import keras
import numpy as np
import pytest
import tensorflow as tf

from tfnotes import layers

pytestmark = pytest.mark.skipif(
    keras.backend.backend() != "tensorflow", reason="the backward pass by hand is TensorFlow's"
)

BATCH, STEPS, WINDOW, FEATURES, UNITS = 2, 10_000, 100, 3, 4


def stateful(library, dtype="float64"):
    layer = library.LSTM(UNITS, return_sequences=True, stateful=True, dtype=dtype)
    layer.build((BATCH, WINDOW, FEATURES))
    rng = np.random.default_rng(1)
    for weight in layer.trainable_weights:
        weight.assign(0.5 * rng.normal(size=weight.shape))
    return layer


def windows():
    x = np.random.default_rng(0).normal(size=(BATCH, STEPS, FEATURES))
    return x, [tf.constant(x[:, start : start + WINDOW]) for start in range(0, STEPS, WINDOW)]


def gradients(layer):
    """A compiled step of truncated backpropagation: outputs, and gradients of inputs and weights."""

    @tf.function(autograph=False)
    def step(x):
        with tf.GradientTape() as tape:
            tape.watch(x)
            y = layer(x, training=True)
            total = tf.reduce_sum(tf.sin(y))
        return [y, *tape.gradient(total, [x, *(w.value for w in layer.trainable_weights)])]

    return step


def test_windows_give_what_the_whole_sequence_gives():
    x, parts = windows()
    layer = stateful(layers)
    whole = layers.LSTM(UNITS, return_sequences=True, dtype="float64")
    whole.build(x.shape)
    whole.set_weights([w.numpy() for w in layer.trainable_weights])
    step = tf.function(layer, autograph=False)
    outputs = np.concatenate([step(part) for part in parts], axis=1)
    assert outputs.shape == (BATCH, STEPS, UNITS)
    np.testing.assert_allclose(outputs, tf.function(whole, autograph=False)(tf.constant(x)), rtol=1e-9, atol=1e-12)


def test_every_windows_gradients_are_those_of_the_builtin():
    _, parts = windows()
    ours, theirs = gradients(stateful(layers)), gradients(stateful(keras.layers))
    for part in parts[:5]:
        for a, b in zip(ours(part), theirs(part), strict=True):
            np.testing.assert_allclose(a, b, rtol=1e-9, atol=1e-12)


def test_a_layer_below_learns_from_the_exact_gradient():
    # The whole way to an embedding below, against differences of the loss.
    rng = np.random.default_rng(3)
    x, below = rng.normal(size=(BATCH, 12, FEATURES)), rng.normal(size=(FEATURES, FEATURES))
    layer = layers.LSTM(UNITS, dtype="float64")
    layer.build(x.shape)

    def loss(matrix):
        return tf.reduce_sum(tf.sin(layer(tf.constant(x) @ matrix, training=True)))

    matrix = tf.constant(below)
    with tf.GradientTape() as tape:
        tape.watch(matrix)
        value = loss(matrix)
    gradient = tape.gradient(value, matrix).numpy()
    for index in np.ndindex(below.shape):
        nudge = np.zeros_like(below)
        nudge[index] = 1e-5
        slope = (loss(tf.constant(below + nudge)) - loss(tf.constant(below - nudge))) / 2e-5
        np.testing.assert_allclose(gradient[index], slope, rtol=1e-6, atol=1e-9)


MEMORY = """
from pathlib import Path
import tensorflow as tf
from tfnotes import layers
def peak():
    # Not the resource module's peak, which a child process inherits from its parent.
    status = Path("/proc/self/status").read_text()
    return int(status.split("VmHWM:")[1].split()[0]) / 1024
def train(steps, length, stateful):
    layer = layers.LSTM(64, stateful=stateful)
    layer.build((64, length, 16))
    weights = [w.value for w in layer.trainable_weights]
    @tf.function(autograph=False)
    def step(x):
        with tf.GradientTape() as tape:
            total = tf.reduce_sum(layer(x, training=True))
        return tape.gradient(total, weights)
    for _ in range(steps // length):
        step(tf.random.stateless_normal((64, length, 16), (1, 2)))
train(200, 100, True)
before = peak()
train(5_000, 100, True)
windows = peak()
train(5_000, 5_000, False)
print(windows - before, peak() - windows)
"""


def test_windows_bound_the_memory():
    child = subprocess.run([sys.executable, "-c", MEMORY], capture_output=True, text=True, check=True)
    windows, whole = map(float, child.stdout.split())
    # The tape of 5,000 steps alone is 64 * 64 * 4 B * 7 * 5,000 = 547 MiB; that of a window 11 MiB.
    assert windows < 100
    assert whole > 400
