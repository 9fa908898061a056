"""Steps outside the maths: what drops, moves and draws in training alone, and how batches of unequal size count."""

import keras
import numpy as np
import pytest
from keras import ops

from tests.models.builders import BUILDERS, CLASSES, SHAPE
from tests.models.test_models import compiled, images
from tfnotes import models

# Of these validation draws nothing, and moves nothing.
DRAWS = ("vae", "gan", "convolutional_gan", "rbm", "persistent_rbm", "ladder")
STILL = [name for name in BUILDERS if name not in DRAWS]


def numbers(model):
    return {v.path: ops.convert_to_numpy(v).copy() for v in model.variables if "seed" not in v.name}


@pytest.mark.parametrize("name", BUILDERS)
def test_validation_moves_no_weight_and_no_average(name):
    x, y = images(20)
    model = compiled(name)
    for layer in model._flatten_layers():
        if hasattr(layer, "rate"):
            layer.rate = 0.9
    before = numbers(model)
    first = model.evaluate(x, y, verbose=0, return_dict=True)
    for path, value in numbers(model).items():
        np.testing.assert_array_equal(value, before[path], err_msg=path)
    if name in STILL:
        assert model.evaluate(x, y, verbose=0, return_dict=True) == first


def test_pairs_move_no_average_outside_of_training():
    model, (x, _) = compiled("ladder"), images(20)
    before = numbers(model)
    model([x[:10], x[10:]], training=False)
    for path, value in numbers(model).items():
        np.testing.assert_array_equal(value, before[path], err_msg=path)


@pytest.mark.parametrize("name", ["gan", "convolutional_gan"])
def test_a_gan_is_validated_without_dropout(name):
    model, (x, _) = compiled(name), images(20)
    told = []
    model.losses_of = lambda x, training: told.append(training) or {"loss": 0.0}
    model.test_step(x)
    model.optimizer.build(model.trainable_variables)
    assert told == [False]


@pytest.mark.parametrize("name", ["dbn", "stacked_denoising", "gan", "convolutional_gan"])
def test_a_call_hands_on_whether_it_trains(name):
    model, (x, _) = compiled(name), images(20)
    inference, again, training = (np.asarray(model(x, training=t)) for t in (False, False, True))
    np.testing.assert_array_equal(inference, again)
    assert np.abs(training - inference).max() > 1e-6


@pytest.mark.parametrize("name", ["dbn", "stacked_denoising"])
def test_inputs_are_dropped_half_as_often_as_units(name):
    model, (x, _) = compiled(name), images(20)
    rates, model.dropout = [], 0.5
    model._dropped = lambda h, rate, training: rates.append((rate, training)) or h
    model.codes(x, training=True)
    assert rates == [(0.25, True), (0.5, True), (0.5, True)]


@pytest.mark.parametrize(
    ("model", "rates"),
    [
        (lambda: models.mlp(SHAPE, CLASSES, units=3, dropout=0.3, input_dropout=0.1), [0.1, 0.3, 0.3]),
        (
            lambda: models.maxout_network(SHAPE, CLASSES, units=3, pieces=2, dropout=0.3, input_dropout=0.1),
            [0.1, 0.3, 0.3],
        ),
        (lambda: models.lenet((28, 28, 1), CLASSES, filters=1, units=3, dropout=0.3), [0.3]),
        (lambda: models.row_reader("gru", SHAPE, CLASSES, units=3, dropout=0.3), [0.3]),
        (lambda: models.gan(SHAPE, units="3-4", dropout=0.4).discriminator, [0.4, 0.4]),
        (lambda: models.convolutional_gan(SHAPE, filters=2, dropout=0.4).discriminator, [0.4, 0.4]),
        (lambda: models.bag_of_words(2, vocabulary=9, width=2, dropout=0.4), [0.4]),
        (lambda: models.text_cnn(2, vocabulary=9, width=2, filters=2, dropout=0.4), [0.4, 0.4]),
        (lambda: models.recurrent_classifier("gru", 2, vocabulary=9, width=2, units=2, dropout=0.4), [0.4, 0.4]),
    ],
)
def test_each_dropout_has_the_rate_that_is_set(model, rates):
    made = model()
    assert [layer.rate for layer in made.layers if hasattr(layer, "rate")] == rates
    # Behind the last of them nothing but the answer is left.
    assert hasattr(made.layers[-2], "rate") or made.name in ("bag_of_words", "discriminator")


@pytest.mark.parametrize("name", ["gan", "convolutional_gan"])
def test_each_layer_that_judges_is_followed_by_dropout(name):
    kinds = [type(layer).__name__ for layer in compiled(name).discriminator.layers if layer.name != "flatten"]
    for k, kind in enumerate(kinds):
        if kind == "LeakyReLU":
            assert kinds[k + 1] == "Dropout"


ONE_OF_EACH_CLASS = ("autoencoder", "pretrained_autoencoder", "stacked_denoising", "vae", "gan", "rbm", "dbn", "ladder")


@pytest.mark.parametrize("name", ONE_OF_EACH_CLASS)
def test_the_seed_of_a_model_is_that_of_its_draws(name):
    made = BUILDERS[name]()
    config, drawn = made.get_config(), []
    for seed in (0, 0, 5):
        again = type(made).from_config({**config, "seed": seed})
        random = again.random if hasattr(again, "random") else again.rbms[0].random
        drawn.append(np.asarray(keras.random.uniform((3,), seed=random)))
    np.testing.assert_array_equal(drawn[0], drawn[1])
    assert (drawn[0] != drawn[2]).any()


