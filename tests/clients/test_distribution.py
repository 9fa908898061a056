"""Two logical processors that share the work: in a process of its own, as devices are fixed once TensorFlow starts."""

import subprocess
import sys
from pathlib import Path

import pytest

PROGRAM = """
import keras, numpy as np, tensorflow as tf
cpu = tf.config.list_physical_devices("CPU")[0]
tf.config.set_logical_device_configuration(cpu, [tf.config.LogicalDeviceConfiguration()] * 2)
from tests.clients.same import OURS, assert_same

def program(keras):
    keras.utils.set_random_seed(3)
    rng = np.random.default_rng(0)
    x, y = rng.normal(size=(16, 6, 6, 1)).astype("float32"), rng.integers(0, 3, 16)
    strategy = tf.distribute.MirroredStrategy(["CPU:0", "CPU:1"])
    with strategy.scope():
        model = keras.Sequential([keras.Input((6, 6, 1)), *LAYERS(keras), keras.layers.Dense(3)])
        loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
        model.compile(keras.optimizers.SGD(0.1, momentum=0.5), loss)
    assert strategy.num_replicas_in_sync == 2
    history = model.fit(x, y, batch_size=8, epochs=2, shuffle=False, verbose=0).history
    return history, model.evaluate(x, y, batch_size=8, verbose=0), model.get_weights()

assert_same(program(OURS), program(keras), 1e-4)
print("same")
"""
FEED_FORWARD = """
def LAYERS(keras):
    yield keras.layers.Conv2D(2, 3, activation="relu", kernel_regularizer="l2")
    yield keras.layers.BatchNormalization()
    yield keras.layers.MaxPooling2D()
    yield keras.layers.Flatten()
"""
RECURRENT = """
def LAYERS(keras):
    yield keras.layers.Reshape((6, 6))
    yield keras.layers.Bidirectional(keras.layers.LSTM(2))
"""


@pytest.mark.parametrize("layers", [FEED_FORWARD, RECURRENT], ids=["feed_forward", "recurrent"])
def test_two_logical_devices(layers):
    root = Path(__file__).resolve().parents[2]
    ended = subprocess.run(
        [sys.executable, "-c", layers + PROGRAM], cwd=root, capture_output=True, text=True, check=False
    )
    assert ended.stdout.endswith("same\n"), ended.stderr
