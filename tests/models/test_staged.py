"""Layers alone, one after the other, then the whole: DBN, stacked denoising, the deep autoencoder."""

import keras
import numpy as np
import pytest

from tests.models.builders import BUILDERS
from tests.models.test_models import images
from tfnotes import optimizers
from tfnotes.models._objective import crossentropy, squared_error

STAGED = ["dbn", "stacked_denoising", "pretrained_autoencoder"]


def compiled(name):
    keras.utils.set_random_seed(0)
    model = BUILDERS[name]()
    model.compile(optimizers.Adam(0.01), jit_compile=False)
    return model


def kernels(model):
    layers = model.hidden if hasattr(model, "hidden") else model.down
    return [np.asarray(layer.kernel) for layer in layers]


@pytest.mark.parametrize("name", STAGED)
def test_a_stage_moves_its_layer_alone(name):
    model, (x, y) = compiled(name), images()
    for stage in range(model.depth):
        before = {v.path: np.asarray(v) for v in model.trainable_variables}
        old = kernels(model)
        history = model.fit(x, y, initial_epoch=stage, epochs=stage + 1, verbose=0).history
        assert history["stage"] == [stage]
        moved = [k for k, (a, b) in enumerate(zip(old, kernels(model), strict=True)) if not np.array_equal(a, b)]
        assert moved == [stage]
        changed = sum(not np.array_equal(v, before[v.path]) for v in model.trainable_variables)
        # Its kernel and bias, and what leads back: a bias, or a layer.
        assert changed == (4 if name == "stacked_denoising" else 3)


@pytest.mark.parametrize("name", STAGED)
def test_the_last_stage_moves_all_layers(name):
    model, (x, y) = compiled(name), images()
    old = kernels(model)
    model.fit(x, y, initial_epoch=model.depth + 1, epochs=model.depth + 2, verbose=0)
    assert all(not np.array_equal(a, b) for a, b in zip(old, kernels(model), strict=True))


@pytest.mark.parametrize("name", STAGED)
def test_stopped_at_any_epoch_it_goes_on_where_it_was(name):
    x, y = images()
    whole, parts = compiled(name), compiled(name)
    whole.fit(x, y, epochs=5, shuffle=False, verbose=0)
    for epoch in range(5):
        parts.fit(x, y, initial_epoch=epoch, epochs=epoch + 1, shuffle=False, verbose=0)
    for a, b in zip(whole.variables, parts.variables, strict=True):
        np.testing.assert_array_equal(a, b)


def test_epochs_of_each_stage():
    model = compiled("dbn")
    model.pretrain = 3
    stages = []
    for epoch in range(8):
        model.begin_epoch(epoch)
        stages.append(int(model.stage))
    assert stages == [0, 0, 0, 1, 1, 1, 2, 2]
    model.pretrain = 0
    model.begin_epoch(0)
    assert int(model.stage) == 2


def test_the_unrolled_decoder():
    model, (x, y) = compiled("pretrained_autoencoder"), images()
    model.fit(x, y, epochs=model.depth, verbose=0)
    model.begin_epoch(model.depth)
    # down: 64-12, 12-8, 8-3; the decoder's layers lead back in the opposite order.
    h = np.asarray(model.encoder(x))
    for rbm in reversed(model.rbms):
        z = h @ np.asarray(rbm.layer.kernel).T + np.asarray(rbm.visible_bias)
        h = 1 / (1 + np.exp(-z))
    np.testing.assert_allclose(model(x), h.reshape(x.shape), rtol=1e-4, atol=1e-6)
    for rbm in model.rbms:
        rbm.visible_bias.assign(0 * rbm.visible_bias)
    unrolled = np.asarray(model(x))
    model.begin_epoch(model.depth + 1)
    np.testing.assert_array_equal(model(x), unrolled)


def test_only_the_code_is_gaussian():
    assert [rbm.gaussian for rbm in compiled("pretrained_autoencoder").rbms] == [False, False, True]


def test_each_layer_learns_what_the_layers_below_give():
    model, (x, _) = compiled("dbn"), images()
    seen = []
    rbm = model.rbms[1]
    rbm.gradients = lambda v: seen.append(np.asarray(v)) or ([], 0.0)
    model.learn_layer(1, x)
    np.testing.assert_allclose(seen[0], model.hidden[0](x.reshape(len(x), -1)), rtol=1e-6)


