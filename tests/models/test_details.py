"""Models in detail: what is handed on to their networks, what is looked at, shown and drawn."""

from importlib import import_module

import keras
import numpy as np
import pytest
from keras import ops

from tests.models.builders import BUILDERS, SHAPE
from tests.models.test_models import compiled, images
from tfnotes import models, optimizers
from tfnotes.errors import InputError
from tfnotes.models import _texts
from tfnotes.models._base import Model, check_range, numbers
from tfnotes.models._chrono import Chrono
from tfnotes.models._random import Stream, turn
from tfnotes.models.annealing import data_bias


class Network:
    """Stands for a network of a model: notes with which `training` it is called, and gives what it is told to."""

    def __init__(self, monkeypatch, model, name):
        self.told, network = [], getattr(model, name)
        call = network.call

        def noted(*arguments, training=None, **options):
            self.told.append(training)
            return call(*arguments, training=training, **options)

        monkeypatch.setattr(network, "call", noted)


@pytest.mark.parametrize("name", ["gan", "convolutional_gan"])
def test_both_networks_of_a_gan_are_told_whether_they_train(monkeypatch, name):
    model, (x, _) = BUILDERS[name](), images(3)
    both = [Network(monkeypatch, model, part) for part in ("generator", "discriminator")]
    for training in (True, False):
        model.losses_of(ops.convert_to_tensor(x), training=training)
        assert [network.told for network in both] == [[training]] * 2
        for network in both:
            network.told.clear()
    model.sample(2, keras.random.SeedGenerator(0))
    model.generate(2, keras.random.SeedGenerator(0))
    model.generate(2, keras.random.SeedGenerator(0), training=True)
    model(x, training=True)
    model(x)
    assert [network.told for network in both] == [[False, False, True], [True, False]]


@pytest.mark.parametrize("name", ["autoencoder", "pretrained_autoencoder"])
def test_encoder_and_decoder_are_told_whether_they_train(monkeypatch, name):
    model, (x, y) = BUILDERS[name](), images(3)
    both = [Network(monkeypatch, model, part) for part in ("encoder", "decoder")]
    given = (x, y) if name == "pretrained_autoencoder" else (x,)
    for training in (True, False):
        model.objective(*given, training=training)
        model(x, training=training)
    model(x)
    assert [network.told for network in both] == [[True, True, False, False, False]] * 2


def test_a_vaes_decoder_is_told_whether_it_trains(monkeypatch):
    model, (x, _) = BUILDERS["vae"](), images(3)
    decoder = Network(monkeypatch, model, "decoder")
    for training in (True, False):
        model.objective(ops.convert_to_tensor(x), training=training)
    assert decoder.told == [True, False]
    z = keras.random.normal((5, 3), seed=keras.random.SeedGenerator(4))
    drawn = model.sample(5, keras.random.SeedGenerator(4))
    np.testing.assert_allclose(drawn, ops.sigmoid(model.decoder(z)), rtol=1e-6)


def test_the_ladders_constants():
    module = import_module("tfnotes.models.ladder")
    assert (module.EPSILON, module.MOMENTUM) == (1e-6, 0.95)
    made = models.ladder((2, 2, 1), 3, units="5", costs="1-1-1")
    assert [w.shape[0] for w in made.beta] == [w.shape[0] for w in made.moving_mean] == [5, 3]
    assert [w.shape[0] for w in made.decoder_variance] == [4, 5, 3]
    started = [*made.moving_mean, *made.decoder_mean, *made.beta, *made.moving_variance, *made.decoder_variance]
    assert [float(w[0]) for w in (*started, made.gamma)] == [0.0] * 7 + [1.0] * 6
    learned = {v.name for v in made.trainable_variables if "kernel" not in v.name}
    assert learned == {"gamma", "beta_1", "beta_2", "combinator_0", "combinator_1", "combinator_2"}


def test_a_cost_of_nothing_is_not_computed():
    made = models.ladder((2, 2, 1), 3, units="5", costs="0-2-0")
    x = np.random.default_rng(0).uniform(size=(4, 2, 2, 1)).astype("float32")
    made((x, x), training=True)
    assert len(made.losses) == 1


