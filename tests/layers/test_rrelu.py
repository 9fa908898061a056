"""RReLU has no builtin twin: its inference by hand, its draws by their statistics."""

import keras
import numpy as np
import pytest

from tests.helpers import central_differences
from tfnotes import layers
from tfnotes._gradients import vjp


def draws(layer, n=1_000_000):
    """The slopes of one call in training, taken at x = -1."""
    slopes = -keras.ops.convert_to_numpy(layer(-keras.ops.ones((n // 10, 10)), training=True))
    return slopes.ravel().astype("float64")


def test_inference_takes_the_mean_slope_11_48():
    x = keras.ops.array([-48.0, -1.0, 0.0, 2.0], "float64")
    np.testing.assert_allclose(layers.RReLU(dtype="float64")(x), [-11, -11 / 48, 0, 2], rtol=1e-12)
    np.testing.assert_allclose(layers.RReLU(0.0, 1.0, dtype="float64")(x), [-24, -0.5, 0, 2], rtol=1e-12)


def test_slopes_in_training_are_uniform():
    slopes = np.sort(draws(layers.RReLU(seed=3)))
    n, width = slopes.size, 1 / 3 - 1 / 8
    assert slopes[0] >= 1 / 8 - 1e-7
    assert slopes[-1] <= 1 / 3 + 1e-7
    assert abs(slopes.mean() - 11 / 48) < 5 * width / np.sqrt(12 * n)
    # The variance of n uniform numbers has the standard error w^2 / sqrt(180 n).
    assert abs(slopes.var() - width**2 / 12) < 5 * width**2 / np.sqrt(180 * n)
    # Kolmogorov and Smirnov's distance, which passes 2 / sqrt(n) once in 1,500 draws.
    uniform = 1 / 8 + width * (np.arange(n) + 0.5) / n
    assert np.abs(slopes - uniform).max() / width < 2 / np.sqrt(n)


def test_each_input_and_each_call_draws_its_own_slope_and_the_seed_repeats_them():
    layer, again = layers.RReLU(seed=5), layers.RReLU(seed=5)
    first, second = draws(layer, 1000), draws(layer, 1000)
    assert np.unique(first).size > 990
    assert abs(np.corrcoef(first, second)[0, 1]) < 5 / np.sqrt(1000)
    np.testing.assert_array_equal(draws(again, 1000), first)
    assert not np.array_equal(draws(layers.RReLU(seed=6), 1000), first)


def test_positive_inputs_pass_unchanged_in_training():
    x = keras.ops.array(np.random.default_rng(0).uniform(0.1, 5, (4, 5)), "float32")
    np.testing.assert_array_equal(layers.RReLU(seed=1)(x, training=True), x)


@pytest.mark.parametrize("training", [False, True])
def test_gradient_is_the_slope_that_was_drawn(training):
    layer, x = layers.RReLU(seed=2, dtype="float64"), np.random.default_rng(0).normal(size=(3, 4))
    layer.build(x.shape)
    state = [keras.ops.convert_to_numpy(v) for v in layer.non_trainable_variables]
    y, _, (gradient,) = vjp(
        lambda x: (layer.stateless_call([], state, x, training=training)[0], ()), [x], np.ones
    )
    np.testing.assert_allclose(gradient, y / x, rtol=1e-12)

    def total(x):
        return float(keras.ops.sum(layer.stateless_call([], state, x, training=training)[0]))

    np.testing.assert_allclose(gradient, central_differences(total, x), rtol=1e-6)


def test_bounds_out_of_order_are_refused():
    with pytest.raises(
        ValueError, match=r"RReLU: `upper` must be a finite number at least 0.5. Received: upper=0.25"
    ):
        layers.RReLU(0.5, 0.25)


@pytest.mark.skipif(keras.backend.backend() != "tensorflow", reason="several workers are TensorFlow's")
def test_each_worker_draws_the_slopes_of_its_rows():
    import tensorflow as tf

    from tfnotes import _share

    layer = layers.RReLU(seed=3)
    begun = keras.ops.copy(layer.seed_generator.state)
    whole = np.asarray(layer(-tf.ones((5, 6)), training=True))

    @tf.function(input_signature=[tf.TensorSpec((None, 6)), *[tf.TensorSpec((), tf.int64)] * 2], autograph=False)
    def of_worker(x, mine, first):
        with _share.entered(_share.Share(2, mine, first, tf.constant(5, tf.int64), 0, 1)):
            return layer(x, training=True)

    for mine, first in ((3, 0), (2, 3)):
        layer.seed_generator.state.assign(begun)
        np.testing.assert_array_equal(of_worker(-tf.ones((mine, 6)), mine, first), whole[first : first + mine])
