"""PReLU by hand: values and slopes, which axes share one, its derivative at 0."""

import keras
import numpy as np
import pytest

from tfnotes import activations, layers
from tfnotes._gradients import vjp
from tfnotes.layers.prelu import prelu


def test_values_and_gradients_by_hand():
    x, alpha = np.array([[-2.0, 3.0], [-1.0, -4.0]]), np.array([0.5, 0.25])
    y, _, (dx, dalpha) = vjp(lambda x, a: (prelu(x, a), ()), [x, alpha], np.ones)
    np.testing.assert_array_equal(y, [[-1, 3], [-0.5, -1]])
    np.testing.assert_array_equal(dx, [[0.5, 1], [0.5, 0.25]])
    np.testing.assert_array_equal(dalpha, [-3, -4])


def test_derivative_at_0_is_0():
    _, _, (dx, dalpha) = vjp(lambda x, a: (prelu(x, a), ()), [np.zeros(1), np.array([0.25])], np.ones)
    assert (dx, dalpha) == (0, 0)


def test_infinity_is_itself_or_a_multiple_of_it():
    y, _, (dx, dalpha) = vjp(lambda x, a: (prelu(x, a), ()), [np.array([np.inf, -np.inf]), np.array([0.25])], np.ones)
    np.testing.assert_array_equal(y, [np.inf, -np.inf])
    np.testing.assert_array_equal(dx, [1, 0.25])
    assert dalpha == -np.inf


def test_equals_leaky_relu_of_that_slope():
    x = keras.ops.array(np.random.default_rng(0).normal(size=(5, 7)))
    np.testing.assert_allclose(prelu(x, 0.1), activations.leaky_relu(x, 0.1), rtol=1e-12)


@pytest.mark.parametrize(
    ("shared_axes", "shape"),
    [(None, (4, 5, 6)), ([1, 2], (1, 1, 6)), (3, (4, 5, 1)), ((1, 2, 3), (1, 1, 1))],
)
def test_shared_axes(shared_axes, shape):
    layer = layers.PReLU(shared_axes=shared_axes)
    layer.build((None, 4, 5, 6))
    assert tuple(layer.alpha.shape) == shape


def test_a_shared_axis_may_have_an_unknown_size_another_may_not():
    layers.PReLU(shared_axes=[1, 2]).build((None, None, None, 6))
    with pytest.raises(
        ValueError, match=r"PReLU: `input_shape` must be a shape whose axis 1 has a fixed size"
    ):
        layers.PReLU(shared_axes=[2]).build((None, None, 4, 6))


def test_shared_axes_beyond_the_inputs_are_refused():
    with pytest.raises(ValueError, match=r"PReLU: `shared_axes` must be axes of inputs of rank 2"):
        layers.PReLU(shared_axes=[1, 2]).build((None, 4))
