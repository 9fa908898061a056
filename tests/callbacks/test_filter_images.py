import keras
import numpy as np
import pytest

from tfnotes.callbacks import FilterImages
from tfnotes.callbacks.filter_images import first_filters, grid
from tfnotes.errors import InputError


def test_a_picture_of_all_filters_by_epoch(fit, model, writer, read, picture):
    fit(FilterImages(writer, scale=2))
    tensors = read().Tensors("filters/conv")
    assert [t.step for t in tensors] == [1, 2]
    (shown,) = picture(tensors[-1])
    filters = np.moveaxis(model.get_layer("conv").kernel.numpy(), -1, 0)
    # Five filters stand in two rows of three; each is 3 x 3 weights of 2 x 2 pixels, a white line between two.
    assert shown.shape == (2 * 7 - 1, 3 * 7 - 1, 1)
    fifth = shown[7:13:2, 7:13:2]
    assert np.abs(fifth.astype(float) - (127.5 + 127.5 * filters[4] / np.abs(filters).max())).max() <= 0.5
    assert (shown[7:, 14:] == 255).all()


def test_zero_is_grey_and_the_scale_is_common():
    filters = np.zeros((2, 1, 2, 1), "float32")
    filters[0, 0, 0], filters[0, 0, 1], filters[1, 0, 0] = 4, -4, 2
    np.testing.assert_array_equal(grid(filters, 1)[:1, :, 0], [[255, 0, 255, 191, 128]])
    assert (grid(0 * filters, 1)[0, :2] == 128).all()


def test_units_of_a_dense_layer_that_see_an_image():
    layer = keras.layers.Dense(4, name="units")
    model = keras.Sequential([keras.Input((2, 3, 1)), keras.Sequential([keras.layers.Flatten(), layer])])
    found, filters = first_filters(model)
    assert found is layer
    assert filters.shape == (4, 2, 3, 1)
    np.testing.assert_array_equal(filters[2].ravel(), layer.kernel.numpy()[:, 2])


@pytest.mark.parametrize(("channels", "shown"), [(1, 1), (3, 3), (5, 1)])
def test_channels(channels, shown):
    model = keras.Sequential([keras.Input((4, 4, channels)), keras.layers.Conv2D(2, 3)])
    assert first_filters(model)[1].shape == (2, 3, 3, shown)


def test_a_model_that_sees_no_image(writer, read):
    callback = FilterImages(writer)
    callback.set_model(keras.Sequential([keras.Input((6,)), keras.layers.Dense(2), keras.layers.Dense(2)]))
    callback.on_epoch_end(0)
    assert not read().Tags()["tensors"]


@pytest.mark.parametrize(("size", "scale"), [(3, 13), (5, 8), (41, 1)])
def test_its_own_scale_and_no_more_than_asked_for(writer, read, picture, size, scale):
    model = keras.Sequential([keras.Input((41, 41, 1)), keras.layers.Conv2D(70, size, name="conv")])
    for options, (rows, columns) in (({}, (8, 8)), ({"most": 3}, (2, 2)), ({"most": 70}, (8, 9))):
        callback = FilterImages(writer, **options)
        callback.set_model(model)
        callback.on_epoch_end(0)
        side = size * scale + 1
        assert picture(read().Tensors("filters/conv")[-1])[0].shape == (rows * side - 1, columns * side - 1, 1)
    for name in ("most", "scale"):
        with pytest.raises(InputError, match=f"FilterImages: `{name}` must be a positive integer"):
            FilterImages(writer, **{name: 0})
