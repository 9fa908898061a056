"""Maxout has no builtin twin: special cases, a second formulation with loops, central differences."""

import keras
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.helpers import central_differences, in_double, products
from tfnotes import layers
from tfnotes._gradients import vjp
from tfnotes.layers.maxout import maxout


def random_layer(rng, features, units, pieces, use_bias=True):
    layer = layers.Maxout(units, pieces=pieces, use_bias=use_bias, dtype="float64")
    layer.build((None, features))
    layer.set_weights([rng.normal(size=w.shape) for w in layer.get_weights()])
    return layer


@given(st.integers(1, 4), st.integers(1, 5), st.integers(1, 4), st.integers(1, 4), st.integers(0, 2**32 - 1))
@settings(deadline=None, max_examples=20, derandomize=True)
def test_equals_the_definition_written_with_loops(batch, features, units, pieces, seed):
    rng = np.random.default_rng(seed)
    layer, x = random_layer(rng, features, units, pieces), rng.normal(size=(batch, features))
    kernel, bias = layer.get_weights()
    expected = [
        [
            max(x[n] @ kernel[:, k * units + u] + bias[k * units + u] for k in range(pieces))
            for u in range(units)
        ]
        for n in range(batch)
    ]
    np.testing.assert_allclose(layer(x), expected, rtol=products(1e-12), atol=products(1e-12))


@pytest.mark.parametrize("use_bias", [True, False])
def test_one_piece_is_dense(use_bias):
    rng = np.random.default_rng(0)
    layer, x = random_layer(rng, 6, 3, pieces=1, use_bias=use_bias), rng.normal(size=(5, 2, 6))
    twin = keras.layers.Dense(3, use_bias=use_bias, dtype="float64")
    twin.build((None, 6))
    twin.set_weights(layer.get_weights())
    np.testing.assert_allclose(layer(x), twin(x), rtol=1e-12)


@pytest.mark.parametrize(
    ("slopes", "activation"),
    [
        pytest.param((1.0, 0.0), lambda x: np.maximum(x, 0), id="relu"),
        pytest.param((1.0, -1.0), np.abs, id="abs"),
        pytest.param((1.0, 0.01), lambda x: np.where(x > 0, x, 0.01 * x), id="leaky_relu"),
    ],
)
def test_two_pieces_express(slopes, activation):
    layer, x = random_layer(np.random.default_rng(0), 1, 1, 2), np.linspace(-3, 3, 25)[:, None]
    layer.set_weights([np.array([slopes]), np.zeros(2)])
    np.testing.assert_allclose(layer(x), activation(x), rtol=products(0))


def test_pieces_lie_behind_one_another_along_the_axis():
    z = np.arange(12.0).reshape(2, 6)
    np.testing.assert_array_equal(maxout(z, 3), [[4, 5], [10, 11]])
    np.testing.assert_array_equal(maxout(-z, 3), [[0, -1], [-6, -7]])
    np.testing.assert_array_equal(maxout(z.T, 2, axis=0), z.T[3:])


@in_double
def test_gradients_match_central_differences():
    rng = np.random.default_rng(1)
    layer, x, weight = random_layer(rng, 4, 3, 3), rng.normal(size=(2, 4)), rng.normal(size=(2, 3))
    values = [x, *layer.get_weights()]

    def run(x, *weights):
        return layer.stateless_call(list(weights), [], x)

    _, _, gradients = vjp(run, values, lambda shape: weight)
    for k, gradient in enumerate(gradients):
        expected = central_differences(
            lambda v, k=k: float(np.sum(np.asarray(run(*values[:k], v, *values[k + 1 :])[0]) * weight)),
            values[k],
        )
        np.testing.assert_allclose(gradient, expected, rtol=1e-6, atol=1e-8)


def test_kernel_is_drawn_with_the_fans_of_all_pieces_and_no_two_pieces_alike():
    layer = layers.Maxout(200, pieces=5)
    layer.build((None, 300))
    kernel = layer.get_weights()[0]
    variance = 2 / (300 + 5 * 200)
    # A uniform variable's squared deviation has the standard deviation sqrt(4/5) of its mean.
    assert kernel.var() == pytest.approx(variance, rel=5 * np.sqrt(0.8 / kernel.size))
    first = kernel[:, :200].ravel()
    for k in range(1, 5):
        other = kernel[:, 200 * k : 200 * (k + 1)].ravel()
        assert abs(np.corrcoef(first, other)[0, 1]) < 5 / np.sqrt(first.size)
