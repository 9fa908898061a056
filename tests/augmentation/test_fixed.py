"""With a range of one point the layers are deterministic: by hand, and beside their twins."""

import keras
import numpy as np
import pytest

from tfnotes import augmentation as ours

IMAGES = np.random.default_rng(0).uniform(0, 255, size=(4, 9, 8, 3)).astype("float32")


@pytest.mark.parametrize("fill_mode", ["reflect", "constant", "nearest"])
@pytest.mark.parametrize("interpolation", ["bilinear", "nearest"])
@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("RandomRotation", {"factor": (0.13, 0.13)}),
        ("RandomRotation", {"factor": 0.4}),
        ("RandomTranslation", {"height_factor": (-0.3, -0.3), "width_factor": (0.22, 0.22)}),
        ("RandomTranslation", {"height_factor": 0.3, "width_factor": 0.2}),
        ("RandomShear", {"x_factor": 0.4, "y_factor": (0.1, 0.3)}),
        ("RandomZoom", {"height_factor": (0.35, 0.35), "width_factor": (-0.4, -0.4)}),
        ("RandomZoom", {"height_factor": 0.3}),
    ],
)
def test_the_same_seed_gives_the_twins_images(name, arguments, interpolation, fill_mode):
    arguments = {
        **arguments,
        "interpolation": interpolation,
        "fill_mode": fill_mode,
        "fill_value": 40.0,
        "seed": 5,
    }
    a = np.asarray(getattr(ours, name)(**arguments)(IMAGES))
    b = np.asarray(getattr(keras.layers, name)(**arguments)(IMAGES))
    # A place that rounding puts on the other side of a border is another pixel for "nearest".
    assert np.mean(np.abs(a - b) > 0.05) <= (0.01 if interpolation == "nearest" else 0)


def test_a_quarter_turn():
    square = IMAGES[:, :8]
    for factor, turns in ((0.25, 1), (0.5, 2), (-0.25, 3)):
        y = ours.RandomRotation((factor, factor), interpolation="nearest")(square)
        np.testing.assert_array_equal(y, np.rot90(square, turns, axes=(1, 2)))


def test_a_zoom_by_2_of_one_pixel():
    image = np.zeros((5, 5, 1), "float32")
    image[2, 2] = 8
    # Half of the width is shown: the pixel becomes a tent of twice the width.
    y = ours.RandomZoom((-0.5, -0.5), fill_mode="constant")(image)[..., 0]
    tent = np.array([0, 0.5, 1, 0.5, 0])
    np.testing.assert_allclose(y, 8 * np.outer(tent, tent), atol=1e-5)


def test_a_shear_by_1_of_a_column():
    image = np.zeros((4, 4, 1), "float32")
    image[:, 0] = 1
    outcomes = set()
    for seed in range(8):
        y = np.asarray(ours.RandomShear((1.0, 1.0), fill_mode="constant", seed=seed)(image))[..., 0]
        outcomes.add(tuple(np.round(y.ravel())))
    # Looked up at x = x' + y' or x = x' - y': along a diagonal, or out of the image to the left.
    left = np.zeros((4, 4))
    left[0, 0] = 1
    assert outcomes == {tuple(left.ravel()), tuple(np.eye(4).ravel())}


def test_brightness_by_hand():
    x = np.array([0, 100, 250], "uint8").reshape(1, 3, 1)
    np.testing.assert_allclose(
        ours.RandomBrightness((0.1, 0.1))(x).numpy().ravel(), [25.5, 125.5, 255], rtol=1e-6
    )
    np.testing.assert_allclose(
        ours.RandomBrightness((-0.2, -0.2))(x).numpy().ravel(), [0, 49, 199], rtol=1e-6
    )
    y = ours.RandomBrightness((0.5, 0.5), value_range=(1, -1))(np.zeros((1, 1, 1), "float32"))
    assert float(y[0, 0, 0]) == 1


def test_contrast_by_hand():
    # Channel means 20 and 5; a pair of (-lower, upper) with one point: c = 0.5.
    x = np.array([[[10.0, 0], [30, 10]]], "float32")
    half = ours.RandomContrast((0.5, 0.0), value_range=(0, 26))
    half.draw = lambda count, bounds, dtype: keras.ops.full((count,), bounds[0], dtype)
    np.testing.assert_allclose(half(x), [[[15, 2.5], [25, 7.5]]], rtol=1e-6)
    more = ours.RandomContrast((0.0, 1.0), value_range=(0, 26))
    more.draw = lambda count, bounds, dtype: keras.ops.full((count,), bounds[1], dtype)
    np.testing.assert_allclose(more(x), [[[0, 0], [26, 15]]], rtol=1e-6)
