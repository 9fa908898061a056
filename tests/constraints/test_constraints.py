"""Constraints: hand-worked vectors, what must stay as it is, and training with them."""

import keras
import numpy as np
import pytest

from tfnotes import constraints, layers

W = np.array([[3.0, 0.3], [4.0, 0.4]])


def applied(constraint, w):
    return keras.ops.convert_to_numpy(constraint(keras.ops.convert_to_tensor(w)))


def test_max_norm_scales_what_is_too_long_and_leaves_the_rest():
    w = applied(constraints.MaxNorm(1.0), W)
    np.testing.assert_allclose(w, [[0.6, 0.3], [0.8, 0.4]], atol=1e-6)


def test_unit_norm_scales_both_ways():
    np.testing.assert_allclose(applied(constraints.UnitNorm(), W), [[0.6, 0.6], [0.8, 0.8]], atol=1e-6)
    np.testing.assert_allclose(
        applied(constraints.UnitNorm(axis=1), [[3.0, 4.0], [6.0, 8.0]]), [[0.6, 0.8]] * 2, atol=1e-6
    )


def test_non_neg_keeps_what_is_positive():
    np.testing.assert_array_equal(applied(constraints.NonNeg(), [[-1.0, 2.0, 0.0]]), [[0.0, 2.0, 0.0]])


def test_a_convolutions_filters_are_bounded_one_by_one():
    w = 5 * np.random.default_rng(0).normal(size=(3, 3, 2, 7))
    bounded = applied(constraints.MaxNorm(2.0, axis=[0, 1, 2]), w)
    lengths = np.sqrt((bounded**2).sum((0, 1, 2)))
    np.testing.assert_allclose(lengths, 2.0, rtol=1e-6)


@pytest.mark.parametrize("axis", [0, 1, (0, 1), [0, -1]])
def test_axes_may_be_an_int_a_tuple_or_a_list(axis):
    ours, theirs = constraints.UnitNorm(axis), keras.constraints.UnitNorm(axis)
    np.testing.assert_allclose(applied(ours, W), applied(theirs, W), rtol=1e-12)
    assert constraints.UnitNorm.from_config(ours.get_config()).axis == ours.axis


@pytest.mark.parametrize("axis", [[0, 1.5], [True], ["0"]])
def test_bad_axes_in_a_list_are_refused(axis):
    with pytest.raises(ValueError, match="UnitNorm: `axis` must be an integer or a list of them"):
        constraints.UnitNorm(axis)


@pytest.mark.parametrize(
    ("name", "cls"), [("max_norm", "MaxNorm"), ("unit_norm", "UnitNorm"), ("non_neg", "NonNeg")]
)
def test_strings_resolve_to_ours(name, cls):
    assert type(constraints.get(name)) is getattr(constraints, cls)
    assert type(layers.Dense(2, kernel_constraint=name).kernel_constraint) is getattr(constraints, cls)
    assert isinstance(constraints.get("min_max_norm"), keras.constraints.MinMaxNorm)


def test_holds_after_each_update_of_a_fit():
    dense = layers.Dense(4, kernel_constraint=constraints.MaxNorm(0.25))
    model = keras.Sequential([keras.Input((3,)), dense])
    model.compile("sgd", "mse")
    rng = np.random.default_rng(0)
    model.fit(rng.normal(size=(16, 3)), rng.normal(size=(16, 4)), epochs=2, verbose=0)
    lengths = np.sqrt((dense.get_weights()[0] ** 2).sum(0))
    assert (lengths <= 0.25 + 1e-6).all()
    assert lengths.max() > 0.2


def test_a_length_is_kept_off_0_by_the_epsilon_of_the_settings():
    before = keras.config.epsilon()
    keras.config.set_epsilon(1.0)
    try:
        np.testing.assert_allclose(applied(constraints.UnitNorm(), [[3.0], [4.0]]), [[0.5], [4 / 6]], rtol=1e-6)
        np.testing.assert_allclose(applied(constraints.MaxNorm(2.0), [[3.0], [4.0]]), [[1.0], [8 / 6]], rtol=1e-6)
    finally:
        keras.config.set_epsilon(before)


@pytest.mark.parametrize("cls", [constraints.UnitNorm, constraints.MaxNorm])
def test_axes_are_a_list_in_the_config_which_json_knows(cls):
    assert cls(axis=(0, 1)).get_config()["axis"] == [0, 1]
    given = [0, 1]
    made = cls(axis=given)
    given.append(2)
    assert made.axis == [0, 1]
