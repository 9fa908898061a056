"""Min-max scaling by hand, constant features, and back."""

import numpy as np
import pytest

from tests.preprocessing.layers import adapted
from tfnotes.errors import InputError
from tfnotes.preprocessing import MinMaxScaling

DATA = np.random.default_rng(0).normal(3, 2, size=(50, 4))


def test_by_hand():
    layer = adapted(MinMaxScaling, np.array([[1.0, 10], [3, 20], [5, 60]]))
    np.testing.assert_array_equal(layer(np.array([[1.0, 60], [2, 35], [7, 10]])), [[0, 1], [0.25, 0.5], [1.5, 0]])


@pytest.mark.parametrize("feature_range", [(0, 1), (-1, 1), (2, 2.5)])
def test_the_range_is_reached_and_not_left(feature_range):
    y = np.asarray(adapted(MinMaxScaling, DATA, feature_range=feature_range)(DATA))
    np.testing.assert_allclose(y.min(axis=0), feature_range[0], rtol=1e-12, atol=1e-15)
    np.testing.assert_allclose(y.max(axis=0), feature_range[1], rtol=1e-12)
    np.testing.assert_allclose(np.argsort(y, axis=0), np.argsort(DATA, axis=0))


def test_a_constant_feature_becomes_the_lower_end_and_comes_back():
    x = np.array([[7.0, 1], [7, 2]])
    layer = adapted(MinMaxScaling, x, feature_range=(-1, 1))
    np.testing.assert_array_equal(layer(x), [[-1, -1], [-1, 1]])
    np.testing.assert_array_equal(layer.inverse(layer(x)), x)


def test_the_inverse_gives_the_inputs_back():
    layer = adapted(MinMaxScaling, DATA, feature_range=(-3, 5))
    np.testing.assert_allclose(layer.inverse(layer(2 * DATA)), 2 * DATA, rtol=1e-12, atol=1e-12)
    back = adapted(MinMaxScaling, DATA, feature_range=(-3, 5), invert=True)
    np.testing.assert_allclose(back(layer(DATA)), DATA, rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize(("axis", "over"), [(-1, (0, 1)), (None, None), ((1, 2), 0), (1, (0, 2))])
def test_scales_over_all_other_axes(axis, over):
    x = np.random.default_rng(1).integers(0, 256, size=(9, 4, 3), dtype="uint8")
    y = np.asarray(adapted(MinMaxScaling, x, axis=axis)(x))
    np.testing.assert_allclose(y.min(axis=over), 0, atol=1e-12)
    np.testing.assert_allclose(y.max(axis=over), 1, rtol=1e-12)


def test_a_range_within_rounding_of_0_counts_as_none():
    # 2.2e-15 is ten times the rounding error of 1.
    layer = adapted(MinMaxScaling, np.array([[1.0, 0.0], [1 + 1e-15, 5e-15]]))
    np.testing.assert_allclose(layer(np.array([[31.0, 5e-15]])), [[30, 1]], rtol=1e-6)


def test_a_range_beyond_float32_is_refused():
    for data in (np.array([[3e38], [-3e38]]), np.array([[3e38], [-3e38]], "float32")):
        with pytest.raises(InputError, match=r"MinMaxScaling: `data` must be .* whose range float32 can hold"):
            MinMaxScaling().adapt(data)


def test_a_range_that_is_none_and_the_least_that_is_one():
    eps = np.finfo("float64").eps
    for feature_range in ((0, True), ([0], 1), (1, 1), (2, 1), (-np.inf, 0), (0, 1, 2)):
        with pytest.raises(InputError, match=r"MinMaxScaling: `feature_range` must be (two finite numbers|a finite)"):
            MinMaxScaling(feature_range=feature_range)
    assert MinMaxScaling(feature_range=[-2, 0.5]).feature_range == (-2, 0.5)
    # Ten times the rounding error of 1 is a range, less is none.
    for spread, wanted in ((10 * eps, 1.0), (9.9 * eps, 9.9 * eps)):
        layer = adapted(MinMaxScaling, np.array([[0.0], [spread]]))
        np.testing.assert_allclose(layer(np.array([[spread]])), [[wanted]], rtol=1e-12)
