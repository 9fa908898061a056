"""What is drawn is uniform over the stated range: mean, variance and bounds inside 5 standard errors."""

import numpy as np
import pytest

from tfnotes import augmentation as ours

COUNT = 20_000


def assert_uniform(draws, low, high):
    draws = np.asarray(draws, "float64")
    width = high - low
    slack = 1e-5 * max(1, abs(low), abs(high))
    assert low - slack <= draws.min()
    assert draws.max() <= high + slack
    assert abs(draws.mean() - (low + high) / 2) < 5 * width / np.sqrt(12 * len(draws))
    # The variance of a squared deviation of a uniform number is width^4 / 180.
    assert abs(draws.var() - width**2 / 12) < 5 * width**2 / np.sqrt(180 * len(draws))


def test_brightness():
    layer = ours.RandomBrightness((-0.1, 0.3), value_range=(-10, 10), seed=1)
    assert_uniform(np.ravel(layer(np.zeros((COUNT, 1, 1, 1), "float32"))), -2, 6)


@pytest.mark.parametrize(("factor", "low", "high"), [(0.3, 0.7, 1.3), ((0.5, 0.2), 0.5, 1.2)])
def test_contrast(factor, low, high):
    x = np.tile(np.array([-1.0, 1.0], "float32").reshape(1, 1, 2, 1), (COUNT, 1, 1, 1))
    y = np.asarray(ours.RandomContrast(factor, value_range=(-9, 9), seed=1)(x))
    assert_uniform(y[:, 0, 1, 0], low, high)


@pytest.mark.parametrize(
    ("layer", "entries"),
    [
        (ours.RandomTranslation((-0.1, 0.3), 0.5, seed=1), {5: (-3, 1), 2: (-10, 10)}),
        (ours.RandomZoom((-0.1, 0.3), 0.5, seed=1), {4: (0.9, 1.3), 0: (0.5, 1.5)}),
        (ours.RandomShear(0.4, 0.2, seed=1), {1: (-0.4, 0.4), 3: (-0.2, 0.2)}),
    ],
    ids=["translation", "zoom", "shear"],
)
def test_entries_of_the_matrix(layer, entries):
    matrix = layer.matrix(COUNT, 10.0, 20.0)
    for k, (low, high) in entries.items():
        assert_uniform(matrix[k], low, high)


def test_angles():
    a0, a1, *_ = ours.RandomRotation((-0.1, 0.3), seed=1).matrix(COUNT, 10.0, 20.0)
    assert_uniform(np.arctan2(-np.asarray(a1), np.asarray(a0)) / (2 * np.pi), -0.1, 0.3)


def test_a_zoom_without_a_width_keeps_proportions_and_with_one_does_not():
    together, apart = ours.RandomZoom(0.3, seed=1), ours.RandomZoom(0.3, 0.3, seed=1)
    zx, _, _, _, zy, _ = together.matrix(100, 10.0, 20.0)
    np.testing.assert_array_equal(zx, zy)
    zx, _, _, _, zy, _ = apart.matrix(100, 10.0, 20.0)
    assert abs(np.corrcoef(zx, zy)[0, 1]) < 0.5


def test_a_width_factor_of_0_leaves_the_width_alone():
    zx, _, _, _, zy, _ = ours.RandomZoom((0.2, 0.3), 0, seed=1).matrix(100, 10.0, 20.0)
    np.testing.assert_array_equal(zx, 1)
    assert_uniform(zy, 1.2, 1.3)


def test_a_shears_signs_are_drawn_once_for_both():
    _, sx, _, sy, _, _ = ours.RandomShear((0.1, 0.4), (0.1, 0.2), seed=1).matrix(COUNT, 9.0, 9.0)
    np.testing.assert_array_equal(np.sign(sx), np.sign(sy))
    assert abs(np.mean(np.sign(sx))) < 5 / np.sqrt(COUNT)
    assert_uniform(np.abs(sx), 0.1, 0.4)
