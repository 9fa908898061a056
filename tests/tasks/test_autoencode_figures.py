"""Which images each figure is of, how many are drawn and from which seed, on models that a person can follow."""

from types import SimpleNamespace

import keras
import numpy as np
import pytest
import tensorflow as tf
from keras import ops

from tfnotes import callbacks
from tfnotes.models._random import bernoulli
from tfnotes.models.annealing import data_bias
from tfnotes.models.autoencoder import corrupt
from tfnotes.task import Split
from tfnotes_tasks.autoencode import figures, pictures


def seed(k):
    return keras.random.SeedGenerator(k)


def state(generator):
    return ops.convert_to_numpy(generator.state).tolist()


def examples(n):
    """Small images whose first number is their class, but for every tenth; and as much of noise."""
    rng, y = np.random.default_rng(0), np.arange(n) % 10
    x = rng.integers(0, 10, (n, 2, 2)).astype("float32")
    x[:, 0, 0] = np.where(np.arange(n) % 11 == 3, (y + 1) % 10, y)
    return Split(x, y)


def prepare(x):
    return ops.expand_dims(ops.convert_to_tensor(x), -1) / 10.0


def flat(x):
    return ops.convert_to_numpy(x).reshape(len(x), -1)


def probes(codes, split):
    x = ops.convert_to_numpy(prepare(split.x))
    return {"probe_of_codes": figures.probe(codes, split.y), "probe_of_pixels": figures.probe(x, split.y)}


def two(x):
    return ops.reshape(x, (-1, 4))[:, 1:3]


def test_of_autoencoders():
    split, seen = examples(620), []

    class Model:
        encoder = staticmethod(two)

        def __call__(self, x):
            seen.append(len(x))
            return 0.5 * x

    found = figures.of_autoencoder(Model(), split, prepare)
    x = prepare(split.x)
    wanted = {"pca_squared_error": figures.pca_error(flat(x), 2)}
    for share in (0.1, 0.25, 0.5):
        noisy = flat(corrupt(x, share, "masking", seed(1)))
        wanted[f"squared_error_masked_{share}"] = np.mean(np.sum((flat(x) - 0.5 * noisy) ** 2, 1))
    assert found == pytest.approx(wanted | probes(flat(two(x)), split), rel=1e-5)
    assert seen == [500, 120] * 3
    assert all(type(value) is float for value in found.values())


@pytest.mark.parametrize("binarize", [True, False])
def test_of_variational_autoencoders(binarize):
    split, seen = examples(1100), []

    class Model:
        def encode(self, x):
            return two(x), None

        def log_likelihood(self, x, samples, random):
            seen.append((len(x), samples, state(random)[0]))
            return ops.sum(ops.reshape(x, (-1, 4)), 1) - samples

    model = Model()
    model.binarize = binarize
    found = figures.of_vae(model, split, prepare)
    x = prepare(split.x)
    measured = flat(bernoulli(x, seed(1)) if binarize else x).sum(1)
    wanted = {
        "log_likelihood_50_samples": measured[:1000].mean() - 50,
        "log_likelihood_5000_samples": measured[:100].mean() - 5000,
    }
    # Codes are those of the pixels as they are.
    assert found == pytest.approx(wanted | probes(flat(two(x)), split), rel=1e-5)
    assert [(n, samples) for n, samples, _ in seen] == [(100, 50)] * 10 + [(1, 5000)] * 100
    assert {drawn for *_, drawn in seen} == {2}


def test_of_boltzmann_machines(monkeypatch):
    split, asked = examples(620), []

    def log_partition(model, bias, random, chains, steps):
        asked.append((bias, random, chains, steps))
        return tf.constant(3.0), tf.constant(0.25)

    monkeypatch.setattr(figures, "log_partition", log_partition)
    model = SimpleNamespace(size=4, free_energy=lambda v: ops.sum(v, 1) + 10 * v[:, 3], hidden=lambda x: two(x))
    found = figures.of_rbm(model, split, prepare)
    x = prepare(split.x)
    v = ops.convert_to_numpy(bernoulli(x, seed(2))).reshape(-1, 4)
    wanted = {
        "log_partition": 3.0,
        "log_partition_error": 0.25,
        "log_likelihood": -(v.sum(1) + 10 * v[:, 3]).mean() - 3,
    }
    assert found == pytest.approx(wanted | probes(flat(two(x)), split), rel=1e-5)
    ((bias, drawn, chains, steps),) = asked
    np.testing.assert_allclose(bias, data_bias(ops.convert_to_numpy(x), 4), rtol=1e-5)
    assert (state(drawn), chains, steps) == ([1, 0], 100, 2000)


