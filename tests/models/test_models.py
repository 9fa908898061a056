"""What holds for every model with a rule of its own: it learns, repeats with a seed, and comes back from a file."""

import functools

import keras
import numpy as np
import pytest

import tfnotes.layers
from tests.models.builders import BUILDERS, CLASSES, SHAPE
from tfnotes import losses, optimizers
from tfnotes.errors import InputError


def images(n=96, seed=0):
    rng = np.random.default_rng(seed)
    y = rng.integers(0, CLASSES, n)
    patterns = rng.uniform(size=(CLASSES, *SHAPE)) > 0.6
    return (patterns[y] * rng.uniform(0.6, 1, (n, *SHAPE))).astype("float32"), y


def compiled(name, layers=tfnotes.layers):
    keras.utils.set_random_seed(3)
    model = BUILDERS[name](layers=layers)
    loss = losses.SparseCategoricalCrossentropy(from_logits=True) if name == "ladder" else None
    # Ours are compiled, which takes longer than these few steps.
    model.compile(optimizers.Adam(0.01), loss, jit_compile=False, run_eagerly=layers is keras.layers)
    return model


def fitted(name, layers=tfnotes.layers):
    """A model, its history, and its variables as training left them."""
    x, y = images()
    model = compiled(name, layers)
    given = ((x[:32], x[:32]), y[:32]) if name == "ladder" else (x, y)
    history = model.fit(*given, epochs=4, batch_size=32, validation_data=(x, y), verbose=0).history
    return model, history, [keras.ops.convert_to_numpy(v) for v in model.variables]


@pytest.fixture(scope="module")
def trained():
    """`fitted`, once for each model and kind of layers."""
    return functools.cache(fitted)


@pytest.mark.parametrize("layers", [tfnotes.layers, keras.layers], ids=["tfnotes", "keras"])
@pytest.mark.parametrize("name", BUILDERS)
def test_learns_and_comes_back_from_a_file(trained, name, layers, tmp_path):
    model, history, _ = trained(name, layers)
    x = images()[0]
    if "gan" not in name:
        assert history["val_loss"][-1] < history["val_loss"][0]
    model.save(tmp_path / "model.keras")
    loaded = keras.models.load_model(tmp_path / "model.keras")
    assert type(loaded) is type(model)
    for a, b in zip(model.weights, loaded.weights, strict=True):
        np.testing.assert_array_equal(a, b)
    np.testing.assert_allclose(loaded(x), model(x), rtol=1e-5, atol=1e-6)
    if name == "rbm":
        return
    namespaces = {type(layer).__module__.split(".")[0] for layer in _dense(model)}
    assert namespaces == {layers.__name__.split(".")[0]}


def _dense(model):
    return [layer for layer in model._flatten_layers() if type(layer).__name__ in ("Dense", "Conv2D")]


@pytest.mark.parametrize("name", ["denoising_autoencoder", "vae", "gan", "persistent_rbm", "dbn", "ladder"])
def test_repeats_with_a_seed(trained, name):
    (_, a, first), (_, b, second) = trained(name, tfnotes.layers), fitted(name)
    assert a == b
    for v, w in zip(first, second, strict=True):
        np.testing.assert_array_equal(v, w)


@pytest.mark.parametrize("name", BUILDERS)
def test_refuses_pixels_that_are_not_from_0_to_1(name):
    x, y = images()
    model = compiled(name)
    given = ((x, 255 * x), y) if name == "ladder" else (255 * x, y)
    with pytest.raises(InputError, match=rf"{type(model).__name__}: `x` must be from 0 to 1 .*numbers from 0 to 25"):
        model.fit(*given, epochs=1, verbose=0)


@pytest.mark.parametrize("name", ["vae", "rbm", "gan", "convolutional_gan"])
def test_samples_repeat_with_a_seed(trained, name):
    model, *_ = trained(name, tfnotes.layers)
    few = {"turns": 30} if name == "rbm" else {}
    draws = [np.asarray(model.sample(5, keras.random.SeedGenerator(seed), **few)) for seed in (1, 1, 2)]
    assert draws[0].shape == (5, *SHAPE)
    assert 0 <= draws[0].min() <= draws[0].max() <= 1
    np.testing.assert_array_equal(draws[0], draws[1])
    assert np.abs(draws[0] - draws[2]).max() > 1e-4
