import io
import json

import keras
import numpy as np
import pytest
from PIL import Image

from tfnotes import layers
from tfnotes.callbacks import Embeddings
from tfnotes.callbacks.embeddings import sprite
from tfnotes.errors import InputError


def table(folder):
    return np.loadtxt(folder / "embeddings" / "tensors.tsv", delimiter="\t")


def test_tensorboard_shows_points_names_and_pictures(fit, images, model, writer, tmp_path, ask):
    x, y = images
    folder = tmp_path / "events"
    pixels = np.round(255 * x).astype("uint8")
    fit(Embeddings(folder, x, [f"class\t{k}" for k in y], pixels))
    (about,) = json.loads(ask("plugin/projector/info", run="events"))["embeddings"]
    assert about["tensorShape"] == [48, 5 * 6 * 6]
    assert about["sprite"]["singleImageDim"] == [8, 8]
    names = ask("plugin/projector/metadata", run="events", name="codes", num_rows=100).decode().splitlines()
    assert names == [f"class {k}" for k in y]
    points = np.frombuffer(ask("plugin/projector/tensor", run="events", name="codes"), "float32").reshape(48, -1)
    seen = keras.Model(model.inputs[0], model.get_layer("flatten").output)(x)
    np.testing.assert_allclose(points, seen, atol=1e-4)
    square = np.asarray(Image.open(io.BytesIO(ask("plugin/projector/sprite_image", run="events", name="codes"))))
    assert square.shape == (7 * 8, 7 * 8)
    np.testing.assert_array_equal(square[8:16, 16:24], pixels[9, ..., 0])
    assert not square[48:, 48:].any()


def test_pictures_that_are_wider_than_high(fit, images, tmp_path):
    pictures = np.zeros((3, 4, 6, 1), "uint8")
    fit(Embeddings(tmp_path, images[0][:3], pictures=pictures, encode=lambda model, x: x[:, :2, 0]))
    config = (tmp_path / "projector_config.pbtxt").read_text()
    assert config.index("single_image_dim: 6") < config.index("single_image_dim: 4")
    assert Image.open(tmp_path / "embeddings" / "sprite.png").size == (2 * 6, 2 * 4)


def test_codes_of_ones_own(fit, images, tmp_path):
    fit(Embeddings(tmp_path, images[0][:3], encode=lambda model, x: x[:, :2, 0]))
    np.testing.assert_allclose(table(tmp_path), images[0][:3, :2, 0, 0], rtol=1e-5)
    assert (tmp_path / "embeddings" / "metadata.tsv").read_text() == "0\n1\n2\n"
    assert not (tmp_path / "embeddings" / "sprite.png").exists()


@pytest.mark.parametrize("made", [keras.layers, layers])
def test_what_the_last_layer_with_weights_is_given(made, tmp_path):
    dropped = made.Dropout(0.9), made.Dropout(0.9)
    model = keras.Sequential([keras.Input((2,)), made.ReLU(), dropped[0], made.Dense(3), dropped[1], made.Softmax()])
    callback = Embeddings(tmp_path, np.array([[1, -1], [-2, 3]], "float32"))
    callback.set_model(model)
    callback.on_epoch_end(0)
    callback.on_train_end()
    np.testing.assert_array_equal(table(tmp_path), [[1, 0], [0, 3]])


def test_the_last_layer_of_a_model_inside(tmp_path):
    inner = keras.Sequential([keras.Input((2,)), keras.layers.ReLU(), keras.layers.Dense(3), keras.layers.ReLU()])
    callback = Embeddings(tmp_path, np.array([[1, -1], [-2, 3]], "float32"))
    callback.set_model(keras.Sequential([keras.Input((2,)), inner, keras.layers.Softmax()]))
    callback.on_epoch_end(0)
    callback.on_train_end()
    np.testing.assert_array_equal(table(tmp_path), [[1, 0], [0, 3]])


def test_a_training_that_was_complete_writes_nothing(fit, images, tmp_path):
    fit(Embeddings(tmp_path, images[0]), initial_epoch=2)
    assert not list(tmp_path.iterdir())


def test_a_model_without_weights(tmp_path):
    callback = Embeddings(tmp_path, np.ones((1, 2)))
    callback.set_model(keras.Sequential([keras.Input((2,)), keras.layers.ReLU()]))
    callback.on_epoch_end(0)
    with pytest.raises(InputError, match="Embeddings: `encode` must be given for a model that calls no layer"):
        callback.on_train_end()


def test_pictures_in_colours():
    pictures = np.arange(3 * 2 * 2 * 3, dtype="uint8").reshape(3, 2, 2, 3)
    square = np.asarray(sprite(pictures))
    assert square.shape == (4, 4, 3)
    np.testing.assert_array_equal(square[2:, :2], pictures[2])


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"labels": "ab"}, "`labels` must be a name for each of the 3 examples. Received: labels=2"),
        ({"pictures": np.zeros((2, 4, 4, 1))}, r"`pictures` must be 3 images of shape .*pictures=\(2, 4, 4, 1\)"),
        ({"pictures": np.zeros((3, 4, 4))}, r"`pictures` must be 3 images of shape .*pictures=\(3, 4, 4\)"),
        ({"encode": "codes"}, "`encode` must be a function of the model and x, or None. Received: encode='codes'"),
    ],
)
def test_bad_arguments(tmp_path, options, said):
    with pytest.raises(InputError, match=f"^Embeddings: {said}"):
        Embeddings(tmp_path, np.zeros((3, 2)), **options)


def test_a_name_of_nothing_is_a_dash_and_codes_have_six_digits(tmp_path):
    callback = Embeddings(tmp_path, np.ones((3, 2)), ["", " \n", "a  b"], encode=lambda model, x: x[:, None] / 3)
    callback.on_epoch_end(0)
    callback.on_train_end()
    assert (tmp_path / "embeddings" / "metadata.tsv").read_text() == "-\n-\na b\n"
    assert (tmp_path / "embeddings" / "tensors.tsv").read_text() == "0.333333\t0.333333\n" * 3