def test_of_adversarial_networks(monkeypatch):
    """The classifier says the class that is nearest to ten times the first number."""
    split, judged, sampled = examples(200), [], []
    hidden, logits = keras.layers.Dense(4), keras.layers.Dense(10)
    dropped = [keras.Input((2, 2, 1)), keras.layers.Flatten(), hidden, logits]
    classifier = keras.Sequential(dropped)
    hidden.set_weights([np.eye(4) * 10, np.zeros(4)])
    kernel = np.zeros((4, 10))
    kernel[0] = 2 * np.arange(10)
    logits.set_weights([kernel, -(np.arange(10.0) ** 2)])

    def judge(x, y, classes):
        judged.append((x, y, classes))
        return classifier

    def sample(count, random):
        images = np.random.default_rng(len(sampled)).uniform(0, 1, (count, 2, 2, 1)).astype("float32")
        # 1 % of the drawings are a 7, one in a thousand is an 8, half of the rest a 1 and half a 2.
        images[:, 0, 0, 0] = np.where(np.arange(count) % 2, 0.1, 0.2)
        images[0, 0, 0, 0] = 0.7
        images[1, 0, 0, 0] = 0.8 if not sampled else 0.1
        sampled.append((count, state(random), images))
        return ops.convert_to_tensor(images)

    monkeypatch.setattr(figures, "judge", judge)
    found = figures.of_gan(SimpleNamespace(sample=sample), split, prepare)
    x = ops.convert_to_numpy(prepare(split.x))
    ((taught, labels, classes),) = judged
    np.testing.assert_array_equal(taught, x[:100])
    np.testing.assert_array_equal(labels, split.y[:100])
    assert (classes, [count for count, *_ in sampled]) == (10, [100] * 10)
    assert [drawn for _, drawn, _ in sampled] == [[10 + k, 0] for k in range(10)]
    drawn = np.concatenate([images for *_, images in sampled])
    right = np.mean(split.x[100:, 0, 0] == split.y[100:])
    assert right < 1
    assert found == pytest.approx(
        {
            "classifier_accuracy": right,
            "digits_covered": 3.0,
            "smallest_share": 0.0,
            "largest_share": np.mean(np.isclose(drawn[:, 0, 0, 0], 0.1)),
            "frechet_distance": figures.frechet(10 * flat(drawn), 10 * flat(x[100::2])),
            "frechet_distance_of_images": figures.frechet(10 * flat(x[101::2]), 10 * flat(x[100::2])),
            "parzen_log_likelihood": figures.parzen(flat(drawn), flat(x[:100]), flat(x[100:])),
        },
        rel=1e-4,
    )


def test_of_classifiers():
    split = examples(620)
    found = figures.of_classifier(SimpleNamespace(codes=two), split, prepare)
    assert found == pytest.approx(probes(flat(two(prepare(split.x))), split), rel=1e-6)


def test_a_parzen_window_is_chosen_from_a_tenth_to_one():
    rng = np.random.default_rng(0)
    drawn, x = rng.normal(size=(50, 2)), rng.normal(size=(40, 2))
    widths = [0.1 * 10 ** (k / 9) for k in range(10)]
    wanted = {width: figures.parzen(drawn, x, x, (width,)) for width in widths}
    assert figures.parzen(drawn, x, x) == pytest.approx(max(wanted.values()))
    assert figures.parzen(drawn, drawn, x) == pytest.approx(wanted[widths[0]])
    assert figures.parzen(drawn, 9 + x, x) == pytest.approx(wanted[widths[-1]])


def look(count=500):
    writer, other = tf.summary.create_noop_writer(), tf.summary.create_noop_writer()
    x = np.random.default_rng(0).uniform(size=(count, 28, 28, 1)).astype("float32")
    stored = SimpleNamespace(x=(255 * x[..., 0]).astype("uint8"), y=np.arange(count) % 10)
    return SimpleNamespace(train=writer, validation=other, folder="events", x=x, examples=stored)


def test_which_pictures_each_kind_of_model_shows():
    shown = {
        of: [type(callback).__name__ for callback in getattr(pictures, f"of_{of}")(look())]
        for of in ("autoencoder", "vae", "gan", "rbm", "classifier")
    }
    codes = ["FilterImages", "Reconstructions", "Pictures", "Embeddings"]
    assert shown == {
        "autoencoder": codes,
        "vae": [*codes, "Pictures"],
        "gan": ["Pictures"],
        "rbm": ["FilterImages", "Reconstructions", "Pictures"],
        "classifier": ["FilterImages"],
    }
    seen = look()
    filters, reconstructions, at_end, embeddings = pictures.of_autoencoder(seen)
    assert (filters.writer, reconstructions.writer, at_end.writer) == (seen.train, seen.validation, seen.validation)
    np.testing.assert_array_equal(reconstructions.x, seen.x[:32])
    assert (at_end.each_epoch, len(embeddings.x)) == (None, 500)
    np.testing.assert_array_equal(embeddings.pictures, seen.examples.x[..., None])
    np.testing.assert_array_equal(embeddings.labels, seen.examples.y)
    np.testing.assert_array_equal(pictures.of_rbm(seen)[1].x, seen.x[:32])