def test_the_first_32_examples_are_looked_at():
    model = models.autoencoder((4,), units="2")
    x = np.full((40, 4), 0.5, "float32")
    x[32] = 2.0
    model._looked_at(x)
    model._looked_at([x, x])
    x[31] = 3.0
    for given in (x, [np.full((40, 4), 0.5), x], (x,)):
        with pytest.raises(InputError) as error:
            model._looked_at(given)
        assert str(error.value) == (
            "Autoencoder: `x` must be from 0 to 1 (pixels of 0 to 255 are to be divided by 255). Received: numbers "
            "from 0.5 to 3 in the first batch."
        )
    # Batches of inputs alone, without targets; one that is empty has nothing to look at.
    with pytest.raises(InputError):
        model._looked_at(iter([x]))
    assert list(model._looked_at(iter([]))) == []
    check_range(model, np.array([0.0, 1.0]))
    for wrong in ([-0.01, 1.0], [0.0, 1.01]):
        with pytest.raises(InputError):
            check_range(model, np.array(wrong))


def test_numbers_and_what_they_must_be():
    assert (numbers("m", "units", 7), numbers("m", "units", "7")) == ([7], [7])
    assert [type(n) for n in (*numbers("m", "a", "7"), *numbers("m", "a", "7", float))] == [int, float]
    for given, says in (
        (("x",), "one or more positive whole numbers with - between them, such as 1000-500"),
        (("0", float, 2), "2 numbers of at least 0 with - between them, such as 1000-500"),
        (("5", int, 3, "each"), "3 positive whole numbers with - between them, such as 1000-500, for each"),
        (("nan", float), "one or more numbers of at least 0 with - between them, such as 1000-500"),
    ):
        with pytest.raises(InputError) as error:
            numbers("m", "units", *given)
        assert str(error.value) == f"m: `units` must be {says}. Received: units={given[0]!r}."
    assert numbers("m", "costs", "0", float) == [0.0]


def test_figures_that_are_shown_and_reset():
    model = compiled("autoencoder")
    x = np.zeros((4, 2), "float32")
    shown = model.show(x, loss=np.array([1.0, 2.0, 3.0, 4.0]), unknown=5.0)
    assert {name: float(value) for name, value in shown.items()} == {"loss": 2.5, "squared_error": 0.0}
    model.reset_metrics()
    assert float(model.get_metrics_result()["loss"]) == 0.0
    assert [tracker.name for tracker in model.trackers] == ["loss", "squared_error"]
    assert (Model.figures, Model.alone) == ((), "")
    kinds = ("vae", "gan", "rbm", "dbn", "pretrained_autoencoder", "ladder")
    names = {name: BUILDERS[name]().figures for name in kinds}
    assert names == {
        "vae": ("loss", "reconstruction", "divergence"),
        "gan": ("loss", "generator_loss", "told_apart"),
        "rbm": ("loss", "pseudo_likelihood"),
        "dbn": ("loss", "accuracy"),
        "pretrained_autoencoder": ("loss", "squared_error"),
        "ladder": (),
    }
    assert BUILDERS["ladder"]().alone.startswith("Beside each batch of images it takes another one")


def test_a_penalty_is_minimized_and_not_shown():
    model, (x, _) = compiled("sparse_autoencoder"), images(32)
    expected = float(ops.mean(model.objective(ops.convert_to_tensor(x), training=False)["loss"]))
    assert model.evaluate(x, verbose=0, return_dict=True)["loss"] == pytest.approx(expected, rel=1e-5)
    shown = model.train_on_batch(x, return_dict=True)
    model.reset_metrics()
    assert float(shown["loss"]) == pytest.approx(expected, rel=1e-5)


def test_a_models_own_callback_stands_before_those_that_are_given():
    model, (x, y), seen = BUILDERS["dbn"](), images(4), []
    model.compile(optimizers.SGD(0.0), run_eagerly=True)
    given = keras.callbacks.LambdaCallback(on_epoch_begin=lambda epoch, logs: seen.append((epoch, int(model.stage))))
    model.fit(x, y, epochs=3, callbacks=[given], verbose=0)
    assert seen == [(0, 0), (1, 1), (2, 2)]
    model.fit(x, y, epochs=1, callbacks=None, verbose=0)
    assert int(model.stage) == 0


