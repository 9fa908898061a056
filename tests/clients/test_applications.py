"""The networks of keras.applications with every layer that has a counterpart replaced by ours, and back.

A few small ones run here; `make test-applications` runs all, without their top layers where those are large.
"""

import gc
import os

import keras
import numpy as np
import pytest

from tfnotes import convert, counterparts

NETWORKS = sorted(
    name
    for name in dir(keras.applications)
    if name[0].isupper() and callable(getattr(keras.applications, name)) and not name.startswith("_")
)
SMALL = ("MobileNet", "MobileNetV2", "MobileNetV3Small", "EfficientNetB0", "DenseNet121", "ResNet50V2")
ALL = bool(os.environ.get("TFNOTES_ALL_APPLICATIONS"))
# The smallest images that each takes, and options that keep it small.
SIZES = {"InceptionV3": 75, "InceptionResNetV2": 75, "Xception": 71, "NASNetMobile": 224, "NASNetLarge": 331}
OPTIONS = {"MobileNet": {"alpha": 0.25}, "MobileNetV2": {"alpha": 0.35}, "MobileNetV3Small": {"minimalistic": True}}


def network(name):
    """A network as if it had been trained: every image matters, and no two layers are alike."""
    keras.utils.set_random_seed(0)
    size, options = SIZES.get(name, 32), {} if ALL else OPTIONS.get(name, {})
    make = getattr(keras.applications, name)
    made = make(include_top=False, weights=None, input_shape=(size, size, 3), **options)
    rng = np.random.default_rng(0)
    for variable in made.weights:
        if variable.name in ("mean", "beta", "bias"):
            variable.assign(rng.normal(scale=0.1, size=variable.shape))
        elif variable.name in ("variance", "gamma"):
            variable.assign(rng.uniform(0.8, 1.2, size=variable.shape))
    x = rng.uniform(0, 255, size=(3, size, size, 3))
    normalizations = [layer for layer in made.layers if isinstance(layer, keras.layers.BatchNormalization)]
    before = [layer.momentum for layer in normalizations]
    for layer in normalizations:
        layer.momentum = 0.0
    finalize(made)
    for layer in made.layers:
        if isinstance(layer, keras.layers.Normalization) and layer.input_mean is not None:
            # Keras computes with these in single precision, whatever its own.
            layer.input_mean, layer.input_variance = (np.float32(v) for v in (layer.input_mean, layer.input_variance))
    made(x, training=True)
    for layer, momentum in zip(normalizations, before, strict=True):
        layer.momentum = momentum
        # Few pixels of few images: a channel that hardly varies would blow up every rounding.
        variance = layer.moving_variance.numpy()
        layer.moving_variance.assign(np.maximum(variance, variance.mean()))
    return made, x


def finalize(model):
    for layer in model.layers:
        if isinstance(layer, keras.layers.Normalization):
            # It keeps copies of its weights.
            layer.finalize_state()


def outputs(model, x, compiled=False):
    """What a network gives; compiling takes longer than all else here, and its graph is kept as long as the network."""
    y = model.predict(x, verbose=0) if compiled else keras.ops.convert_to_numpy(model(x, training=False))
    assert np.ptp(y, axis=0).max() > 1e-3 * np.abs(y).max() > 0
    return y


@pytest.fixture(autouse=True)
def double_precision():
    """Digits enough to tell an error from rounding, after a hundred layers."""
    before = keras.config.floatx(), keras.config.dtype_policy()
    keras.config.set_floatx("float64")
    keras.config.set_dtype_policy("float64")
    yield
    keras.config.set_floatx(before[0])
    keras.config.set_dtype_policy(before[1])
    keras.backend.clear_session()
    gc.collect()


def replaced(model, ours):
    """How Keras's guide replaces layers: a clone function, on the configs that the layers write."""

    def clone(layer):
        module = type(layer).__module__
        theirs = counterparts.of("keras.layers", type(layer).__name__) if module.startswith("keras.") else None
        twin = counterparts.twin_of(type(layer)) if module.startswith("tfnotes.") else None
        back = getattr(keras.layers, twin.rpartition(".")[2]) if twin else None
        cls = (theirs if ours else back) or type(layer)
        return cls.from_config(layer.get_config())

    made = keras.models.clone_model(model, clone_function=clone)
    made.set_weights(model.get_weights())
    finalize(made)
    return made


def classes(model, package):
    return [layer for layer in model.layers if type(layer).__module__.partition(".")[0] == package]


def with_counterpart(model):
    return [layer for layer in model.layers if counterparts.of("keras.layers", type(layer).__name__)]


@pytest.mark.parametrize("name", NETWORKS if ALL else SMALL)
def test_a_network_of_keras_gives_the_same_with_our_layers_and_back(name):
    theirs, x = network(name)
    expected = outputs(theirs, x)
    largest = np.abs(expected).max()
    count = len(with_counterpart(theirs))
    ours = replaced(theirs, ours=True)
    assert len(classes(ours, "tfnotes")) == count > 0
    assert {kept.cls.rpartition(".")[2] for kept in convert.report(theirs)}.isdisjoint(
        type(layer).__name__ for layer in with_counterpart(theirs)
    )
    np.testing.assert_allclose(outputs(ours, x), expected, rtol=1e-9, atol=1e-9 * largest)
    back = replaced(ours, ours=False)
    assert not classes(back, "tfnotes")
    np.testing.assert_array_equal(outputs(back, x), expected)


@pytest.mark.parametrize("name", NETWORKS if ALL else ("MobileNet", "EfficientNetB0"))
def test_convert_does_the_whole_network(name):
    theirs, x = network(name)
    expected = outputs(theirs, x, compiled=True)
    ours = convert.model(theirs)
    assert len(classes(ours, "tfnotes")) == len(with_counterpart(theirs))
    assert [layer.name for layer in ours.layers] == [layer.name for layer in theirs.layers]
    np.testing.assert_allclose(outputs(ours, x, compiled=True), expected, rtol=1e-9, atol=1e-9 * np.abs(expected).max())
    back = convert.model(ours, to="keras")
    assert not classes(back, "tfnotes")
    np.testing.assert_array_equal(outputs(back, x, compiled=True), expected)
