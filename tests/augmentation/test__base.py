"""What holds for every augmentation: seeds, inference, draws for each image, pipelines, dtypes, formats."""

import warnings

import keras
import numpy as np
import pytest
import tensorflow as tf

from tfnotes import augmentation
from tfnotes.errors import InputError

ARGUMENTS = {
    "RandomBrightness": {"factor": 0.5},
    "RandomContrast": {"factor": (0.9, 0.9)},
    "RandomRotation": {"factor": 0.5},
    "RandomShear": {"x_factor": 0.5, "y_factor": 0.3},
    "RandomTranslation": {"height_factor": 0.4, "width_factor": 0.4},
    "RandomZoom": {"height_factor": 0.5, "width_factor": 0.5},
}
IMAGES = np.random.default_rng(0).integers(20, 230, size=(6, 8, 7, 3), dtype="uint8")


@pytest.fixture(params=augmentation.__all__)
def make(request):
    return lambda **options: getattr(augmentation, request.param)(
        **{**ARGUMENTS[request.param], "seed": 3, **options}
    )


def test_inference_is_the_identity(make):
    for x in (IMAGES, IMAGES / np.float32(255), IMAGES[0]):
        y = make()(x, training=False)
        assert keras.backend.standardize_dtype(y.dtype) == "float32"
        np.testing.assert_array_equal(y, x)
    model = keras.Sequential([keras.Input(IMAGES.shape[1:]), make()])
    np.testing.assert_array_equal(model.predict(IMAGES.astype("float32"), verbose=0), IMAGES)


def test_training_changes_every_image_differently(make):
    same = np.repeat(IMAGES[:1], 16, axis=0)
    y = np.asarray(make()(same, training=True))
    assert y.shape == same.shape
    assert all(np.abs(y[a] - y[b]).max() > 1e-3 for a in range(16) for b in range(a))


def test_the_seed_decides_and_each_call_draws_anew(make):
    first, second = make(), make()
    for _ in range(2):
        y = np.asarray(first(IMAGES))
        np.testing.assert_array_equal(y, second(IMAGES))
    assert np.abs(y - np.asarray(first(IMAGES))).max() > 1e-3
    assert np.abs(np.asarray(make(seed=4)(IMAGES)) - np.asarray(make()(IMAGES))).max() > 1e-3


def test_whole_numbers_are_changed_as_floats_are(make):
    np.testing.assert_array_equal(make()(IMAGES), make()(IMAGES.astype("float32")))


def test_one_image_is_a_batch_of_one(make):
    y = make()(IMAGES[0])
    assert y.shape == IMAGES[0].shape
    np.testing.assert_allclose(y, make()(IMAGES[:1])[0], atol=1e-4)


def test_channels_first_is_the_same_image(make):
    first = make(data_format="channels_first")(np.transpose(IMAGES, (0, 3, 1, 2)))
    np.testing.assert_allclose(np.transpose(first, (0, 2, 3, 1)), make()(IMAGES), atol=1e-3)
    assert make(data_format="channels_first").get_config()["data_format"] == "channels_first"


@pytest.mark.parametrize("batched", [True, False])
def test_runs_in_a_pipeline_without_a_warning(make, batched):
    dataset = tf.data.Dataset.from_tensor_slices(IMAGES)
    dataset = dataset.batch(4) if batched else dataset
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        layer = make()
        dataset = dataset.map(layer)
        passes = [np.concatenate([np.ravel(y) for y in dataset]) for _ in range(2)]
    assert passes[0].size == IMAGES.size
    assert np.abs(passes[0] - passes[1]).max() > 1e-3
    assert np.abs(passes[0] - IMAGES.ravel()).max() > 1


def test_images_of_unknown_sizes(make):
    traced = tf.function(make(), input_signature=[tf.TensorSpec((None, None, None, 3), "float32")])
    eager = make()
    for x in (IMAGES.astype("float32"), IMAGES[:2, :5, :4].astype("float32")):
        np.testing.assert_allclose(traced(x), eager(x), atol=1e-3)


@pytest.mark.parametrize("shape", [(3,), (4, 4), (2, 2, 4, 4, 1)])
def test_other_ranks_are_refused(make, shape):
    with pytest.raises(InputError, match="`input_shape` must be that of an image or of a batch of images"):
        make()(np.ones(shape))


def test_a_layer_in_a_model_learns_around_it(make):
    model = keras.Sequential([make(), keras.layers.Flatten(), keras.layers.Dense(1)])
    model.compile("sgd", "mse")
    history = model.fit(IMAGES / np.float32(255), np.zeros((6, 1)), verbose=0)
    assert np.isfinite(history.history["loss"][0])