def test_the_loss_of_a_stage_is_that_of_its_layer():
    keras.utils.set_random_seed(0)
    model, (x, y) = models.dbn(SHAPE, 4, units="9-7", pretrain=1, dropout=0.0), images(16)
    model.compile(optimizers.SGD(0.0), jit_compile=False, run_eagerly=True)
    model.learn_layer = lambda k, x: (
        *(7.0 + k, [ops.zeros_like(v) for v in model.rbms[k].weights_learned], model.rbms[k].weights_learned),
    )
    for stage, loss in ((0, 7.0), (1, 8.0), (2, model.evaluate(x, y, verbose=0, return_dict=True)["loss"])):
        model.reset_metrics()
        model.stage.assign(stage)
        shown = model.train_step((x, y))
        assert set(shown) == {"loss", "stage"}
        assert (float(shown["loss"]), int(shown["stage"])) == (pytest.approx(loss, rel=1e-5), stage)
    # Over the batches of an epoch it is the mean over examples.
    model.reset_metrics()
    model.stage.assign(1)
    model.train_step((x, y))
    model.stage.assign(0)
    assert float(model.train_step((x[:8], y[:8]))["loss"]) == pytest.approx((16 * 8 + 8 * 7) / 24)


def test_units_are_dropped_at_their_rate_and_the_rest_is_scaled():
    model = BUILDERS["dbn"]()
    h = ops.ones((400, 100))
    dropped = np.asarray(model._dropped(h, 0.25, training=True))
    assert set(np.unique(dropped)) == {0.0, np.float32(1 / 0.75)}
    assert np.mean(dropped == 0) == pytest.approx(0.25, abs=5 * (0.25 * 0.75 / 40_000) ** 0.5)
    for still in (model._dropped(h, 0.25, training=False), model._dropped(h, 0.0, training=True)):
        np.testing.assert_array_equal(still, h)


def test_pixels_may_be_whole_numbers():
    x = np.random.default_rng(0).integers(0, 2, (3, *SHAPE))
    for name in ("dbn", "ladder"):
        model = BUILDERS[name]()
        np.testing.assert_allclose(model(x), model(x.astype("float32")), rtol=1e-5)


def test_what_an_rbm_shows(monkeypatch):
    keras.utils.set_random_seed(0)
    model = BUILDERS["rbm"]()
    model.compile(optimizers.SGD(0.1), run_eagerly=True)
    x, seen = np.random.default_rng(0).uniform(size=(6, *SHAPE)).astype("float32"), []

    def likelihood(v, random):
        seen.append(np.asarray(v))
        return ops.arange(6.0)

    monkeypatch.setattr(model, "pseudo_likelihood", likelihood)
    monkeypatch.setattr(model, "reconstruction_cost", lambda v, h: ops.convert_to_tensor(3.0 + np.asarray(v).shape[0]))
    for step in (model.train_step, model.test_step):
        model.reset_metrics()
        shown = step((x, np.zeros(6)))
        assert {name: float(value) for name, value in shown.items()} == {"loss": 9.0, "pseudo_likelihood": 2.5}
    assert [v.shape for v in seen] == [(6, 64)] * 2
    assert all(set(np.unique(v)) == {0.0, 1.0} for v in seen)
    assert model(x).shape == x.shape
    visible = ops.sigmoid(model.visible(model.hidden(x.reshape(6, 64))))
    np.testing.assert_allclose(model(x), ops.reshape(visible, x.shape), rtol=1e-6)


@pytest.mark.parametrize("binarize", [True, False])
def test_what_an_rbm_is_validated_on(monkeypatch, binarize):
    model, seen = models.rbm(SHAPE, units=6, binarize=binarize), []
    x = np.full((6, *SHAPE), 0.5, "float32")
    monkeypatch.setattr(model, "reconstruction_cost", lambda v, h: seen.append((np.asarray(v), np.asarray(h))) or 1.0)
    model.test_step(x)
    ((v, h),) = seen
    assert set(np.unique(v)) == ({0.0, 1.0} if binarize else {0.5})
    assert set(np.unique(h)) == {0.0, 1.0}


def test_drawings_of_an_rbm_begin_at_noise(monkeypatch):
    model, begun = models.rbm((2,), units=500), []

    def gibbs(h, turns, random):
        begun.append((np.asarray(h), turns))
        return None, h[:, :2], None

    monkeypatch.setattr(model, "gibbs", gibbs)
    assert model.sample(40, keras.random.SeedGenerator(0)).shape == (40, 2)
    ((h, turns),) = begun
    assert (h.shape, turns, set(np.unique(h))) == ((40, 500), 1000, {0.0, 1.0})
    assert h.mean() == pytest.approx(0.5, abs=5 * 0.5 / 20_000**0.5)