def test_codes_are_mapped_and_decoded_as_intensities():
    coded, decoded = [], []

    def decoder(z):
        decoded.append(ops.convert_to_numpy(z))
        return ops.zeros((len(z), 28, 28, 1))

    def encoder(x):
        coded.append(len(x))
        return ops.reshape(x, (-1, 784))[:, :3]

    auto = SimpleNamespace(encoder=encoder, decoder=decoder)
    variational = SimpleNamespace(encode=lambda x: (encoder(x), None), decoder=decoder)
    for of, model in ((pictures.of_autoencoder, auto), (pictures.of_vae, variational)):
        made = of(look())
        drawn = made[2].at_end(model)
        assert (drawn["latent_map"].shape, drawn["latent_map"].max() <= 1) == ((840, 840), True)
        # Eight rows of ten, with lines between; a decoder gives logits.
        assert drawn["interpolations"].shape == (8 * 28 + 7, 10 * 28 + 9)
        assert (drawn["interpolations"] == 0.5).all()
        np.testing.assert_array_equal(made[3].encode(model, look().x[:4]), look().x[:4].reshape(4, -1)[:, :3])
    assert coded == [400, 4] * 2
    codes = look().x.reshape(500, -1)[:, :3]
    for z in decoded:
        np.testing.assert_allclose(z[::10], codes[:8], atol=1e-6)
        np.testing.assert_allclose(z[9::10], codes[8:16], atol=1e-6)


def test_drawings_of_every_epoch_begin_with_the_same_seed():
    asked = []

    def sample(count, random, **options):
        asked.append((count, state(random), options))
        return np.arange(count)[:, None, None, None] / 64 * np.ones((1, 28, 28, 1))

    (gan,) = pictures.of_gan(look())
    model = SimpleNamespace(sample=sample, latent=6, generator=lambda z: asked.append(z) or ops.zeros((len(z), 28, 28)))
    for callback in (gan, pictures.of_vae(look())[-1]):
        assert callback.each_epoch(model)["samples"].shape == (8 * 28 + 7, 8 * 28 + 7)
    assert pictures.of_rbm(look())[-1].each_epoch(model)["samples"].shape == (2 * 28 + 1, 8 * 28 + 7)
    assert asked == [(64, [1, 0], {}), (64, [1, 0], {}), (16, [1, 0], {"turns": 50})]
    assert gan.at_end(model)["interpolations"].shape == (8 * 28 + 7, 10 * 28 + 9)
    ends = keras.random.normal((2, 8, 6), seed=seed(2))
    np.testing.assert_allclose(asked[-1][::10], ends[0], atol=1e-6)
    np.testing.assert_allclose(asked[-1][9::10], ends[1], atol=1e-6)


def test_images_on_the_map_are_the_same_whichever_way_the_axes_point():
    rng = np.random.default_rng(0)
    codes, images = rng.normal(size=(6, 4)) * [9, 3, 1, 1], rng.uniform(size=(6, 28, 28))
    places = pictures.latent_map(codes, images, size=200)
    np.testing.assert_array_equal(pictures.latent_map(codes + 5, images, size=200), places)
    # The largest part of each axis points to the right, or down.
    axes = np.linalg.svd(codes - codes.mean(0), full_matrices=False)[2][:2]
    axes = axes * np.sign(axes[[0, 1], np.abs(axes).argmax(1)])[:, None]
    where = (codes - codes.mean(0)) @ axes.T
    corners = np.round((where / np.abs(where).max() + 1) / 2 * (200 - 28)).astype(int)
    wanted = np.zeros((200, 200))
    for (column, row), image in zip(corners, images, strict=True):
        wanted[row : row + 28, column : column + 28] = np.maximum(wanted[row : row + 28, column : column + 28], image)
    np.testing.assert_allclose(places, wanted, atol=1e-6)
    # One image, and codes of a single number.
    assert pictures.latent_map(codes[:1], images[:1], size=56)[14:42, 14:42].max() == np.float32(images[0].max())
    row = pictures.latent_map(codes[:2, :1], images[:2], size=84)
    assert (row[:28].max(), row[56:].max()) == (0, 0)


def test_what_tells_digits_from_texts_are_the_mistakes():
    from tfnotes_tasks import imdb, mnist

    seen = look(20)
    seen.predictions = callbacks.Predictions(seen.x)
    filters, mistakes = mnist.shows(seen)
    assert (type(filters).__name__, filters.writer, mistakes.writer) == ("FilterImages", seen.train, seen.validation)
    (alone,) = mnist.mistakes(seen)
    for one in (mistakes, alone):
        assert (one.labels, one.pictures.shape) == (tuple("0123456789"), (20, 28, 28, 1))
        np.testing.assert_array_equal(one.pictures[..., 0], seen.examples.x)
        np.testing.assert_array_equal(one.y, seen.examples.y)
    texts = np.array([f"text {k}".encode() for k in range(600)], object)
    seen.x, seen.examples = np.ones((600, 3), "int32"), SimpleNamespace(x=texts, y=np.arange(600) % 2)
    (shown,) = imdb.shows(seen)
    assert (len(shown.y), shown.texts[0], shown.texts[-1], shown.labels) == (500, "text 0", "text 499", imdb.LABELS)
    assert shown.writer is seen.validation
