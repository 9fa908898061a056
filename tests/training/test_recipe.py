"""Recipes: targets, rules of their own, preparations that learn, selected data, layers of either kind."""

import dataclasses
import json

import keras
import numpy as np
import pytest
from keras import layers, ops

import tfnotes.layers
from tfnotes.errors import InputError
from tfnotes.task import Recipe, Split, Splits
from tfnotes.training import loop
from tfnotes.training.config import configure, describe_data
from tfnotes.training.run import Run
from tfnotes.training.setup import Setup


def autoencoder(*, units=5):
    inputs = keras.Input((28, 28, 1))
    code = layers.Dense(units)(layers.Flatten()(inputs))
    return keras.Model(inputs, layers.Reshape((28, 28, 1))(layers.Dense(784)(code)))


@keras.saving.register_keras_serializable("tests")
class Means(keras.Model):
    """Learns the mean of its inputs by a rule of its own, with a seed generator and two optimizers."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.mean = self.add_weight(shape=(28, 28, 1), name="mean")
        self.noise = keras.random.SeedGenerator(1)
        self.second = keras.optimizers.Adam(0.01)
        self.second.build([self.mean])

    @property
    def optimizers(self):
        return [self.optimizer, self.second]

    def call(self, x):
        return x - self.mean

    def train_step(self, x):
        gradient = self.mean - ops.mean(x, 0) + keras.random.normal(self.mean.shape, seed=self.noise)
        self.second.apply([gradient], [self.mean])
        return {"distance": ops.mean(ops.square(gradient))}

    def test_step(self, x):
        return {"distance": ops.mean(ops.square(self.mean - ops.mean(x, 0)))}


def means():
    model = Means()
    model(np.zeros((1, 28, 28, 1)))
    return model


def standardized(split, *, epsilon=1e-3):
    """A preparation that learns: the mean and the variance of each pixel of the training split."""
    scale = layers.Normalization(axis=(1, 2))
    scale.adapt(split.x.astype("float32") + epsilon)
    return keras.Sequential([keras.Input((28, 28)), scale, layers.Reshape((28, 28, 1))])


def some(splits, seed, *, examples=100):
    few = np.random.default_rng(seed).permutation(len(splits.train))[:examples]
    return dataclasses.replace(splits, train=Split(splits.train.x[few], splits.train.y[few]))


def namespaced(*, layers=tfnotes.layers):
    return keras.Sequential([keras.Input((28, 28, 1)), layers.Flatten(), layers.Dense(10)])


@pytest.fixture
def train(toy, tmp_path):
    """Trains one recipe of a task like `toy` for two epochs, at once or with a break; gives task and run."""

    def train(recipe, name="run", broken=False, **options):
        task = dataclasses.replace(toy, models={"tiny": recipe})
        splits = task.source("patterns")(None)
        config = configure(task, **{"epochs": 1 if broken else 2, **options}) | describe_data(splits)
        run = Run.create(tmp_path / name, config)
        loop.train(run, task, splits)
        if broken:
            run.extend(2)
            loop.train(run, task, splits)
        return task, run

    return train


def assert_exact(train, recipe, **options):
    (_, whole), (_, broken) = train(recipe, "whole", **options), train(recipe, "broken", broken=True, **options)
    for name in ("metrics.jsonl", "test.json"):
        assert (whole.path / name).read_bytes() == (broken.path / name).read_bytes()
    left, right = (dict(np.load(r.path / "checkpoints" / "epoch-0002" / "variables.npz")) for r in (whole, broken))
    assert left.keys() == right.keys()
    assert all(np.array_equal(left[key], right[key]) for key in left)
    return whole


def nothing(look):
    return []


MSE = {"loss": keras.losses.MeanSquaredError, "metrics": list, "shows": nothing}


def test_inputs_as_targets(toy, train):
    run = assert_exact(train, Recipe(autoencoder, targets="inputs", **MSE))
    test = toy.source("patterns")(None).test
    x = ops.convert_to_numpy(toy.prepare(test.x))
    error = np.mean((run.model().predict(x, verbose=0) - x) ** 2)
    assert run.test() == {"loss": pytest.approx(error, rel=1e-4), "examples": 80}


def test_a_rule_of_its_own(toy, train):
    run = assert_exact(train, Recipe(means, targets=None, loss=lambda: None, metrics=list, shows=nothing))
    assert set(run.metrics()[0]) == {"epoch", "distance", "val_distance", "learning_rate"}
    assert set(run.test()) == {"distance", "examples"}
    # Both moments and the count of the second optimizer are among what a checkpoint keeps.
    stored = np.load(run.path / "checkpoints" / "epoch-0002" / "variables.npz")
    assert sorted(int(v) for v in stored.values() if v.shape == ())[-1] == 10
    loaded = run.model()
    np.testing.assert_array_equal(loaded.mean, stored["variable-0000"])


def test_a_preparation_that_learns(toy, train):
    task, run = train(Recipe(namespaced, fit=standardized))
    x = toy.source("patterns")(None).train.x
    prepared = ops.convert_to_numpy(run.prepare(task.recipe("tiny"))(x))
    assert prepared.shape == (320, 28, 28, 1)
    np.testing.assert_allclose(prepared.mean(0), 0, atol=1e-4)
    np.testing.assert_allclose(prepared.std(0), 1, rtol=1e-3)
    assert run.config["settings"]["epsilon"] == 1e-3
    (run.path / "preparation.keras").write_bytes(b"no archive")
    with pytest.raises(InputError, match=r"preparation\.keras is damaged"):
        run.prepare(task.recipe("tiny"))


def test_a_preparation_is_read_back_not_fitted_again(train):
    fits = []

    def once(split):
        fits.append(len(split))
        return standardized(split)

    assert_exact(train, Recipe(namespaced, fit=once))
    assert fits == [320, 320]


def test_selected_data(toy, train):
    seen = []

    def fit(split):
        seen.append(split.x)
        return standardized(split)

    train(Recipe(namespaced, select=some, fit=fit), settings=["examples=30"], seed=4)
    expected = some(toy.source("patterns")(None), 4, examples=30).train.x
    np.testing.assert_array_equal(seen[0], expected)


def test_evaluation_selects_as_training_does(toy):
    def first(splits, seed, *, examples=7):
        return dataclasses.replace(splits, test=Split(splits.test.x[:examples], splits.test.y[:examples]))

    task = dataclasses.replace(toy, models={"tiny": Recipe(namespaced, select=first)})
    assert len(Setup(configure(task), task).examples("test")) == 7


def test_layers_of_either_kind(train):
    models = {}
    for kind in ("tfnotes", "keras"):
        _, run = train(namespaced, kind, layers=kind)
        assert json.loads((run.path / "config.json").read_text())["layers"] == kind
        models[kind] = run
        assert type(run.model().layers[-1]).__module__.startswith(kind)
    # The same network from the same seed: figures agree, though not to the last bit.
    ours, theirs = (models[kind].metrics()[-1] for kind in ("tfnotes", "keras"))
    assert ours["loss"] == pytest.approx(theirs["loss"], rel=0.5)


def test_a_model_without_a_twin(toy):
    with pytest.raises(InputError, match=r"`layers` must be tfnotes for tiny, which has no twin. Received: 'keras'"):
        configure(toy, layers="keras")
    with pytest.raises(InputError, match=r"`layers` must be one of tfnotes, keras"):
        configure(toy, layers="torch")


def test_a_recipes_defaults(toy):
    task = dataclasses.replace(toy, models={"tiny": Recipe(namespaced, defaults={"epochs": 9, "batch_size": 8})})
    config = configure(task)
    assert (config["epochs"], config["batch_size"], config["learning_rate"]) == (9, 8, 0.02)
    assert configure(task, epochs=3)["epochs"] == 3


def test_the_fingerprint_of_texts():
    def fingerprint(*texts):
        split = Split(np.array(texts, object), np.zeros(len(texts), int))
        return describe_data(Splits(split, split, split))["fingerprint"]

    assert fingerprint(b"ab", b"c") == fingerprint(b"ab", b"c")
    assert len({fingerprint(*t) for t in ((b"ab", b"c"), (b"a", b"bc"), (b"ab", b"d"), (b"abc", b""))}) == 4
