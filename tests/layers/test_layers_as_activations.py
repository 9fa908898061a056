"""A layer that acts as an activation can be named as one: its weights are learned, saved and loaded."""

import keras
import numpy as np
import pytest

from tfnotes import layers

X = np.random.default_rng(0).normal(size=(4, 6, 5, 3)).astype("float32")


@pytest.mark.parametrize("make", [lambda a: layers.Dense(3, a), lambda a: layers.Conv2D(3, 2, activation=a)])
def test_prelu_by_name_learns_its_slopes_and_is_saved(make, tmp_path):
    model = keras.Sequential([keras.Input((6, 5, 3)), make("prelu")])
    (layer,) = model.layers
    assert isinstance(layer.activation, layers.PReLU)
    assert [w.name for w in layer.trainable_weights] == ["kernel", "bias", "alpha"]
    model.compile(keras.optimizers.SGD(0.1), "mse")
    model.fit(X, np.ones(layer.compute_output_shape(X.shape), "float32"), verbose=0)
    assert np.any(np.asarray(layer.activation.alpha) != 0)
    model.save(tmp_path / "model.keras")
    loaded = keras.saving.load_model(tmp_path / "model.keras")
    np.testing.assert_array_equal(loaded(X), model(X))


def test_rrelu_by_name_draws_in_training_alone():
    layer = layers.Dense(3, "rrelu", kernel_initializer="ones", bias_initializer="zeros")
    x = -np.ones((2, 1), "float32")
    np.testing.assert_allclose(layer(x), np.full((2, 3), -11 / 48), rtol=1e-6)
    assert np.unique(np.asarray(layer(x, training=True))).size == 6


def test_it_computes_in_the_dtype_of_its_layer():
    layer = layers.Dense(3, "prelu", dtype="float64")
    assert str(keras.backend.standardize_dtype(layer(X.astype("float64")).dtype)) == "float64"
    assert layer.activation.compute_dtype == "float64"
    mixed = layers.Dense(3, "prelu", dtype="mixed_float16")
    assert keras.backend.standardize_dtype(mixed(X).dtype) == "float16"


def test_a_name_that_is_a_function_stays_one_and_other_layers_are_refused():
    assert layers.Dense(3, "leaky_relu").activation.__name__ == "leaky_relu"
    for name in ("flatten", "dense", "max_pooling2d"):
        with pytest.raises(ValueError, match="Dense: `activation` must be"):
            layers.Dense(3, name)


def test_one_that_is_given_keeps_its_own_dtype():
    given = layers.PReLU(dtype="float32")
    layer = layers.Dense(3, given, dtype="float64")
    assert layer.activation is given
    assert (given.compute_dtype, layer.compute_dtype) == ("float32", "float64")
