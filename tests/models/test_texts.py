"""Models of texts: each by a second computation, and none sees how far a batch pads a text."""

from functools import partial

import keras
import numpy as np
import pytest

from tfnotes import models
from tfnotes.errors import InputError
from tfnotes.models import _texts

IDS = np.array([[4, 2, 9, 0, 0], [7, 7, 3, 1, 5], [0, 0, 0, 0, 0], [8, 0, 0, 0, 0]], "int32")
BAG = partial(models.bag_of_words, 2, vocabulary=10, width=3)
BUILDERS = {
    "bow": BAG,
    "bigram": partial(BAG, buckets=50),
    "cnn": partial(models.text_cnn, 2, vocabulary=10, width=6, filters=4),
    **{
        name: partial(models.recurrent_classifier, cell, 2, vocabulary=10, width=3, units=4, **options)
        for name, cell, options in (
            ("rnn", "rnn", {}),
            ("gru", "gru", {}),
            ("lstm", "lstm", {}),
            ("lstm-mean", "lstm", {"pooling": "mean"}),
            ("lstm-last", "lstm", {"pooling": "last"}),
            ("bilstm", "lstm", {"directions": 2}),
            ("deep-bilstm", "lstm", {"directions": 2, "depth": 2}),
        )
    },
}


def built(name, **options):
    keras.utils.set_random_seed(1)
    model = BUILDERS[name](**options)
    generator = np.random.default_rng(1)
    model.set_weights([generator.normal(0, 0.5, w.shape) for w in model.get_weights()])
    return model


def answers(model, ids):
    return keras.ops.convert_to_numpy(model(ids))


def test_bigrams_by_hand():
    def h(a, b):
        return (2654435761 * a + 2246822519 * b) % 2**31 // 64 % 50 + 1

    expected = [
        [0, h(4, 2), h(2, 9), 0, 0],
        [0, h(7, 7), h(7, 3), h(3, 1), h(1, 5)],
        [0, 0, 0, 0, 0],
        [0, 0, 0, 0, 0],
    ]
    np.testing.assert_array_equal(_texts.Bigrams(50)(IDS), expected)


def test_bigrams_spread_evenly_and_tell_the_order():
    pairs = np.stack(np.meshgrid(np.arange(1, 301), np.arange(1, 301)), -1).reshape(-1, 2)
    ids = np.asarray(_texts.Bigrams(1000)(pairs.astype("int32")))[:, 1]
    assert (ids.min(), ids.max()) == (1, 1000)
    counts = np.bincount(ids, minlength=1001)[1:]
    # 90 each, if they fell by chance: within six standard deviations.
    assert abs(counts - 90).max() < 6 * np.sqrt(90)
    swapped = np.asarray(_texts.Bigrams(1000)(pairs[:, ::-1].astype("int32")))[:, 1]
    assert np.mean(ids == swapped) < 0.01


def test_a_bag_by_the_definition():
    model = built("bigram")
    words, pairs, kernel, bias = model.get_weights()
    assert pairs.shape == (51, 3)
    bigrams = np.asarray(_texts.Bigrams(50)(IDS))
    for row, hashed, logits in zip(IDS, bigrams, answers(model, IDS), strict=True):
        n = np.count_nonzero(row)
        mean = sum((words[a] + pairs[b] for a, b in zip(row[:n], hashed[:n], strict=True)), np.zeros(3)) / max(n, 1)
        np.testing.assert_allclose(logits, mean @ kernel + bias, rtol=1e-5)


def test_a_convolution_by_the_definition():
    model = built("cnn")
    words, k3, b3, k4, b4, k5, b5, kernel, bias = model.get_weights()
    for row, logits in zip(IDS, answers(model, IDS), strict=True):
        n, found = np.count_nonzero(row), []
        for phrases, b in ((k3, b3), (k4, b4), (k5, b5)):
            size = len(phrases)
            left = (size - 1) // 2
            x = np.concatenate([np.zeros((left, 6)), words[row[:n]], np.zeros((size, 6))])
            at = [np.tensordot(x[t : t + size], phrases[:, 0], 2) + b for t in range(n)]
            found.append(np.maximum(at, 0).max(0) if n else np.zeros(4))
        np.testing.assert_allclose(logits, np.concatenate(found) @ kernel + bias, rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("cell", ["rnn", "gru", "lstm"])
def test_what_a_recurrent_network_pools(cell):
    networks = [
        models.recurrent_classifier(cell, 2, vocabulary=10, width=3, units=4, pooling=pooling)
        for pooling in ("mean", "max", "last")
    ]
    generator = np.random.default_rng(1)
    weights = [generator.normal(0, 0.5, w.shape) for w in networks[0].get_weights()]
    for network in networks:
        network.set_weights(weights)
    every = networks[0]
    states = answers(keras.Model(every.input, every.get_layer(f"{cell}_1").output), IDS)
    for k, row in enumerate(IDS):
        h = states[k, : np.count_nonzero(row)]
        for network, pool in zip(networks, (lambda h: h.mean(0), lambda h: h.max(0), lambda h: h[-1]), strict=True):
            pooled = pool(h) if len(h) else np.zeros(4)
            np.testing.assert_allclose(
                answers(network, IDS)[k], pooled @ weights[-2] + weights[-1], rtol=1e-5, atol=1e-6
            )


def test_a_pooling_that_there_is_not():
    with pytest.raises(InputError, match="`pooling` must be one of max, mean, last"):
        models.recurrent_classifier("lstm", 2, pooling="sum")


@pytest.mark.parametrize("name", ["bow", "bilstm"])
def test_words_are_dropped_whole(name):
    model = built(name, dropout=0.5)
    ids = np.full((4, 200), 3, "int32")
    vectors = np.asarray(keras.Model(model.input, model.get_layer("drop_words").output)(ids, training=True))
    kept = (vectors != 0).all(-1)
    np.testing.assert_array_equal(kept, (vectors != 0).any(-1))
    assert abs(kept.mean() - 0.5) < 5 * 0.5 / 800**0.5


@pytest.mark.parametrize("name", BUILDERS)
def test_padding_changes_nothing(name):
    model = built(name)
    whole = answers(model, np.pad(IDS, ((0, 0), (0, 30))))
    np.testing.assert_allclose(answers(model, IDS), whole, rtol=1e-5, atol=1e-6)
    for row, logits in zip(IDS, whole, strict=True):
        alone = row[None, : max(np.count_nonzero(row), 1)]
        np.testing.assert_allclose(answers(model, alone)[0], logits, rtol=1e-5, atol=1e-6)
    # Each answers otherwise to other texts, the empty one among them.
    assert len(np.unique(whole.round(5), axis=0)) == 4


@pytest.mark.parametrize("name", BUILDERS)
def test_saved_and_loaded(name, tmp_path):
    model = built(name)
    model.save(tmp_path / "model.keras")
    loaded = keras.models.load_model(tmp_path / "model.keras")
    np.testing.assert_allclose(answers(loaded, IDS), answers(model, IDS), rtol=1e-6)


@pytest.mark.parametrize("name", BUILDERS)
def test_layers_of_either_kind_are_one_network(name):
    ours, theirs = built(name), built(name, layers=keras.layers)
    theirs.set_weights(ours.get_weights())
    np.testing.assert_allclose(answers(ours, IDS), answers(theirs, IDS), rtol=1e-5, atol=1e-6)
    assert {type(layer).__module__.split(".")[0] for layer in theirs.layers} <= {"keras", "tfnotes"}
    names = [[layer.name for layer in model.layers if layer.weights] for model in (ours, theirs)]
    assert names[0] == names[1]
