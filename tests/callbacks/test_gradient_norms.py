import keras
import numpy as np
import pytest
import tensorflow as tf

from tfnotes.callbacks import GradientNorms
from tfnotes.callbacks.gradient_norms import norms, paths
from tfnotes.errors import InputError


def value(tensor):
    return float(tf.make_ndarray(tensor.tensor_proto))


def test_by_hand(writer, read):
    # loss = (w * x + b - y) ** 2 at w = 2, b = 0, x = 3, y = 2: its slope in w is 2 * 4 * 3, in b 2 * 4.
    model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1, name="one")])
    model.layers[0].set_weights([np.array([[2.0]]), np.zeros(1)])
    model.compile("sgd", "mse")
    callback = GradientNorms(writer, np.array([[3.0]], "float32"), np.array([[2.0]], "float32"), histograms=True)
    callback.set_model(model)
    callback.on_epoch_end(4)
    events = read()
    (norm,), (whole,) = events.Tensors("gradient_norm/one"), events.Tensors("gradient_norm")
    assert norm.step == 5
    assert value(norm) == value(whole) == pytest.approx(np.hypot(24, 8))
    assert tf.make_ndarray(events.Tensors("gradients/one/kernel")[0].tensor_proto)[:, 2].sum() == 1


def test_in_fit_training_goes_on_as_without(fit, images, model, writer, read):
    x, y = images
    start = model.get_weights()
    without = fit().history
    after = model.get_weights()
    model.set_weights(start)
    model.optimizer.iterations.assign(0)
    assert fit(GradientNorms(writer, x[:16], y[:16])).history == without
    for a, b in zip(after, model.get_weights(), strict=True):
        np.testing.assert_array_equal(a, b)
    events = read()
    layers = ("conv", "normalization", "logits")
    assert set(events.Tags()["tensors"]) == {"gradient_norm", *(f"gradient_norm/{name}" for name in layers)}
    for k in range(2):
        parts = [value(events.Tensors(f"gradient_norm/{name}")[k]) for name in layers]
        assert value(events.Tensors("gradient_norm")[k]) == pytest.approx(np.sqrt(np.square(parts).sum()), rel=1e-5)


def test_a_row_looked_up_twice_counts_with_the_sum_of_its_gradients(writer, read):
    model = keras.Sequential(
        [keras.Input((2,), dtype="int32"), keras.layers.Embedding(3, 1, name="table"), keras.layers.Flatten()]
    )
    model.compile("sgd", lambda y, z: keras.ops.sum(z))
    callback = GradientNorms(writer, np.array([[1, 1]]), np.zeros((1, 2)))
    callback.set_model(model)
    callback.on_epoch_end(0)
    assert value(read().Tensors("gradient_norm/table")[0]) == 2


def test_large_gradients_have_a_norm():
    found = norms({"one/kernel": np.full((2, 2), 3e30, "float32"), "one/bias": np.zeros(2, "float32")})
    np.testing.assert_allclose(found["one"], 6e30, rtol=1e-6)


def test_a_model_without_a_loss(writer):
    model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1)])
    callback = GradientNorms(writer, np.ones((1, 1)), np.ones((1, 1)))
    callback.set_model(model)
    with pytest.raises(InputError, match="GradientNorms: `model` must be compiled with a loss"):
        callback.on_epoch_end(0)


def test_of_a_dataset_the_first_batch_and_what_gets_no_gradient_has_a_norm_of_zero(writer, read):
    class Own(keras.Model):
        def __init__(self):
            super().__init__()
            self.used = keras.layers.Dense(1, use_bias=False, name="used")
            self.unused = keras.layers.Dense(1, name="unused")

        def build(self, shape):
            self.used.build(shape)
            self.unused.build(shape)

        def call(self, x):
            return self.used(x)

    model = Own()
    model.build((None, 1))
    model.compile("sgd", lambda y, z: keras.ops.sum(y * z))
    x, y = np.array([[1.0], [2], [30]], "float32"), np.ones((3, 1), "float32")
    callback = GradientNorms(writer, tf.data.Dataset.from_tensor_slices((x, y)).batch(2))
    callback.set_model(model)
    callback.on_epoch_end(0)
    assert value(read().Tensors("gradient_norm/used")[0]) == 3
    assert value(read().Tensors("gradient_norm/unused")[0]) == 0


def test_two_layers_of_one_name_are_told_apart():
    class Alike(keras.Model):
        def __init__(self):
            super().__init__()
            self.parts = [keras.layers.Dense(1, name="one") for _ in range(3)]

        def call(self, x):
            return self.parts[2](self.parts[1](self.parts[0](x)))

    model = Alike()
    model(np.ones((1, 1)))
    assert paths(model) == [f"one{k}/{name}" for k in ("", "_2", "_3") for name in ("kernel", "bias")]


def test_what_the_model_does_not_take(writer):
    model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)])
    model.compile("sgd", "mse")
    callback = GradientNorms(writer, np.ones((2, 3)), np.ones((2, 1)))
    callback.set_model(model)
    with pytest.raises(InputError, match="GradientNorms: `x` must be what"):
        callback.on_epoch_end(0)
    with pytest.raises(InputError, match="GradientNorms: `histograms` must be True or False"):
        GradientNorms(writer, np.ones((2, 2)), np.ones((2, 1)), histograms="no")
