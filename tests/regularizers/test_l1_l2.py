"""L1, L2 and both: hand-worked numbers, and the names by which layers find them."""

import keras
import numpy as np
import pytest

from tfnotes import layers, regularizers
from tfnotes._gradients import vjp

W = np.array([[1.0, -2.0], [0.0, 3.0]])


@pytest.mark.parametrize(
    ("regularizer", "penalty", "gradient"),
    [
        (regularizers.L1(0.5), 3.0, [[0.5, -0.5], [0.0, 0.5]]),
        (regularizers.L2(0.5), 7.0, [[1.0, -2.0], [0.0, 3.0]]),
        (regularizers.L1L2(0.5, 0.25), 6.5, [[1.0, -1.5], [0.0, 2.0]]),
        (regularizers.L1L2(), 0.0, [[0.0, 0.0], [0.0, 0.0]]),
    ],
)
def test_hand_worked_numbers(regularizer, penalty, gradient):
    value, _, (dw,) = vjp(lambda w: (regularizer(w), ()), [W], lambda shape: np.ones(shape))
    assert float(value) == penalty
    np.testing.assert_array_equal(dw, gradient)


def test_factors_keep_their_digits_in_float64():
    assert float(regularizers.L1(0.1)(keras.ops.ones(3, "float64"))) == 0.1 * 3.0


@pytest.mark.parametrize(("name", "cls"), [("l1", "L1"), ("l2", "L2"), ("l1l2", "L1L2"), ("L2", "L2")])
def test_strings_resolve_to_ours_with_the_defaults_of_keras(name, cls):
    ours, theirs = regularizers.get(name), keras.regularizers.get(name)
    assert type(ours) is getattr(regularizers, cls)
    assert ours.get_config() == pytest.approx(theirs.get_config())
    assert type(layers.Dense(2, kernel_regularizer=name).kernel_regularizer) is type(ours)
    assert type(layers.Dense(2, activity_regularizer=name).activity_regularizer) is type(ours)


def test_none_gives_the_default_as_in_keras():
    assert regularizers.L1(None).l1 == 0.01
    assert regularizers.L2(None).l2 == 0.01
    assert regularizers.L1L2(None, None).get_config() == {"l1": 0.0, "l2": 0.0}


def test_a_factor_of_0_is_0():
    for made in (regularizers.L1(0), regularizers.L2(0.0), regularizers.L1L2(0, 0)):
        assert set(made.get_config().values()) == {0.0}
        assert float(made(keras.ops.ones(3))) == 0


def test_keras_own_layers_take_them_and_collect_the_loss():
    layer = keras.layers.Dense(2, kernel_initializer="ones", kernel_regularizer=regularizers.L2(0.5))
    layer(np.ones((1, 3), "float32"))
    assert [float(loss) for loss in layer.losses] == [3.0]


def test_others_are_left_to_keras():
    assert isinstance(regularizers.get("orthogonal_regularizer"), keras.regularizers.OrthogonalRegularizer)
    assert regularizers.get(None) is None
