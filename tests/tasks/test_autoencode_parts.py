"""Labels that stay and those that are hidden, figures and pictures, each against a second way."""

from functools import partial
from types import SimpleNamespace

import keras
import numpy as np
import pytest
import scipy.linalg
import tensorflow as tf

from tfnotes import callbacks, models
from tfnotes.errors import InputError
from tfnotes.task import Split, Splits
from tfnotes.training.config import configure
from tfnotes_tasks.autoencode import TASK, endpoints, figures, labels, pictures


def numbered(n=60):
    y = np.arange(n) % 5
    x = np.zeros((n, 28, 28), "uint8")
    x[:, 0, 0] = np.arange(n)
    return Split(x, y)


def test_labels_that_stay_are_as_many_of_each_class():
    splits = Splits(numbered(), numbered(), numbered())
    some = labels.few(splits, 3, labels=12)
    kept = np.flatnonzero(some.train.y >= 0)
    assert len(kept) == 12
    assert sorted(np.bincount(some.train.y[kept])) == [2, 2, 2, 3, 3]
    np.testing.assert_array_equal(some.train.y[kept], splits.train.y[kept])
    assert some.test is splits.test
    np.testing.assert_array_equal(labels.few(splits, 3, labels=12).train.y, some.train.y)
    assert not np.array_equal(labels.few(splits, 4, labels=12).train.y, some.train.y)
    assert labels.few(splits, 3, labels=0) is splits
    with pytest.raises(InputError, match="autoencode: `labels` must be at most the 60 training examples"):
        labels.few(splits, 3, labels=61)


def test_the_seed_chooses_which_of_each_class():
    chosen = []
    for seed in range(6):
        split = labels.few(Splits(*[numbered()] * 3), seed, labels=10).train
        assert np.bincount(split.y[split.y >= 0]).tolist() == [2] * 5
        chosen.append(tuple(np.flatnonzero(split.y == 0)))
    assert len(set(chosen)) > 2


def test_a_ladders_reconstructions_are_images():
    class Fake(keras.layers.Layer):
        def call(self, x):
            return keras.ops.zeros((len(x), 10))

        def reconstruct(self, x):
            return 3 * x - 1

    ways = endpoints.of_ladder(Fake(), lambda pixels: keras.ops.cast(pixels, "float32")[..., None] / 255)
    pixels = np.linspace(0, 255, 784).astype("uint8").reshape(1, 28, 28)
    images = np.asarray(ways["reconstruct"].function(pixels)["images"])
    assert images.shape == (1, 28, 28)
    np.testing.assert_allclose(images, np.clip(pixels / 85 - 1, 0, 1), atol=1e-5)


@pytest.mark.parametrize(
    ("ways", "build"),
    [
        (endpoints.of_autoencoder, partial(models.autoencoder, units="6")),
        (endpoints.of_vae, partial(models.vae, latent=3, units="9-7")),
        (endpoints.of_gan, partial(models.gan, latent=4, units="6-7")),
        (endpoints.of_rbm, partial(models.rbm, units=6)),
        (endpoints.of_classifier, partial(models.dbn, classes=4, units="9-7", pretrain=1)),
    ],
    ids=["autoencoder", "vae", "gan", "rbm", "dbn"],
)
def test_what_is_decoded_are_intensities(ways, build):
    keras.utils.set_random_seed(0)
    way = ways(build((28, 28, 1)), lambda pixels: pixels)["decode"]
    codes = 100 * np.random.default_rng(0).normal(size=(20, way.signature[0].shape[1])).astype("float32")
    images = np.asarray(way.function(codes)["images"])
    assert images.min() >= 0
    assert images.max() <= 1


def ids(images):
    return [int(v) for v in np.asarray(images)[:, 0, 0]]


