import keras
import numpy as np
import pytest
from keras import ops

from tfnotes import activations, layers
from tfnotes.callbacks._functions import bounds, function_of, rectifies


class Slanted(keras.layers.Layer):
    """A rectifier of one's own, of a class that nobody knows."""

    def call(self, x):
        return ops.maximum(x - 1, 0) * 0.5


def used(layer, shape=(4,)):
    layer(np.zeros((2, *shape), "float32"))
    return layer


RECTIFIERS = [
    keras.layers.ReLU(),
    keras.layers.ReLU(max_value=6),
    keras.layers.ReLU(threshold=2.0),
    keras.layers.Activation("relu"),
    keras.layers.Activation("relu6"),
    keras.layers.Activation(lambda x: ops.maximum(x, 0)),
    keras.layers.Activation(lambda x: ops.square(ops.relu(x))),
    keras.layers.Lambda(lambda x: ops.where(x > 0, x, 0.0)),
    keras.layers.Activation("sparse_plus"),
    layers.ReLU(),
    layers.ReLU(max_value=6),
    used(keras.layers.Dense(3, activation="relu6")),
    used(keras.layers.Dense(3, activation=keras.layers.ReLU(max_value=1))),
    used(layers.Dense(3, activation="relu")),
    used(layers.Dense(3, activation=activations.relu)),
    used(keras.layers.SimpleRNN(3, activation="relu"), (2, 4)),
    used(keras.layers.RNN(keras.layers.GRUCell(3, activation="relu6")), (2, 4)),
    used(layers.LSTM(3, activation="relu"), (2, 4)),
    Slanted(),
]
OTHERS = [
    keras.layers.LeakyReLU(),
    keras.layers.LeakyReLU(negative_slope=1e-3),
    keras.layers.ReLU(negative_slope=0.1),
    layers.LeakyReLU(),
    used(keras.layers.PReLU()),
    used(layers.PReLU()),
    *map(keras.layers.Activation, ("elu", "gelu", "silu", "softplus", "sigmoid", "tanh", "linear", "exponential")),
    *map(keras.layers.Activation, ("softmax", "log_softmax", "hard_shrink", "hard_sigmoid", "hard_silu", "glu")),
    keras.layers.Activation(activations.step),
    keras.layers.Flatten(),
    keras.layers.MaxPooling2D(),
    keras.layers.Dropout(0.5),
    keras.layers.CategoryEncoding(3),
    keras.layers.Discretization(bin_boundaries=[0.0, 1.0, 2.0]),
    used(keras.layers.Dense(3)),
    used(keras.layers.BatchNormalization()),
    used(keras.layers.LSTM(3), (2, 4)),
]


@pytest.mark.parametrize("layer", RECTIFIERS, ids=lambda layer: layer.name)
def test_any_rectifier_is_known(layer):
    assert rectifies(layer)
    assert bounds(layer) is None


@pytest.mark.parametrize("layer", OTHERS, ids=lambda layer: layer.name)
def test_what_passes_a_gradient_on_is_none(layer):
    assert not rectifies(layer)


@pytest.mark.parametrize(
    ("layer", "expected"),
    [
        (keras.layers.Activation("sigmoid"), (0, 1)),
        (keras.layers.Activation("hard_sigmoid"), (0, 1)),
        (keras.layers.Activation("hard_tanh"), (-1, 1)),
        (keras.layers.Activation(lambda x: 1.7159 * ops.tanh(2 * x / 3)), (-1.716, 1.716)),
        (keras.layers.Activation(lambda x: -ops.tanh(x)), None),
        (used(layers.Dense(3, activation="tanh")), (-1, 1)),
        (used(keras.layers.LSTM(3), (2, 4)), (-1, 1)),
        (keras.layers.Activation("elu"), None),
        (keras.layers.Activation("linear"), None),
        (keras.layers.Activation(ops.sin), None),
        (keras.layers.Activation(lambda x: ops.tanh(x) + 2 * ops.exp(-ops.square(x))), None),
        (keras.layers.Activation(activations.step), None),
        (keras.layers.Softmax(), None),
    ],
)
def test_bounds(layer, expected):
    assert bounds(layer) == expected


def test_a_layer_of_layers_is_not_one_function():
    block = keras.layers.MultiHeadAttention(2, 2)
    block(np.zeros((1, 3, 4), "float32"), np.zeros((1, 3, 4), "float32"))
    block.activation = keras.activations.relu
    assert function_of(block) is None


def test_of_stacked_cells_the_last_counts_and_a_function_that_learns_is_none():
    def stacked(*names):
        return used(keras.layers.RNN([keras.layers.SimpleRNNCell(2, activation=name) for name in names]), (2, 4))

    assert rectifies(stacked("tanh", "relu"))
    assert bounds(stacked("relu", "tanh")) == (-1, 1)
    learning = keras.layers.PReLU()
    layer = used(keras.layers.Dense(1, activation=learning))
    # At its start it is a rectifier.
    assert np.all(learning(np.array([[-2.0], [0]])) == 0)
    assert not rectifies(layer)
