import keras
import numpy as np
import pytest
import tensorflow as tf

from tfnotes.callbacks import UpdateRatios
from tfnotes.callbacks.update_ratios import finding
from tfnotes.doctor.rules.rate import HIGH, LOW


def fitted(writer, rate, epochs=2):
    # The gradient of y = 3 * w1 + 4 * w2 is (3, 4) whatever the weights, which start at (0, 10).
    model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1, name="one")])
    model.layers[0].set_weights([np.array([[0.0], [10]]), np.zeros(1)])
    model.layers[0].bias.trainable = False
    model.compile(keras.optimizers.SGD(rate), lambda y, z: keras.ops.sum(z))
    callback = UpdateRatios(writer)
    x = np.array([[3.0, 4]] * 2, "float32")
    model.fit(x, np.zeros((2, 1)), batch_size=1, epochs=epochs, callbacks=[callback], verbose=0)
    return callback


def test_the_first_update_of_each_epoch_by_hand(writer, read):
    callback = fitted(writer, 0.01)
    written = read().Tensors("update_ratio/one")
    assert [t.step for t in written] == [1, 2]
    # Two updates later the weights are (-0.06, 9.92).
    expected = [0.05 / 10, 0.05 / np.hypot(0.06, 9.92)]
    np.testing.assert_allclose([tf.make_ndarray(t.tensor_proto) for t in written], expected, rtol=1e-4)
    assert callback.findings == []
    assert set(read().Tags()["tensors"]) == {"update_ratio/one"}


def test_a_rate_too_high_and_one_too_low(writer, read):
    assert fitted(writer, 1.0, 1).findings == ["one: one update moves the weights by 50% of their size, which is far"]
    (sentence,) = fitted(writer, 1e-6, 1).findings
    assert "of their size, which is hardly anything" in sentence
    texts = [tf.make_ndarray(t.tensor_proto)[0].decode() for t in read().Tensors("update_ratio")]
    assert texts[1] == sentence


@pytest.mark.parametrize(("ratio", "said"), [(2e-5, False), (0.09, False), (5e-6, True), (0.2, True)])
def test_what_is_usual(ratio, said):
    assert bool(finding("one", ratio, 0)) == said


def still(writer, model, **options):
    x = np.ones((4, 2), "float32")
    callback = UpdateRatios(writer)
    model.compile(keras.optimizers.SGD(0.01, **options), "mse")
    model.fit(x, np.ones((4, 1)), batch_size=1, epochs=2, callbacks=[callback], verbose=0)
    return callback.findings


def test_no_gradient_at_all(writer):
    dead = keras.layers.Dense(1, "relu", bias_initializer=keras.initializers.Constant(-9), name="dead")
    two = [keras.Input((2,)), keras.layers.Dense(2, name="before"), dead]
    sentence = "an update leaves the weights as they are; no gradient reaches them"
    assert still(writer, keras.Sequential(two)) == [f"before: {sentence}", f"dead: {sentence}"]


def test_a_rate_of_zero(writer):
    assert fitted(writer, 0.0, 1).findings == []
    (sentence,) = fitted(writer, 0.0, 2).findings
    assert sentence == "one: an update leaves the weights as they are; the learning rate is 0"


class InTurn(keras.Model):
    """Trains one layer alone, by a rule of its own."""

    def __init__(self):
        super().__init__()
        self.first, self.second = keras.layers.Dense(2, name="first"), keras.layers.Dense(1, name="second")

    def call(self, x):
        return self.second(self.first(x))

    def train_step(self, data):
        self.first.kernel.assign_sub(1e-3 * self.first.kernel)
        return {"loss": keras.ops.sum(self(data[0]))}


def test_a_layer_that_has_no_turn_is_no_finding(writer, read):
    model = InTurn()
    model(np.ones((1, 2)))
    assert still(writer, model) == []
    assert {"update_ratio/first", "update_ratio/second"} <= set(read().Tags()["tensors"])


def test_gradients_gathered_for_a_later_update(writer, read):
    model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1, name="one")])
    assert not any("leaves the weights" in f for f in still(writer, model, gradient_accumulation_steps=2))
    assert all(float(tf.make_ndarray(t.tensor_proto)) > 0 for t in read().Tensors("update_ratio/one"))


def test_layers_of_a_model_of_builtin_layers(fit, writer, read):
    fit(UpdateRatios(writer))
    assert {f"update_ratio/{name}" for name in ("conv", "normalization", "logits")} <= set(read().Tags()["tensors"])


def test_the_bounds_themselves_are_usual_and_a_layer_of_zeros_has_no_ratio(writer, read):
    assert finding("one", HIGH, 0) is finding("one", LOW, 0) is None
    assert finding("one", 1.01 * HIGH, 3).startswith("one: one update moves the weights by 10% of")
    assert finding("one", 0.99 * LOW, 3).startswith("one: one update moves the weights by 9.9e-06 of")
    model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1, kernel_initializer="zeros", name="zeros")])
    still(writer, model)
    # From the second epoch on it is no layer of zeros any more.
    assert [t.step for t in read().Tensors("update_ratio/zeros")] == [2]
