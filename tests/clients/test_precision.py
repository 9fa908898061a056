"""Types of numbers: what a policy says goes for ours as for Keras's."""

import numpy as np
import pytest

from tests.clients.data import images, rows, sequences, words
from tests.clients.same import OURS, same


@pytest.fixture(autouse=True)
def _policy_put_back():
    before = OURS.config.dtype_policy(), OURS.config.floatx()
    yield
    OURS.config.set_dtype_policy(before[0])
    OURS.config.set_floatx(before[1])


def network(keras):
    return keras.Sequential(
        [
            keras.Input((8, 8, 1)),
            keras.layers.Conv2D(3, 3, activation="relu"),
            keras.layers.BatchNormalization(),
            keras.layers.AveragePooling2D(2),
            keras.layers.Flatten(),
            keras.layers.Dense(3, dtype="float32"),
        ]
    )


def trained(keras, policy):
    keras.config.set_dtype_policy(policy)
    x, y = images()
    model = network(keras)
    model.compile(keras.optimizers.SGD(0.05), keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    history = model.fit(x, y, batch_size=6, shuffle=False, verbose=0).history
    types = [(layer.compute_dtype, layer.variable_dtype, layer.dtype_policy.name) for layer in model.layers]
    return history, types, [w.dtype for w in model.weights], model.optimizer.__class__.__name__


@same(tolerance=5e-3)
def test_half_precision(keras):
    return trained(keras, "mixed_float16")


@same(tolerance=2e-2)
def test_brain_floats(keras):
    return trained(keras, "mixed_bfloat16")


@same(tolerance=1e-9)
def test_double_precision(keras):
    keras.config.set_floatx("float64")
    history, *types = trained(keras, "float64")
    return history["loss"], types


@same(tolerance=1e-2)
def test_types_of_single_layers(keras):
    x, _ = sequences()
    return (
        keras.layers.Dense(3, dtype="float16")(x),
        keras.layers.LSTM(3, dtype="mixed_bfloat16", return_state=True)(x),
        keras.layers.GRU(3, dtype=keras.DTypePolicy("mixed_float16"))(x),
        keras.layers.Conv2D(2, 3, dtype="mixed_bfloat16")(images()[0]),
        keras.layers.Embedding(11, 3, dtype="float16")(words()[0]),
        keras.layers.Bidirectional(keras.layers.SimpleRNN(2, dtype="float16"), dtype="float16")(x),
    )


@same
def test_whole_numbers_become_floats(keras):
    x = np.arange(20).reshape(4, 5)
    return keras.layers.Dense(2)(x), keras.layers.Flatten()(x), keras.layers.BatchNormalization()(x.astype("int32"))


@same(tolerance=1e-2)
def test_losses_and_optimizers_in_half_precision(keras):
    logits = rows(width=3)[0].astype("float16")
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True, dtype="float16")(rows()[1], logits)
    scaled = keras.optimizers.LossScaleOptimizer(keras.optimizers.Adam(0.1), initial_scale=8.0)
    variable = keras.Variable(np.ones(3, "float32"))
    scaled.build([variable])
    scaled.apply_gradients([(keras.ops.convert_to_tensor([8.0, 16.0, -8.0]), variable)])
    return loss, variable, scaled.inner_optimizer.learning_rate
