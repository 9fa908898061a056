"""The affine map against Keras's kernel, NumPy's exact moves, and its own gradient."""

import keras
import numpy as np
import pytest
from keras import ops

from tests.helpers import central_differences
from tfnotes._gradients import vjp
from tfnotes.augmentation import RandomRotation, RandomTranslation, _base
from tfnotes.augmentation._affine import FILL_MODES, affine, affine_by_kernel
from tfnotes.augmentation.random_rotation import rotation
from tfnotes.augmentation.random_translation import translation

RNG = np.random.default_rng(0)
IMAGES = RNG.normal(size=(3, 6, 5, 2))


def matrices(entries, count=3):
    return ops.stack([ops.broadcast_to(ops.cast(e, "float64"), (count,)) for e in entries], axis=1)


def moved(entries, interpolation="bilinear", fill_mode="constant", fill_value=0.0, images=IMAGES):
    matrix = matrices(entries, len(images))
    return np.asarray(affine(ops.convert_to_tensor(images), matrix, interpolation, fill_mode, fill_value))


# Not "wrap": TensorFlow's kernel looks far pixels up wrongly; the test by np.roll is its proof.
@pytest.mark.parametrize("fill_mode", ["reflect", "constant", "nearest"])
@pytest.mark.parametrize("interpolation", ["bilinear", "nearest"])
def test_the_kernel_computes_the_definition(fill_mode, interpolation):
    rng = np.random.default_rng(1)
    matrix = np.tile([1, 0, 0, 0, 1, 0], (3, 1)) + rng.uniform(-0.5, 0.5, (3, 6)) * [1, 1, 6, 1, 1, 6]
    arguments = ops.convert_to_tensor(IMAGES), ops.convert_to_tensor(matrix), interpolation, fill_mode, 0.7
    np.testing.assert_allclose(affine_by_kernel(*arguments), affine(*arguments), atol=1e-4)


@pytest.mark.parametrize("layer", [RandomRotation, RandomTranslation])
@pytest.mark.parametrize("fill_mode", FILL_MODES)
@pytest.mark.parametrize(("dtype", "tolerance"), [("float64", 0), ("float32", 1e-4), ("float16", 1e-2)])
def test_a_layer_computes_the_definition(monkeypatch, layer, fill_mode, dtype, tolerance):
    arguments = {"factor": 1.0} if layer is RandomRotation else {"height_factor": 1.0, "width_factor": 1.0}
    wide = np.tile(IMAGES, (20, 1, 1, 1))

    def images():
        return ops.cast(layer(**arguments, fill_mode=fill_mode, fill_value=0.7, seed=1, dtype=dtype)(wide), "float64")

    by_kernel = images()
    monkeypatch.setattr(_base, "affine_by_kernel", affine)
    np.testing.assert_allclose(by_kernel, images(), rtol=0, atol=tolerance)


@pytest.mark.parametrize("interpolation", ["bilinear", "nearest"])
@pytest.mark.parametrize("turns", [1, 2, 3])
def test_a_quarter_turn_is_rot90(interpolation, turns):
    images = RNG.normal(size=(2, 5, 5, 3))
    turned = moved(
        rotation(ops.array(turns * np.pi / 2, "float64"), 5.0, 5.0),
        interpolation,
        images=images,
        fill_mode="nearest",
    )
    np.testing.assert_allclose(turned, np.rot90(images, turns, axes=(1, 2)), atol=1e-9)


@pytest.mark.parametrize("interpolation", ["bilinear", "nearest"])
@pytest.mark.parametrize("shift", [(1, 0), (-2, 3), (4, -1), (9, -13)])
def test_a_whole_shift_is_a_roll(interpolation, shift):
    down, right = shift
    entries = translation(ops.array(float(right)), ops.array(float(down)))
    rolled = np.roll(IMAGES, shift, axis=(1, 2))
    np.testing.assert_array_equal(moved(entries, interpolation, "wrap"), rolled)
    rows, columns = np.indices((6, 5))
    kept = (rows >= down) & (rows < 6 + down) & (columns >= right) & (columns < 5 + right)
    filled = np.where(kept[None, ..., None], rolled, 7.0)
    np.testing.assert_array_equal(moved(entries, interpolation, "constant", 7.0), filled)


@pytest.mark.parametrize(
    ("fill_mode", "expected"),
    [
        ("constant", [9, 9, 9, 1, 2, 3, 9, 9, 9]),
        ("nearest", [1, 1, 1, 1, 2, 3, 3, 3, 3]),
        ("reflect", [3, 2, 1, 1, 2, 3, 3, 2, 1]),
        ("wrap", [1, 2, 3, 1, 2, 3, 1, 2, 3]),
    ],
)
def test_what_lies_outside(fill_mode, expected):
    image = np.array([1.0, 2, 3]).reshape(1, 1, 3, 1)
    columns = [moved((1, 0, x, 0, 1, 0), "nearest", fill_mode, 9, image)[0, 0, 0, 0] for x in range(-3, 6)]
    assert columns == expected


def test_half_a_pixel_is_the_mean_of_two():
    image = np.array([1.0, 3, 8]).reshape(1, 1, 3, 1)
    np.testing.assert_array_equal(moved((1, 0, 0.5, 0, 1, 0), images=image).ravel(), [2, 5.5, 4])
    np.testing.assert_array_equal(moved((1, 0, 0.25, 0, 1, 0), images=image).ravel(), [1.5, 4.25, 6])


def test_the_gradient_is_exact():
    matrix = matrices(rotation(ops.array(0.4, "float64"), 4.0, 3.0), 1)
    image, weights = RNG.normal(size=(1, 4, 3, 1)), RNG.normal(size=(1, 4, 3, 1))

    def value(x):
        return float(ops.sum(affine(ops.convert_to_tensor(x), matrix, "bilinear", "reflect", 0) * weights))

    _, _, (gradient,) = vjp(
        lambda x: (affine(x, matrix, "bilinear", "reflect", 0), ()), [image], lambda _: weights
    )
    np.testing.assert_allclose(gradient, central_differences(value, image), atol=1e-8)


@pytest.mark.parametrize("fill_mode", FILL_MODES)
def test_the_identity_keeps_every_digit(fill_mode):
    np.testing.assert_array_equal(moved((1, 0, 0, 0, 1, 0), fill_mode=fill_mode), IMAGES)
    assert (
        keras.backend.standardize_dtype(
            affine(
                ops.ones((1, 2, 2, 1), "float16"), matrices((1, 0, 0, 0, 1, 0), 1), "bilinear", fill_mode, 0.0
            ).dtype
        )
        == "float16"
    )
