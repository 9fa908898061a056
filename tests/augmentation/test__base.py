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


def test_half_precision_draws_and_places_as_single_does(make):
    """A pixel's place has more digits than half precision, and the same seed draws the same there."""
    columns = np.linspace(0, 1, 400, dtype="float32")[None, None, :, None]
    smooth = np.repeat(np.repeat(columns, 2, 0), 60, 1)
    options = {} if "fill_mode" not in make().get_config() else {"fill_mode": "nearest"}
    half, single = (np.asarray(make(dtype=dtype, **options)(smooth), "float32") for dtype in ("float16", "float32"))
    np.testing.assert_allclose(half, single, rtol=1e-3, atol=2e-3)
    assert np.abs(half - smooth).max() > 1e-2


FACTORS = {
    "RandomBrightness": ("factor", -1, 1),
    "RandomContrast": ("factor", 0, 1),
    "RandomRotation": ("factor", -1, 1),
    "RandomShear": ("x_factor", 0, 1),
    "RandomTranslation": ("height_factor", -1, 1),
    "RandomZoom": ("height_factor", -1, 1),
}


@pytest.mark.parametrize("name", FACTORS)
def test_how_far_each_factor_reaches(name):
    argument, low, high = FACTORS[name]
    make = getattr(augmentation, name)
    others = {key: value for key, value in ARGUMENTS[name].items() if key != argument}
    lowest = low if name != "RandomZoom" else -1 + 2**-53
    for value in (lowest, high, (lowest, high), [lowest, high]):
        kept = getattr(make(**others, **{argument: value}), argument)
        assert kept == (tuple(value) if isinstance(value, list) else kept)
    outside = (low - 1e-9, high + 1e-9, (low - 1e-9, high), (low, high + 1e-9), np.nan, (low,), None)
    for value in (*outside, *([-1, (-1, 1)] if name == "RandomZoom" else [])):
        with pytest.raises(InputError) as caught:
            make(**others, **{argument: value})
        wanted = f"{name}: `{argument}` must be a number or two numbers from {low} to {high}. "
        assert str(caught.value) == f"{wanted}Received: {argument}={value!r}."


def test_the_second_factor_reaches_as_far():
    for make, first, second in (
        (augmentation.RandomShear, "x_factor", "y_factor"),
        (augmentation.RandomTranslation, "height_factor", "width_factor"),
        (augmentation.RandomZoom, "height_factor", "width_factor"),
    ):
        for value in (1.1, -1.1, (0, 1.1)):
            with pytest.raises(InputError, match=f"^{make.__name__}: `{second}` must be a number or two numbers from"):
                make(**{first: 0.5, second: value})
        assert getattr(make(**{first: 0.5, second: 1}), second) == 1
    with pytest.raises(InputError, match="`y_factor` must be a number or two numbers from 0 to 1"):
        augmentation.RandomShear(y_factor=-0.1)
    with pytest.raises(InputError, match="`width_factor` must be"):
        augmentation.RandomZoom(0.1, -1)


def test_the_larger_number_may_come_first():
    both = [augmentation.RandomTranslation(pair, 0, seed=1) for pair in ((-0.1, 0.3), (0.3, -0.1))]
    for a, b in zip(*(layer.matrix(50, 10.0, 10.0) for layer in both), strict=True):
        np.testing.assert_array_equal(a, b)
    assert augmentation.RandomRotation((0.3, -0.1)).factor == (-0.1, 0.3)
    assert augmentation.RandomRotation(-0.2).factor == (-0.2, 0.2)
    assert augmentation.RandomBrightness(0.2, value_range=[1, -1]).value_range == (-1, 1)
    assert augmentation.RandomContrast((0.3, 0.1)).factor == (0.3, 0.1)


@pytest.mark.parametrize("value", [(0, np.inf), (0, np.nan), (0,), 3, (True, 2), ("0", 1)])
def test_values_of_pixels_that_are_none(value):
    for make in (augmentation.RandomBrightness, augmentation.RandomContrast):
        with pytest.raises(InputError) as caught:
            make(0.1, value_range=value)
        assert str(caught.value) == (
            f"{make.__name__}: `value_range` must be two finite numbers. Received: value_range={value!r}."
        )


def test_defaults_of_what_lies_outside(make):
    layer = make()
    config = layer.get_config()
    assert (config["seed"], config["data_format"]) == (3, "channels_last")
    if "fill_mode" in config:
        found = {name: config[name] for name in ("fill_mode", "interpolation", "fill_value")}
        assert found == {"fill_mode": "reflect", "interpolation": "bilinear", "fill_value": 0.0}
        given = make(fill_mode="WRAP", interpolation="Nearest", fill_value=3, data_format="channels_first").get_config()
        assert [given[name] for name in ("fill_mode", "interpolation", "fill_value", "data_format")] == [
            *("wrap", "nearest", 3, "channels_first")
        ]
    else:
        assert layer.value_range == (0, 255)