@pytest.mark.parametrize("name", ["gan", "rbm"])
def test_a_short_batch_counts_by_its_examples(name):
    model = compiled(name)
    model.show(np.zeros((6, 2)), loss=1.0)
    assert float(model.show(np.zeros((2, 2)), loss=5.0)["loss"]) == (6 * 1 + 2 * 5) / 8
    model.reset_metrics()
    model.show(np.zeros((6, 2)), loss=np.full(6, 1.0))
    assert float(model.show(np.zeros((2, 2)), loss=np.full(2, 5.0))["loss"]) == (6 * 1 + 2 * 5) / 8


def test_a_generators_first_batch_is_looked_at_and_learned():
    model = models.autoencoder((4,), units="2")
    model.compile("sgd", run_eagerly=True)
    seen, step = [], model.train_step
    model.train_step = lambda data: (seen.append(float(np.mean(data[0]))), step(data))[1]
    model.fit((((np.full((2, 4), k / 4, "float32"),) for k in (1, 2, 3))), verbose=0)
    assert seen == [0.25, 0.5, 0.75]


def test_drawings_begin_at_any_chain_and_any_pixel_is_flipped():
    model = models.rbm(SHAPE, units=64, chains=4, k=5)
    model.chain.assign(np.repeat(np.arange(4.0), 64).reshape(4, 64))
    model.gibbs = lambda h, turns, random: (None, h, None)
    drawn = np.asarray(model.sample(200, keras.random.SeedGenerator(1)))
    assert set(np.unique(drawn)) == {0, 1, 2, 3}
    flipped = []
    model.free_energy = lambda v: flipped.append(np.asarray(v)) or np.zeros(len(v), "float32")
    model.pseudo_likelihood(np.zeros((2000, 64), "float32"), keras.random.SeedGenerator(1))
    assert set(flipped[1].argmax(1)) == set(range(64))


@pytest.mark.parametrize("build", [models.mlp, models.maxout_network])
def test_max_norm_bounds_what_leads_to_a_unit(build):
    hidden = build((2, 2, 1), 3, units=6, depth=1, max_norm=1.5).layers[2]
    kernel = np.random.default_rng(0).normal(size=hidden.kernel.shape).astype("float32")
    norms = np.linalg.norm(kernel, axis=0)
    bounded = hidden.kernel.constraint(keras.ops.convert_to_tensor(kernel))
    np.testing.assert_allclose(np.linalg.norm(bounded, axis=0), np.minimum(norms, 1.5), rtol=1e-5)


@pytest.mark.parametrize(
    ("build", "widths"),
    [
        (lambda: models.lenet((28, 28, 1), 3, filters=2, units=5), [2, 4, 5, 3]),
        (lambda: models.mlp((4,), 3, units=5, depth=2), [5, 5, 3]),
        (lambda: models.maxout_network((4,), 3, units=5, depth=2), [5, 5, 3]),
        (lambda: models.row_reader("gru", SHAPE, 3, units=5, depth=2), [5, 5, 3]),
        (lambda: models.text_cnn(3, vocabulary=9, width=2, filters=4), [4, 4, 4, 3]),
        (lambda: models.recurrent_classifier("gru", 3, vocabulary=9, width=2, units=5, depth=2), [5, 5, 3]),
        (lambda: models.autoencoder(SHAPE, units="9-7-5"), [9, 7, 5, 7, 9, 64]),
        (lambda: models.denoising_autoencoder(SHAPE, units="9-7"), [9, 7, 9, 64]),
        (lambda: models.convolutional_autoencoder(SHAPE, code=5, filters=2), [2, 4, 5, 16, 2, 1]),
        # A mean and a variance for each number of the code.
        (lambda: models.vae(SHAPE, latent=3, units="9-7"), [9, 7, 6, 7, 9, 64]),
        (lambda: models.gan(SHAPE, latent=4, units="6-7"), [6, 7, 64, 7, 6, 1]),
        (lambda: models.convolutional_gan(SHAPE, latent=4, filters=2), [16, 2, 1, 2, 4, 1]),
    ],
)
def test_each_layer_is_as_wide_as_is_set(build, widths):
    model = build()
    names = ("encoder", "decoder", "generator", "discriminator")
    parts = [getattr(model, name) for name in names if hasattr(model, name)] or [model]
    found = [getattr(layer, kind, None) for part in parts for layer in part.layers for kind in ("filters", "units")]
    assert [width for width in found if width] == widths


AROUND = ["tanh", "tanh", "linear", "tanh", "tanh", "linear"]


@pytest.mark.parametrize(
    ("build", "activations"),
    [
        (lambda **k: models.lenet((28, 28, 1), 3, filters=2, units=4, **k), ["tanh", "tanh", "tanh", "linear"]),
        (lambda **k: models.mlp((4,), 3, units=4, depth=3, **k), ["tanh", "tanh", "tanh", "linear"]),
        (lambda **k: models.autoencoder(SHAPE, units="9-7-5", **k), AROUND),
        (lambda **k: models.deep_autoencoder(SHAPE, units="9-7-5", **k), AROUND),
        (lambda **k: models.convolutional_autoencoder(SHAPE, code=4, filters=2, **k), AROUND),
        (lambda **k: models.denoising_autoencoder(SHAPE, units="9-7", **k), ["tanh", "tanh", "tanh", "linear"]),
        (lambda **k: models.vae(SHAPE, latent=3, units="9-7", **k), AROUND),
    ],
    ids=["lenet", "mlp", "autoencoder", "deep", "convolutional", "denoising", "vae"],
)
def test_each_hidden_layer_has_the_activation_that_is_set(build, activations):
    model = build(activation="tanh")
    parts = [model.encoder, model.decoder] if hasattr(model, "encoder") else [model]
    found = [layer.activation for part in parts for layer in part.layers if hasattr(layer, "activation")]
    assert [activation.__name__ for activation in found] == activations
