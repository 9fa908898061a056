"""Dropout by statistics on a million draws, and the draws themselves: when they repeat, when they don't."""

import keras
import numpy as np
import pytest

from tfnotes import layers
from tfnotes._gradients import vjp
from tfnotes.errors import InputError
from tfnotes.layers.dropout import dropout

N = 1_000_000


def drop(layer, x):
    return keras.ops.convert_to_numpy(layer(x, training=True))


def test_by_hand():
    x = keras.ops.array([1.0, -2.0, 3.0, np.inf])
    np.testing.assert_array_equal(dropout(x, np.array([True, False, True, False]), 0.75), [4, 0, 12, 0])


@pytest.mark.parametrize("rate", [0.1, 0.5, 0.9])
def test_drops_its_share_and_keeps_the_mean(rate):
    y = drop(layers.Dropout(rate, seed=1), np.ones((1000, 1000), "float32"))
    dropped = y == 0
    error = np.sqrt(rate * (1 - rate) / N)
    assert abs(dropped.mean() - rate) < 5 * error
    # A kept one is 1 / (1 - rate), so that is what the mean's error is scaled by.
    assert abs(y.mean(dtype="float64") - 1) < 5 * error / (1 - rate)
    np.testing.assert_allclose(y[~dropped], 1 / (1 - rate), rtol=1e-6)


def test_neighbours_are_drawn_one_by_one():
    dropped = drop(layers.Dropout(0.3, seed=2), np.ones((1000, 1000), "float32")) == 0
    for a, b in ((dropped[1:], dropped[:-1]), (dropped[:, 1:], dropped[:, :-1])):
        assert abs((a & b).mean() - 0.09) < 5 * np.sqrt(0.09 * 0.91 / a.size)


def test_draws_anew_at_each_call():
    layer, x = layers.Dropout(0.5, seed=1), np.ones((50, 50))
    first, second = drop(layer, x), drop(layer, x)
    # Two draws agree in half of the places.
    assert abs((first == second).mean() - 0.5) < 5 * 0.5 / 50


def test_draws_anew_at_each_step_of_a_compiled_training_loop():
    model = keras.Sequential([keras.Input((1000,)), layers.Dropout(0.5, seed=1)])
    model.compile("sgd", "mse")
    x = np.random.default_rng(0).normal(size=(2, 1000))
    losses = [model.train_on_batch(x, np.zeros_like(x)) for _ in range(4)]
    assert len(set(losses)) == 4
    assert model.test_on_batch(x, x) == pytest.approx(0, abs=1e-9)


def test_the_same_seed_draws_the_same():
    x = np.ones((50, 50))
    a, b, c = layers.Dropout(0.5, seed=1), layers.Dropout(0.5, seed=1), layers.Dropout(0.5, seed=2)
    for _ in range(2):
        y = drop(a, x)
        np.testing.assert_array_equal(drop(b, x), y)
        assert (drop(c, x) != y).any()
    free = []
    for _ in range(2):
        keras.utils.set_random_seed(3)
        free.append(drop(layers.Dropout(0.5), x))
    np.testing.assert_array_equal(*free)


@pytest.mark.parametrize("noise_shape", [(None, 1, None), (2, 1, 5), [None, 1, 5]])
def test_a_noise_shape_shares_draws(noise_shape):
    kept = drop(layers.Dropout(0.5, noise_shape=noise_shape, seed=1), np.ones((2, 60, 5))) > 0
    np.testing.assert_array_equal(kept, np.broadcast_to(kept[:, :1], kept.shape))
    assert 0 < kept[:, 0].mean() < 1


@pytest.mark.parametrize("noise_shape", [(3,), (None, 3), (4, 2), (None, None, 1)])
def test_a_noise_shape_that_does_not_fit_is_refused(noise_shape):
    with pytest.raises(InputError, match=r"^Dropout: `noise_shape` must be None, 1 or the inputs' size"):
        layers.Dropout(0.5, noise_shape=noise_shape)(np.ones((4, 5)), training=True)


def test_a_rate_of_1_drops_all_and_of_0_nothing():
    x = np.array([[1.0, -2, np.inf]])
    np.testing.assert_array_equal(drop(layers.Dropout(1.0), x), [[0, 0, 0]])
    np.testing.assert_array_equal(drop(layers.Dropout(0), x), x)
    np.testing.assert_array_equal(drop(layers.Dropout(1), x), [[0, 0, 0]])


def test_inference_changes_nothing():
    x = np.random.default_rng(0).normal(size=(20, 30)).astype("float32")
    layer = layers.Dropout(0.7, seed=1)
    state = layer.seed_generator.state.numpy()
    np.testing.assert_array_equal(layer(x), x)
    np.testing.assert_array_equal(layer(x, training=False), x)
    np.testing.assert_array_equal(layer.seed_generator.state.numpy(), state)


def test_the_gradient_passes_where_the_input_did():
    layer = layers.Dropout(0.75, seed=1, dtype="float64")
    x = np.random.default_rng(0).normal(size=(20, 30))
    y, _, (dx,) = vjp(lambda x: (layer(x, training=True), ()), [x], np.ones)
    np.testing.assert_array_equal(dx, np.where(y == 0, 0, 4))


@pytest.mark.parametrize("dtype", ["float16", "bfloat16", "float64"])
def test_keeps_the_type(dtype):
    y = layers.Dropout(0.5, seed=1, dtype=dtype)(keras.ops.ones((3, 4), dtype), training=True)
    assert keras.backend.standardize_dtype(y.dtype) == dtype


def test_a_seed_generator_is_refused_as_by_the_twin():
    for namespace in (layers, keras.layers):
        with pytest.raises(ValueError, match="seed` must be an integer"):
            namespace.Dropout(0.5, seed=keras.random.SeedGenerator(1))


def test_a_mask_passes_on():
    words = keras.Input((4,), dtype="int32")
    embedded = keras.layers.Embedding(9, 3, mask_zero=True)(words)
    model = keras.Model(words, keras.layers.GlobalAveragePooling1D()(layers.Dropout(1e-9)(embedded)))
    table = model.layers[1].get_weights()[0]
    for training in (False, True):
        y = model(np.array([[3, 5, 0, 0]]), training=training)
        np.testing.assert_allclose(y, [table[[3, 5]].mean(axis=0)], rtol=1e-5)
