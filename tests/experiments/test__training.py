"""How experiments train and draw: by the seed, without an example twice in a batch, with dropout, tested as trained."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from tfnotes.experiments import _experiment, _networks, _training, digits, generalization, memory, pretraining, run
from tfnotes.initializers import GlorotUniform
from tfnotes.layers import Dense, Dropout

X, Y = np.arange(20.0, dtype="float32")[:, None], np.arange(20) % 10


def test_a_batch_holds_no_example_twice(monkeypatch):
    def distinct(model, optimizer, weights, x, y):
        return tf.cast(tf.size(tf.unique(x[:, 0])[0]), tf.float32)

    monkeypatch.setattr(_training, "_descend", distinct)
    for batch, size in ((16, 16), (64, 20), (None, 20)):
        seen = []
        model = keras.Sequential([Dense(10)])
        _training.train(model, X, Y, steps=9, seed=1, batch=batch, each=lambda _, n, seen=seen: seen.append(n))
        assert seen == [size] * 9


def test_dropout_drops_in_training_alone():
    model = keras.Sequential([Dropout(1.0), Dense(10)])
    losses = []
    _training.train(model, X, Y, steps=1, seed=1, rate=1e-9, each=lambda _, loss: losses.append(loss))
    # Nothing is left of the inputs, so that all classes are alike.
    assert losses == pytest.approx([np.log(10)])
    assert np.ptp(np.asarray(model(X))) > 1


def test_copies_of_a_digit_have_its_label(monkeypatch):
    """Digits that are one gray each, by which they are known; a change leaves the darker half darker."""
    x = np.linspace(0.1, 0.9, 6, dtype="float32")[:, None] * np.ones(784, "float32")
    y, seen = np.arange(6), []

    def train(model, rows, labels, **options):
        seen.append((rows, labels))

    monkeypatch.setattr(generalization, "train", train)
    monkeypatch.setattr(generalization, "accuracy", lambda model, x, y: 0.5)
    monkeypatch.setattr(generalization, "some", lambda *_: (x, y, x, y))
    _experiment.find("augmented").measure(0, copies=3, steps=1, units=2)
    assert len(seen) == 4
    for rows, labels in seen:
        assert len(rows) == len(labels) == 4 * 6
        middle = rows.reshape(-1, 28, 28)[:, 14, 14]
        assert np.array_equal(labels[:6], y)
        assert np.corrcoef(middle, labels)[0, 1] > 0.5
    rows, labels = seen[0]
    np.testing.assert_allclose(rows[:, 0], x[labels, 0])


def test_penalties_count_in_training():
    def norm(penalty):
        layer = Dense(10, kernel_initializer="ones", kernel_regularizer=keras.regularizers.L2(penalty))
        _training.train(keras.Sequential([layer]), X / 20, Y, steps=20, seed=1, rate=0.1)
        return np.linalg.norm(layer.kernel)

    assert norm(1.0) < 0.1 * norm(0.0)


def test_layers_have_weights_of_their_own():
    first, second = (np.asarray(k) for k in _networks.kernels(GlorotUniform, [4, 4, 4], np.random.default_rng(0)))
    assert not np.allclose(first, second)
    again, _ = _networks.kernels(GlorotUniform, [4, 4, 4], np.random.default_rng(0))
    np.testing.assert_array_equal(first, again)


def test_weights_follow_the_seed(monkeypatch):
    def measure(seed):
        return {"drawn": float(keras.random.normal(()))}

    made = _experiment.Experiment("made-up", measure, {}, "exact", 3, None)
    monkeypatch.setattr(_experiment, "find", lambda name: made)
    drawn = [run._one("made-up", {}, seed)["drawn"] for seed in (1, 2, 1)]
    assert drawn[0] == drawn[2] != drawn[1]


@pytest.mark.parametrize(
    ("module", "name", "small"),
    [
        (digits, "raw-pixels", {"steps": 1, "units": 2}),
        (digits, "hidden-activations", {"steps": 1, "units": 2}),
        (memory, "rnn-ten-steps", {"steps": 1, "units": 2, "examples": 20}),
    ],
)
def test_what_is_tested_is_scaled_as_what_was_trained_on_and_isnt_it(monkeypatch, module, name, small):
    seen = {}

    def train(model, x, y, **options):
        seen[id(model)] = x
        return model

    def accuracy(model, x, y):
        trained = seen[id(model)]
        assert not np.shares_memory(x, trained)
        assert np.abs(x).max() == pytest.approx(np.abs(trained).max(), rel=0.5)
        return 0.5

    monkeypatch.setattr(module, "train", train)
    monkeypatch.setattr(module, "accuracy", accuracy)
    some = np.random.default_rng(0).uniform(0, 1, (2, 30, 784)).astype("float32")
    monkeypatch.setattr(module, "digits", lambda: (some[0], np.arange(30) % 10, some[1], np.arange(30) % 10), False)
    assert _experiment.find(name).measure(0, **small)
    assert seen


def test_few_and_all_labels_begin_from_the_same_weights(monkeypatch):
    begun = []

    def train(model, x, y, **options):
        begun.append([np.asarray(w) for w in model.weights if w.dtype == "float32"])
        for weight in model.trainable_weights:
            weight.assign_add(keras.ops.ones_like(weight))
        return model

    monkeypatch.setattr(pretraining, "train", train)
    monkeypatch.setattr(pretraining, "accuracy", lambda *arguments: 0.5)
    _experiment.find("layers-of-rbms").measure(0, units="4-3", pretrain=0, steps=1)
    assert len(begun) == 5
    for few, all_ in (begun[:2], begun[2:4]):
        for a, b in zip(few, all_, strict=True):
            np.testing.assert_array_equal(a, b)


def test_what_is_tested_is_scaled_as_what_was_learned(monkeypatch):
    x, y = np.random.default_rng(0).uniform(size=(40, 784)).astype("float32"), np.arange(40) % 10
    learned, tested = [], []
    monkeypatch.setattr(pretraining, "labelled", lambda *_: (x, y, x + 3, y, np.arange(30)))
    monkeypatch.setattr(pretraining, "train", lambda model, x, y, **options: learned.append(x))
    monkeypatch.setattr(pretraining, "accuracy", lambda model, x, y: tested.append(x) or 0.5)
    _experiment.find("codes").measure(0, units="4-2", epochs=1, steps=1)
    # Of the pixels, with all labels.
    np.testing.assert_allclose(tested[-1] - learned[-1], 3 / x.std(), rtol=1e-3)


def test_the_rate_is_chosen_by_the_validation_split(monkeypatch):
    """The rate that does better there is worse on the test split, and it is what counts."""
    x, _, test_x, _ = _training.digits()
    held_x, _ = _training.validation_digits()
    assert len(held_x) == 400
    assert not {row.tobytes() for row in held_x} & {row.tobytes() for row in (*x, *test_x)}
    right = {(0.1, 400): 0.6, (0.5, 400): 0.7, (0.1, 1000): 0.9, (0.5, 1000): 0.8}
    monkeypatch.setattr(digits, "train", lambda model, x, y, *, rate, **options: rate)
    monkeypatch.setattr(digits, "accuracy", lambda rate, x, y: right[rate, len(x)])
    assert set(_experiment.find("hidden-activations").measure(0).values()) == {0.8}


def test_the_nearest_mean_and_neighbour_are_the_nearest(monkeypatch):
    rng = np.random.default_rng(0)
    # Of many lengths: the longest ones have the largest products with all others.
    x = rng.uniform(size=(60, 784)) * rng.uniform(0.5, 2, size=(60, 1))
    y = np.arange(60) % 10
    means = np.stack([x[y == digit].mean(0) for digit in range(10)])
    expected = np.mean(np.linalg.norm(x[:, None] - means, axis=2).argmin(1) == y)
    monkeypatch.setattr(generalization, "some", lambda *_: (x, y, x, y))
    monkeypatch.setattr(generalization, "train", lambda model, *_, **options: model)
    monkeypatch.setattr(generalization, "accuracy", lambda *_: 0.5)
    found = _experiment.find("more-data").measure(0, units=2)
    assert found == {
        f"{name}_{examples}": pytest.approx(value)
        for name, value in (("means", expected), ("neighbour", 1), ("network", 0.5))
        for examples in (900, 3600)
    }
