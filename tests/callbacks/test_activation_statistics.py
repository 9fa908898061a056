import keras
import numpy as np
import tensorflow as tf

from tfnotes.callbacks import ActivationStatistics


def test_mean_deviation_and_zeros_of_each_layer(writer, read, images, fit, model):
    x = np.concatenate([images[0]] * 6)
    fit(ActivationStatistics(writer, x))
    events = read()
    assert set(events.Tags()["tensors"]) == {
        f"activation_{what}/{name}"
        for what in ("mean", "std", "zeros")
        for name in ("01_conv", "02_normalization", "03_flatten", "04_logits")
    }
    y = model.get_layer("conv")(x).numpy()
    for what, expected in (("mean", y.mean()), ("std", y.std()), ("zeros", 0)):
        written = events.Tensors(f"activation_{what}/01_conv")
        assert [t.step for t in written] == [1, 2]
        np.testing.assert_allclose(tf.make_ndarray(written[1].tensor_proto), expected, rtol=1e-4, atol=1e-6)


def test_zeros(writer, read):
    model = keras.Sequential([keras.Input((4,)), keras.layers.ReLU(name="relu")])
    callback = ActivationStatistics(writer, np.array([[-1.0, -2, 0, 4]], "float32"))
    callback.set_model(model)
    callback.on_epoch_end(0)
    values = {
        what: float(tf.make_ndarray(read().Tensors(f"activation_{what}/01_relu")[0].tensor_proto))
        for what in ("mean", "std", "zeros")
    }
    assert values == {"mean": 1, "std": np.float32(np.sqrt(3)), "zeros": 0.75}


def test_a_wrapper_stands_for_what_it_wraps_and_functions_between_layers_are_none(writer, read):
    inputs = keras.Input((3, 2))
    hidden = keras.layers.TimeDistributed(keras.layers.Dense(2, name="inside"), name="steps")(inputs)
    model = keras.Model(inputs, keras.layers.Flatten(name="flat")(keras.ops.relu(hidden)))
    callback = ActivationStatistics(writer, np.ones((2, 3, 2), "float32"))
    callback.set_model(model)
    callback.on_epoch_end(0)
    assert {tag for tag in read().Tags()["tensors"] if "mean" in tag} == {
        "activation_mean/01_steps",
        "activation_mean/02_flat",
    }