@pytest.mark.parametrize("kept", [12, 25, 0])
def test_batches_of_labelled_and_unlabelled(kept):
    split = labels.few(Splits(*[numbered()] * 3), 0, labels=kept).train
    batches, steps = labels.training_batches(split, 10, 0, 0, 3, lambda x: x)
    made = [((ids(a), ids(u)), y.tolist()) for (a, u), y in batches.as_numpy_iterator()]
    assert (steps, len(made)) == (6, 18)
    known = set(np.flatnonzero(split.y >= 0))
    for (labelled, _), y in made:
        assert len(labelled) == 10
        assert set(labelled) <= known
        assert y == [split.y[k] for k in labelled]
    for epoch in range(3):
        assert sorted(k for (_, u), _ in made[6 * epoch : 6 * epoch + 6] for k in u) == list(range(60))
    # All labelled ones come in turn, each once before any comes again, but for what doesn't fill a batch.
    turns = len(known) // 10
    first = [k for (labelled, _), _ in made[:turns] for k in labelled]
    assert len(set(first)) == len(first) == 10 * turns
    resumed, _ = labels.training_batches(split, 10, 0, 1, 3, lambda x: x)
    assert [((ids(a), ids(u)), y.tolist()) for (a, u), y in resumed.as_numpy_iterator()] == made[6:]


def test_pca_error():
    x = np.random.default_rng(0).normal(size=(50, 6)) * [5, 4, 3, 2, 1, 0.5]
    centred = x - x.mean(0)
    _, _, axes = np.linalg.svd(centred, full_matrices=False)
    back = centred @ axes[:2].T @ axes[:2]
    assert figures.pca_error(x, 2) == pytest.approx(np.mean(np.sum((centred - back) ** 2, 1)))
    assert figures.pca_error(x, 9) == 0


def test_probe():
    rng = np.random.default_rng(0)
    y = rng.integers(0, 3, 2000)
    clear = np.eye(3)[y] + 0.1 * rng.normal(size=(2000, 3))
    assert figures.probe(clear, y) > 0.99
    # Enough noise to fit the half that it learns from, and nothing to tell of the other.
    assert abs(figures.probe(rng.normal(size=(2000, 900)), y) - 1 / 3) < 0.08


def test_frechet():
    random = np.random.default_rng(0)
    a, b = random.normal(size=(50, 4)), random.normal(size=(60, 4)) @ random.normal(size=(4, 4)) + 1
    c, d = np.cov(a.T), np.cov(b.T)
    root = scipy.linalg.sqrtm(c @ d).real
    wanted = np.sum((a.mean(0) - b.mean(0)) ** 2) + np.trace(c + d - 2 * root)
    assert figures.frechet(a, b) == pytest.approx(wanted, rel=1e-9)
    assert figures.frechet(a, a) == pytest.approx(0, abs=1e-9)
    assert figures.frechet(a, a + 2) == pytest.approx(16)
    # What is always 0, as a dead unit is.
    flat = np.concatenate([a, np.zeros((50, 1))], 1)
    assert figures.frechet(flat, flat + 1) == pytest.approx(5)


def test_parzen():
    drawn, test = np.array([[0.0, 0.0], [2.0, 0.0]]), np.array([[1.0, 1.0]])
    squared = 2.0
    wanted = -squared / (2 * 0.5**2) - 2 * np.log(0.5 * np.sqrt(2 * np.pi))
    assert figures.parzen(drawn, test, test, widths=(0.5,)) == pytest.approx(wanted)
    # Validation on top of the drawings wants the narrow one.
    best = figures.parzen(drawn, drawn + np.array([[0.0, 1e-3]]), test, widths=(1e-2, 1.0))
    assert best == pytest.approx(-squared / (2 * 1e-4) - 2 * np.log(1e-2 * np.sqrt(2 * np.pi)))


def test_the_latent_map_puts_images_where_their_codes_are():
    codes = np.array([[-1.0, 0, 0], [1.0, 0, 0], [0, 0.5, 0]])
    images = np.ones((3, 28, 28)) * [[[0.2]], [[0.5]], [[1.0]]]
    canvas = pictures.latent_map(codes, images, size=128)
    rows, columns = {}, {}
    for value in (0.2, 0.5, 1.0):
        where = np.argwhere(np.isclose(canvas, value))
        rows[value], columns[value] = where.mean(0)
    assert abs(rows[0.2] - rows[0.5]) < 1
    assert columns[0.5] - columns[0.2] > 60
    assert abs(columns[1.0] - 63.5) < 3
    assert abs(rows[1.0] - rows[0.2]) > 20


