import keras
import numpy as np
import pytest

from tfnotes.callbacks import Reconstructions
from tfnotes.callbacks.reconstructions import pairs
from tfnotes.errors import InputError


def levels(picture, size, columns):
    """The shade in the middle of each tile, row by row."""
    return [[float(v) for v in row[size // 2 :: size + 1][:columns]] for row in picture[size // 2 :: size + 1]]


def test_each_reconstruction_stands_below_its_image():
    x = np.array([1, 2, 3, 4, 5])[:, None, None, None] * np.full((1, 2, 2, 1), 0.1)
    assert levels(pairs(x, x + 0.5, 2), 2, 2) == pytest.approx(
        np.array([[0.1, 0.2], [0.6, 0.7], [0.3, 0.4], [0.8, 0.9], [0.5, 0], [1.0, 0]])
    )
    assert pairs(x, x, 9).shape == (5, 14)


@pytest.mark.parametrize("reconstruct", [None, lambda model, x: 1 - x])
def test_of_any_model(writer, read, picture, reconstruct):
    model = keras.Sequential([keras.Input((4, 4, 1)), keras.layers.Dropout(0.9), keras.layers.Rescaling(0.5)])
    callback = Reconstructions(writer, np.ones((3, 4, 4, 1), "float32"), reconstruct)
    callback.set_model(model)
    callback.on_epoch_end(1)
    (written,) = read().Tensors("reconstructions")
    assert written.step == 2
    (image,) = picture(written)
    made = 128 if reconstruct is None else 0
    assert (image[2, 2, 0], image[7, 2, 0]) == (255, pytest.approx(made, abs=1))


def test_in_fit(fit, images, writer, read):
    fit(Reconstructions(writer, images[0][:2], lambda model, x: x))
    assert [t.step for t in read().Tensors("reconstructions")] == [1, 2]


def test_sixteen_stand_side_by_side_by_default_and_others_if_asked(writer, read, picture):
    model = keras.Sequential([keras.Input((2, 2)), keras.layers.Identity()])
    for options, rows, columns in (({}, 4, 16), ({"columns": 5}, 8, 5)):
        callback = Reconstructions(writer, np.ones((17, 2, 2), "float32"), **options)
        callback.set_model(model)
        callback.on_epoch_end(0)
        assert picture(read().Tensors("reconstructions")[-1])[0].shape == (3 * rows - 1, 3 * columns - 1, 1)


@pytest.mark.parametrize(
    ("x", "options", "said"),
    [
        (np.ones((2, 4)), {}, r"`x` must be images of shape .*x=\(2, 4\)"),
        (np.ones((2, 4, 4, 3)), {}, r"`x` must be images of shape .*x=\(2, 4, 4, 3\)"),
        (np.ones((0, 4, 4)), {}, r"`x` must be images of shape .*x=\(0, 4, 4\)"),
        (np.ones((2, 4, 4)), {"reconstruct": 3}, "`reconstruct` must be a function of the model and x, or None"),
        (np.ones((2, 4, 4)), {"columns": 0}, "`columns` must be a positive integer"),
    ],
)
def test_bad_arguments(writer, x, options, said):
    with pytest.raises(InputError, match=f"^Reconstructions: {said}"):
        Reconstructions(writer, x, **options)
