"""What people override on one class alone: a convolution, a weight, a scale, an optimizer's state; as on the twin."""

import keras
import numpy as np
import pytest

from tfnotes import initializers, layers, optimizers


def both(name):
    return getattr(layers, name), getattr(keras.layers, name)


@pytest.mark.parametrize("padding", ["valid", "same"])
def test_a_convolution_is_overridden_and_called_as_that_of_the_twin(padding):
    x, outputs = np.linspace(-1, 1, 160, dtype="float32").reshape(2, 5, 4, 4), []
    for base in both("Conv2D"):

        class Standardized(base):
            def convolution_op(self, inputs, kernel):
                mean, variance = keras.ops.moments(kernel, axes=[0, 1, 2], keepdims=True)
                return super().convolution_op(inputs, (kernel - mean) / keras.ops.sqrt(variance + 1e-10))

        layer = Standardized(6, (2, 3), padding=padding, activation="relu", bias_initializer="ones", groups=2)
        layer = Standardized.from_config({**layer.get_config(), "filters": 4})
        layer.build(x.shape)
        layer.set_weights([np.linspace(-1, 2, w.size).reshape(w.shape) for w in layer.get_weights()])
        outputs += [layer(x), base.convolution_op(layer, x, layer.kernel)]
    for ours, theirs in zip(outputs[:2], outputs[2:], strict=True):
        np.testing.assert_allclose(ours, theirs, rtol=1e-5, atol=1e-5)


@pytest.mark.parametrize(
    ("name", "weight", "arguments", "x"),
    [
        ("Dense", "kernel", {"units": 3}, np.linspace(-1, 1, 8, dtype="float32").reshape(2, 4)),
        ("Conv2D", "kernel", {"filters": 2, "kernel_size": 2}, np.ones((1, 3, 3, 2), "float32")),
        ("Embedding", "embeddings", {"input_dim": 5, "output_dim": 2}, np.array([[1, 4, 0]])),
    ],
)
def test_a_weight_may_be_a_function_of_what_is_learned(name, weight, arguments, x):
    outputs = []
    for base in both(name):

        def halved(self, base=base):
            return getattr(base, weight).fget(self) * 0.5

        layer = type("Halved", (base,), {weight: property(halved)})(**arguments)
        with pytest.raises(AttributeError, match=f"[`']{weight}[`']"):
            getattr(layer, weight)
        layer.build(x.shape)
        layer.set_weights([np.linspace(-1, 2, w.size).reshape(w.shape) for w in layer.get_weights()])
        outputs.append(layer(x))
        with pytest.raises(AttributeError):
            setattr(layer, weight, 1)
    np.testing.assert_allclose(*outputs, rtol=1e-5, atol=1e-6)


def test_dropout_that_stays_on_in_inference():
    class Always(layers.Dropout):
        def call(self, inputs, training=None):
            return super().call(inputs, training=True)

    y = keras.ops.convert_to_numpy(Always(0.5, seed=1)(np.ones((100,), "float32")))
    assert set(y) == {0, 2}


@pytest.mark.parametrize("name", ["GlorotNormal", "GlorotUniform", "HeNormal", "HeUniform"])
def test_the_scale_of_an_initializer_is_a_subclasss_to_set(name):
    draws = []
    for source in (initializers, keras.initializers):

        class Scaled(getattr(source, name)):
            def __init__(self, seed=None):
                super().__init__(seed=seed)
                self.scale, self.mode = 3.0, "fan_out"

        draws.append(Scaled(seed=1)((3, 4, 5), dtype="float32"))
    np.testing.assert_allclose(*draws, rtol=1e-5)


@pytest.mark.parametrize("name", ["SGD", "Adam", "RMSprop", "Adagrad"])
def test_an_update_written_for_the_twins_state_finds_it(name):
    arguments = {"SGD": {"momentum": 0.5}, "Adam": {"amsgrad": True}, "RMSprop": {"momentum": 0.5, "centered": True}}
    kept = []
    for source in (optimizers, keras.optimizers):
        optimizer = getattr(source, name)(**arguments.get(name, {}))
        weight = keras.Variable(np.ones((2, 3)))
        optimizer.build([weight])
        optimizer.apply([keras.ops.ones((2, 3))])
        names = ("momentums", "_momentums", "_velocities", "_velocity_hats", "_average_gradients", "_accumulators")
        kept.append({n: getattr(optimizer, n)[0].numpy() for n in names if getattr(optimizer, n, None)})
    ours, theirs = kept
    assert theirs
    for each, value in theirs.items():
        np.testing.assert_allclose(ours[each], value, rtol=1e-6)