def test_tiled():
    images = np.stack([np.full((2, 2), v) for v in (0.1, 0.2, 0.3)])
    picture = callbacks.tiled(images, 2)
    assert picture.shape == (5, 5)
    assert (picture[0, 0], picture[0, 3], picture[3, 0], picture[3, 3]) == (0.1, 0.2, 0.3, 0)
    assert set(picture[2]) == set(picture[:, 2]) == {0.5}


def test_interpolations_lead_from_one_code_to_the_other():
    seen = []
    first, last = np.ones((1, 2)), np.full((1, 2), 3.0)
    pictures._between(first, last, lambda z: seen.append(z) or np.zeros((len(z), 28, 28)))
    np.testing.assert_allclose(seen[0], np.repeat(np.linspace(1, 3, 10)[:, None], 2, 1), atol=1e-6)


@pytest.mark.parametrize(("count", "rows"), [(1, None), (3, 1), (40, 8)])
def test_few_examples_have_fewer_ways_between_them(count, rows, tmp_path):
    seen = []
    decode = lambda model, z: seen.append(z) or np.zeros((len(z), 28, 28))  # noqa: E731
    look = SimpleNamespace(
        x=np.random.default_rng(0).uniform(size=(count, 28, 28, 1)).astype("float32"),
        examples=SimpleNamespace(x=np.zeros((count, 28, 28), "uint8"), y=np.zeros(count, int)),
        **dict.fromkeys(("train", "validation"), tf.summary.create_noop_writer()),
        folder=tmp_path,
    )
    drawn = pictures._of_codes(look, lambda model, x: x[:, 0, :3, 0], decode)[2].at_end(None)
    assert ("interpolations" in drawn) == (rows is not None)
    assert [len(z) for z in seen] == ([10 * rows] if rows else [])
    assert drawn["latent_map"].ndim >= 2


@pytest.mark.parametrize("model", ["gan", "conv-gan"])
def test_a_gans_rate_stays(model):
    config = configure(TASK, model=model)
    assert (config["learning_rate"], config["learning_rate_decay"]) == (3e-4, 1.0)


@pytest.mark.parametrize("wrong", [-1, 2.5, "3"])
def test_labels_that_cant_stay(wrong):
    with pytest.raises(InputError, match=r"autoencode: `labels` must be an integer of at least 0\. Received: labels="):
        labels.few(Splits(*[numbered()] * 3), 0, labels=wrong)


def test_all_labels_may_stay_and_those_that_are_hidden_are_alike():
    splits = Splits(numbered(7), numbered(3), numbered(3))
    whole = labels.few(splits, 1, labels=7)
    np.testing.assert_array_equal(whole.train.y, splits.train.y)
    some = labels.few(splits, 1, labels=6)
    assert sorted(some.train.y)[0] == labels.UNKNOWN == -1
    assert (np.sum(some.train.y == -1), some.train.y.dtype) == (1, splits.train.y.dtype)
    np.testing.assert_array_equal(splits.train.y, np.arange(7) % 5)
    assert some.train.x is splits.train.x


def test_labelled_batches_of_another_seed_and_prepared():
    split = labels.few(Splits(*[numbered()] * 3), 0, labels=25).train
    made = []
    for seed in (0, 1):
        batches, steps = labels.training_batches(split, 10, seed, 0, 1, lambda x: tf.cast(x, tf.float32) / 2)
        made.append([(ids(2 * a), ids(2 * u)) for (a, u), _ in batches.as_numpy_iterator()])
        assert (steps, len(made[-1])) == (6, 6)
    for k in (0, 1):
        assert [batch[k] for batch in made[0]] != [batch[k] for batch in made[1]]
    for labelled, unlabelled in made[0]:
        assert set(labelled) <= set(np.flatnonzero(split.y >= 0))
        assert len(unlabelled) == 10


class Coded(keras.layers.Layer):
    """Codes are the first two pixels; the decoders give logits; it says which number it drew with."""

    latent, binarize = 2, False

    def call(self, x, training=True):
        return keras.ops.stack([x[:, 0, 0, 0], x[:, 0, 1, 0]], 1) if self.whole is False else x / (2 if training else 4)

    whole = True

    def encode(self, x):
        return keras.ops.reshape(x, (-1, 784))[:, :2], "deviations"

    def decoder(self, codes):
        return keras.ops.repeat(codes[:, :1], 784, 1)

    def log_likelihood(self, x, samples, random):
        return keras.ops.sum(x, (1, 2, 3)) + samples

    def sample(self, count, random):
        return keras.random.uniform((count, 28, 28, 1), seed=random)


