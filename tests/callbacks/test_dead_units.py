import keras
import numpy as np
import pytest
import tensorflow as tf

from tfnotes import layers
from tfnotes.callbacks import DeadUnits
from tfnotes.errors import InputError

# One example in 400 is the only one for which the second unit answers; the third never does.
X = np.full((400, 1), -1.0, "float32")
X[399] = 1


def relu_model(made):
    model = keras.Sequential(
        [keras.Input((1,)), made.Dense(4, activation="relu", name="hidden"), made.Dense(2, name="logits")]
    )
    model.get_layer("hidden").set_weights([np.array([[0, 1, 0, -1.0]]), np.array([1, 0, -1, 0.5])])
    model.compile("sgd", "mse")
    return model


def epochs(callback, model, count=1):
    callback.set_model(model)
    for epoch in range(count):
        callback.on_epoch_end(epoch)


def scalar(read, tag):
    events = read()
    return [float(tf.make_ndarray(t.tensor_proto)) for t in events.Tensors(tag)]


@pytest.mark.parametrize("made", [keras.layers, layers])
def test_a_unit_that_answers_rarely_is_sparse_and_one_that_never_does_is_dead(writer, read, made):
    callback = DeadUnits(writer, X)
    epochs(callback, relu_model(made), 2)
    assert scalar(read, "dead_units/hidden") == [0.25, 0.25]
    assert scalar(read, "sparse_units/hidden") == [0.25, 0.25]
    # The linear layer has no units that could be dead.
    assert set(read().Tags()["tensors"]) == {"dead_units/hidden", "sparse_units/hidden", "dead_units"}


def test_says_since_when(writer, read):
    model, callback = relu_model(keras.layers), DeadUnits(writer, X)
    kernel, bias = model.get_layer("hidden").get_weights()
    epochs(callback, model)
    epochs(callback, model)
    (sentence,) = callback.findings
    assert sentence.startswith("hidden: 25% of units dead since epoch 1; lower the learning rate or use He")
    model.get_layer("hidden").set_weights([kernel, bias + 5])
    callback.on_epoch_end(1)
    assert callback.findings == []
    model.get_layer("hidden").set_weights([kernel, bias])
    callback.on_epoch_end(2)
    assert "since epoch 3" in callback.findings[0]
    assert read().Tensors("dead_units")[-1].tensor_proto.string_val[0].decode() == callback.findings[0]


def test_a_map_is_dead_if_it_is_zero_everywhere(writer, read):
    model = keras.Sequential([keras.Input((2, 2, 1)), keras.layers.Conv2D(2, 1), keras.layers.ReLU(name="relu")])
    model.layers[0].set_weights([np.array([[[[1.0, -1]]]]), np.zeros(2)])
    # One place of one of the examples.
    x = np.zeros((3, 2, 2, 1), "float32")
    x[2, 1, 0] = 1
    epochs(DeadUnits(writer, x, sparse=1 / 12), model)
    assert scalar(read, "dead_units/relu") == [0.5]
    assert scalar(read, "sparse_units/relu") == [0]
    epochs(DeadUnits(writer, x, sparse=1 / 11), model)
    assert scalar(read, "sparse_units/relu")[-1] == 0.5


def test_in_fit(fit, images, writer, read):
    fit(DeadUnits(writer, images[0]))
    # The model has no ReLU.
    assert not read().Tags()["tensors"]


def test_kinds_of_layers_that_are_all_dead(writer):
    dead = keras.initializers.Constant(-100)
    inner = keras.Sequential([keras.Input((6,)), keras.layers.Dense(5, "relu", bias_initializer=dead)], name="inner")
    model = keras.Sequential(
        [
            keras.Input((6,)),
            inner,
            keras.layers.Dense(4, "relu6", bias_initializer=dead, name="six"),
            keras.layers.Dense(3, keras.layers.LeakyReLU(0.01), bias_initializer=dead, name="leaky"),
            layers.Dense(3, lambda z: keras.ops.maximum(z, 0), bias_initializer=dead, name="own"),
            keras.layers.Dense(2),
        ]
    )
    callback = DeadUnits(writer, np.random.default_rng(0).uniform(size=(9, 6)))
    epochs(callback, model)
    assert [finding.split(" of")[0] for finding in callback.findings] == [
        f"inner/{inner.layers[0].name}: 100%",
        "six: 100%",
        "own: 100%",
    ]


def test_a_model_of_ones_own(writer, read):
    class Own(keras.Model):
        def __init__(self):
            super().__init__()
            self.hidden = keras.layers.Dense(4, "relu", name="hidden")

        def call(self, x):
            return self.hidden(x)

    model = Own()
    model(X)
    epochs(DeadUnits(writer, X), model)
    assert "dead_units/hidden" in read().Tags()["tensors"]


@pytest.mark.parametrize(("argument", "value"), [("sparse", 2), ("limit", -0.1), ("limit", "much")])
def test_bad_arguments(writer, argument, value):
    with pytest.raises(InputError, match=f"DeadUnits: `{argument}` must be a finite number"):
        DeadUnits(writer, X, **{argument: value})


def test_the_limit_and_the_shares_it_is_given(writer, read):
    """Three of ten units are dead, one answers to 1 in 100 examples, and one to 1 in 50."""
    model = keras.Sequential([keras.Input((10,)), keras.layers.ReLU(name="relu")])
    x = np.ones((200, 10), "float32")
    x[:, :3] = 0
    x[2:, 3] = 0
    x[4:, 4] = -1
    for limit, found in ((0.25, 1), (0.3, 1), (0.31, 0)):
        callback = DeadUnits(writer, x, limit=limit)
        epochs(callback, model)
        assert len(callback.findings) == found
        # One in a hundred is no sparse unit yet.
        assert scalar(read, "sparse_units/relu")[-1] == 0
    epochs(DeadUnits(writer, x[:199]), model)
    assert scalar(read, "sparse_units/relu")[-1] == 0
    x[1, 3] = 0
    epochs(DeadUnits(writer, x), model)
    assert scalar(read, "sparse_units/relu")[-1] == np.float32(0.1)
    for argument, value in (("sparse", -0.1), ("limit", 1.1)):
        with pytest.raises(InputError, match=f"`{argument}` must be a finite number at least 0 and at most 1"):
            DeadUnits(writer, x, **{argument: value})