def test_a_denoising_layer_is_scored_on_the_clean_input():
    model, (x, _) = compiled("stacked_denoising"), images()
    model.noise = 1.0
    # Everything is masked: the layer's answer is the same for all, and the score is that of the clean input.
    loss, _, variables = model.learn_layer(0, x)
    hidden = 1 / (1 + np.exp(-np.asarray(model.hidden[0].bias)))
    z = np.tile(hidden @ np.asarray(model.back[0].kernel) + np.asarray(model.back[0].bias), (len(x), 1))
    np.testing.assert_allclose(loss, np.mean(crossentropy(x.reshape(len(x), -1), z)), rtol=1e-5)
    assert len(variables) == 4


def test_dropout_in_the_last_stage():
    model, (x, _) = compiled("dbn"), images()
    model.dropout = 0.5
    still, dropped = (np.asarray(model.codes(x, training=t)) for t in (False, True))
    np.testing.assert_allclose((dropped == 0).mean(), 0.5, atol=5 * 0.5 / dropped.size**0.5)
    np.testing.assert_array_equal(model.codes(x), still)


@pytest.mark.parametrize("name", ["dbn", "stacked_denoising"])
def test_half_as_many_pixels_are_dropped_as_hidden_units(monkeypatch, name):
    (model, asked), (x, _) = (compiled(name), []), images()
    model.dropout = 0.5
    monkeypatch.setattr(model, "_dropped", lambda h, rate, training: asked.append((rate, training)) or h)
    for training in (True, False):
        model.codes(x, training=training)
    # Before the first layer, then behind each.
    assert asked == [(rate, training) for training in (True, False) for rate in (0.25, *[0.5] * model.depth)]


def test_accuracy_is_the_share_of_right_answers():
    model, (x, y) = compiled("dbn"), images()
    z = np.asarray(model(x))
    figures = model.evaluate(x, y, verbose=0, return_dict=True)
    assert figures["accuracy"] == pytest.approx(np.mean(z.argmax(1) == y))
    log_p = z - np.log(np.exp(z).sum(1, keepdims=True))
    assert figures["loss"] == pytest.approx(-np.mean(log_p[np.arange(len(y)), y]), rel=1e-5)


def test_the_autoencoders_error_is_the_sum_over_pixels():
    model, (x, y) = compiled("pretrained_autoencoder"), images()
    figures = model.evaluate(x, y, verbose=0, return_dict=True)
    wanted = np.mean(np.sum((x - np.asarray(model(x))) ** 2, axis=(1, 2, 3)))
    assert figures["squared_error"] == pytest.approx(wanted, rel=1e-5)
    np.testing.assert_allclose(np.mean(squared_error(x, model(x))), wanted, rtol=1e-5)


@pytest.mark.parametrize("name", STAGED)
def test_the_optimizer_takes_no_moments_into_another_stage(name):
    model, (x, y) = compiled(name), images()
    model.fit(x, y, epochs=1, verbose=0)
    rate = float(model.optimizer.learning_rate)
    moments = [v for v in model.optimizer.variables if v is not model.optimizer.learning_rate]
    kept = [np.asarray(v) for v in moments]
    assert any(np.any(v) for v in kept)
    model.begin_epoch(0)
    for before, after in zip(kept, moments, strict=True):
        np.testing.assert_array_equal(before, after)
    model.begin_epoch(1)
    assert not any(np.any(v) for v in moments)
    assert float(model.optimizer.learning_rate) == rate > 0


@pytest.mark.parametrize("name", ["dbn", "stacked_denoising"])
def test_from_the_last_hidden_layer_back_to_pixels(name):
    model, rng = compiled(name), np.random.default_rng(0)
    for variable in model.variables:
        if variable.dtype == "float32":
            variable.assign(rng.normal(size=variable.shape))
    codes = wanted = rng.uniform(size=(3, 7)).astype("float32")
    if name == "dbn":
        ways = [(np.asarray(rbm.layer.kernel).T, np.asarray(rbm.visible_bias)) for rbm in model.rbms]
    else:
        ways = [(np.asarray(layer.kernel), np.asarray(layer.bias)) for layer in model.back]
    for k, (kernel, bias) in reversed(list(enumerate(ways))):
        z = wanted @ kernel + bias
        wanted = 1 / (1 + np.exp(-z)) if k else z
    assert wanted.shape == (3, np.prod(model.image_shape))
    np.testing.assert_allclose(model.visible(codes), wanted, rtol=1e-4, atol=1e-5)