def prepared(pixels):
    return keras.ops.cast(pixels, "float32")[..., None] / 255


PIXELS = np.random.default_rng(0).integers(0, 256, (3, 28, 28)).astype("uint8")


def answers(way, *given):
    return {key: np.asarray(value) for key, value in way.function(*map(tf.constant, given)).items()}


def test_a_variational_autoencoders_ways():
    model = Coded()
    ways = endpoints.of_vae(model, prepared)
    np.testing.assert_allclose(answers(ways["reconstruct"], PIXELS)["images"], PIXELS / 510, atol=1e-6)
    codes = answers(ways["encode"], PIXELS)["codes"]
    np.testing.assert_allclose(codes, PIXELS.reshape(3, -1)[:, :2] / 255, atol=1e-6)
    images = answers(ways["decode"], codes)["images"]
    np.testing.assert_allclose(images[:, 9, 9], 1 / (1 + np.exp(-codes[:, 0])), rtol=1e-5)
    assert ways["decode"].signature[0].shape.as_list() == [None, 2]
    ink = (PIXELS / 255).sum((1, 2))
    np.testing.assert_allclose(answers(ways["score"], PIXELS, 7)["log_likelihood"], ink + 50, rtol=1e-5)
    model.binarize = True
    drawn = [answers(ways["score"], PIXELS, seed)["log_likelihood"] - 50 for seed in (7, 7, 8)]
    np.testing.assert_array_equal(drawn[0], drawn[1])
    assert (drawn[0] != drawn[2]).any()
    # Pixels are drawn: whole numbers of them, as many as there is ink, within five standard errors.
    np.testing.assert_array_equal(drawn[0], np.round(drawn[0]))
    assert (np.abs(drawn[0] - ink) < 5 * 14).all()
    samples = [answers(ways["sample"], 4, seed)["images"] for seed in (1, 1, 2)]
    assert samples[0].shape == (4, 28, 28)
    np.testing.assert_array_equal(samples[0], samples[1])
    assert (samples[0] != samples[2]).any()
    assert ways["sample"].via is endpoints.NORMAL
    assert (endpoints.NORMAL.endpoint, endpoints.NORMAL.known) == ("decode", {"name": "normal"})
    assert [len(way.examples(PIXELS)[0]) for way in (ways["decode"], ways["score"])] == [3, 3]
    assert ways["sample"].examples(PIXELS) == (3, 7)


def test_an_autoencoders_ways():
    model = Coded()
    model.encoder = SimpleNamespace(output_shape=(None, 2))
    ways = endpoints.of_autoencoder(model, prepared)
    error = ((PIXELS / 510) ** 2).sum((1, 2))
    np.testing.assert_allclose(answers(ways["score"], PIXELS)["squared_error"], error, rtol=1e-4)
    assert ways["encode"].notes is endpoints.NOTES


def test_as_many_drawings_as_may_be():
    drawn = endpoints._sample(lambda count, random: tf.zeros((count, 28, 28)), endpoints.NORMAL)
    assert drawn.function(tf.constant(10_000), tf.constant(0))["images"].shape == (10_000, 28, 28)
    with pytest.raises(tf.errors.InvalidArgumentError, match="`count` must be at most 10000"):
        drawn.function(tf.constant(10_001), tf.constant(0))


def test_an_rbms_ways():
    asked = []

    class Machine(Coded):
        size, layer = 784, SimpleNamespace(units=5)

        def hidden(self, x):
            return x[:, :5]

        def visible(self, codes):
            return keras.ops.repeat(codes[:, 1:2], 784, 1)

        def free_energy(self, x):
            return -keras.ops.sum(x, 1)

        def sample(self, count, random, turns):
            asked.append(turns)
            return keras.ops.zeros((count, 784))

    ways = endpoints.of_rbm(Machine(), prepared)
    flat = PIXELS.reshape(3, -1) / 255
    np.testing.assert_allclose(answers(ways["encode"], PIXELS)["codes"], flat[:, :5], atol=1e-6)
    np.testing.assert_allclose(answers(ways["score"], PIXELS)["free_energy"], -flat.sum(1), rtol=1e-5)
    codes = np.arange(10, dtype="float32").reshape(2, 5) - 4
    images = answers(ways["decode"], codes)["images"]
    np.testing.assert_allclose(images[:, 3, 3], 1 / (1 + np.exp([3, -2])), rtol=1e-5)
    assert answers(ways["sample"], 2, 0)["images"].shape == (2, 28, 28)
    assert asked == [500]
    assert endpoints.GIBBS.known == {"name": "gibbs", "turns": 500, "encode": "encode"}
    assert "take 500 turns" in endpoints.GIBBS.preparation
    assert (ways["sample"].via, endpoints.GIBBS.endpoint) == (endpoints.GIBBS, "decode")