def test_the_judge_is_trained_so(monkeypatch):
    module, seen = import_module("tfnotes.models.judge"), []

    class Judge:
        def compile(self, optimizer, loss, **options):
            kinds = type(optimizer).__name__, type(loss).__name__
            seen.append((*kinds, float(optimizer.learning_rate), loss.get_config()["from_logits"], options))

        def fit(self, x, y, **options):
            seen.append((len(x), len(y), options))

    made = Judge()
    monkeypatch.setattr(module, "mlp", lambda *arguments: seen.append(arguments) or made)
    assert module.judge(np.zeros((5, 3, 2)), np.zeros(5), 4) is made
    assert seen[0] == ((3, 2), 4)
    assert seen[1][:4] == ("Adam", "SparseCategoricalCrossentropy", pytest.approx(1e-3), True)
    assert seen[2] == (5, 5, {"epochs": 10, "batch_size": 64, "verbose": 0})


def test_biases_of_pictures():
    x = np.array([[[0.0, 1.0]], [[1.0, 1.0]]])
    np.testing.assert_allclose(data_bias(x, 2), data_bias(x.reshape(2, 2), 2))
    # Whole numbers as well, and none infinitely sure.
    np.testing.assert_allclose(data_bias(x.astype(int), 2), [0, np.log(2.05 / 0.05)], rtol=1e-5, atol=1e-6)
    assert np.asarray(data_bias(x, 2)).dtype == "float32"


def test_layers_over_texts_know_their_shapes():
    ids = keras.KerasTensor((None, 7), "int32")
    bigrams = _texts.Bigrams(9)
    assert (bigrams(ids).shape, bigrams(ids).dtype, bigrams.get_config()["buckets"]) == ((None, 7), "int64", 9)
    vectors = keras.KerasTensor((None, 7, 3))
    assert _texts.WithoutPadding()(vectors, ids).shape == (None, 7, 3)
    for pooling in (_texts.MeanOfWords(), _texts.MaxOfWords()):
        assert pooling(vectors, ids).shape == (None, 3)
        assert pooling.supports_masking
        assert pooling.compute_mask(None) is None
    x = np.array([[[-5.0, 1.0], [-2.0, 3.0], [9.0, 9.0]]], "float32")
    padded = np.array([[4, 2, 0]])
    assert np.asarray(_texts.MaxOfWords()(x, padded)).tolist() == [[-2.0, 3.0]]
    assert np.asarray(_texts.MeanOfWords()(x, padded)).tolist() == [[-3.5, 2.0]]
    assert np.asarray(_texts.WithoutPadding()(x, padded)).tolist() == [[[-5.0, 1.0], [-2.0, 3.0], [0.0, 0.0]]]


def test_seeds_of_a_stream():
    """By the formula: branches and draws in the low word, the seed in the high one, modulo 2**32."""
    stream = Stream(7, 3)
    for drawn in (1, 2):
        low = (3 * 2654435761 + drawn * 40503) % 2**32
        assert np.asarray(stream.next()).tolist() == [7, low]
    assert np.asarray(stream.next()).dtype == "uint32"
    branch = turn(stream, 4)
    assert (branch.seed, branch.branch, branch.drawn, Stream(5).branch) == (7, 5, 0, 0)


def test_gates_that_remember_for_long_begin_so_and_in_a_copy_as_well():
    # The drawn seed, too, is kept.
    for made in (Chrono(7), Chrono(7, seed=3)):
        i, f, g, o = np.split(ops.convert_to_numpy(made((4 * 200,))), 4)
        np.testing.assert_array_equal(i, -f)
        assert not g.any()
        assert not o.any()
        # Times from 1 to 6 steps, uniformly.
        times = np.exp(f)
        assert 1 - 1e-5 <= times.min() < 1.2
        assert 5.8 < times.max() <= 6 + 1e-5
        assert abs(times.mean() - 3.5) < 5 * 5 / np.sqrt(12 * 200)
        again = Chrono.from_config(made.get_config())
        assert again.steps == 7
        np.testing.assert_array_equal(again((8,)), made((8,)))
    assert (ops.convert_to_numpy(Chrono(7, seed=4)((8,))) != ops.convert_to_numpy(made((8,)))).any()