def test_a_classifiers_ways_of_image_files():
    class Reads(keras.layers.Layer):
        def call(self, x, training=True):
            return (1.0 if training else -1.0) * keras.ops.stack([x[:, 0, 0, 0], x[:, 0, 1, 0]], 1)

    ways = endpoints.of_classifier(Reads(), prepared)
    assert list(ways) == ["classify", "encoded", "layers"]
    found = answers(ways["classify"], PIXELS)
    scores = -PIXELS.reshape(3, -1)[:, :2] / 255.0
    wanted = np.exp(scores) / np.exp(scores).sum(1, keepdims=True)
    np.testing.assert_allclose(found["probabilities"], wanted, rtol=1e-5)
    assert (found["digit"].tolist(), found["digit"].dtype) == (wanted.argmax(1).tolist(), np.int32)
    via = ways["encoded"].via
    assert (via.endpoint, via.known, via is endpoints.DIGITS) == ("classify", {"name": "digits"}, True)
    assert "PNG" in ways["encoded"].notes["images"]
    assert "intensities" in endpoints.NOTES["images"]


def test_an_adversarial_networks_ways():
    class Draws(Coded):
        def generator(self, codes, training=True):
            return (1.0 if training else -1.0) * keras.ops.repeat(codes[:, 1:], 784, 1)

        def call(self, x):
            return keras.ops.reshape(x, (-1, 784))[:, :1] * 3

    ways = endpoints.of_gan(Draws(), prepared)
    assert list(ways) == ["sample", "decode", "score", "layers"]
    real = answers(ways["score"], PIXELS)["realness"]
    np.testing.assert_allclose(real, 1 / (1 + np.exp(-3.0 * PIXELS[:, 0, 0] / 255)), rtol=1e-5)
    codes = np.array([[9, 2], [9, -1]], "float32")
    images = answers(ways["decode"], codes)["images"]
    np.testing.assert_allclose(images[:, 5, 5], 1 / (1 + np.exp([2, -1])), rtol=1e-5)
    assert (ways["layers"].signature, ways["layers"].examples) == (ways["decode"].signature, ways["decode"].examples)
    assert ways["sample"].via is endpoints.NORMAL
    # What is checked with are normal numbers, the same each time, as many as there are examples.
    (first,), (second,) = ways["decode"].examples(range(4)), endpoints._decode(2, print).examples("ab")
    np.testing.assert_array_equal(first[:2], second)
    assert (first.shape, first.dtype, len(np.unique(first))) == ((4, 2), np.float32, 8)


def test_the_codes_of_a_network_that_was_built_in_layers():
    class Stacked(keras.layers.Layer):
        hidden = (SimpleNamespace(units=7), SimpleNamespace(units=5))

        def call(self, x, training=True):
            return keras.ops.reshape(x, (-1, 784))[:, :3]

        def codes(self, x):
            return keras.ops.reshape(x, (-1, 784))[:, :5]

        def visible(self, codes):
            return keras.ops.repeat(codes[:, 4:], 784, 1)

    ways = endpoints.of_classifier(Stacked(), prepared)
    assert list(ways) == ["classify", "encoded", "layers", "encode", "decode"]
    codes = answers(ways["encode"], PIXELS)["codes"]
    np.testing.assert_allclose(codes, PIXELS.reshape(3, -1)[:, :5] / 255, atol=1e-6)
    images = answers(ways["decode"], codes)["images"]
    np.testing.assert_allclose(images[:, 8, 8], 1 / (1 + np.exp(-codes[:, 4])), rtol=1e-5)
    assert ways["decode"].signature[0].shape.as_list() == [None, 5]
