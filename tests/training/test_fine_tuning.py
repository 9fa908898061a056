"""Fine-tuning: which weights are copied, which stay, and that an interrupted one goes on exactly."""

import dataclasses
import json

import keras
import numpy as np
import pytest

from tfnotes.errors import InputError
from tfnotes.task import Recipe
from tfnotes.training import loop
from tfnotes.training.config import configure, describe_data
from tfnotes.training.run import Run


@pytest.fixture
def train(toy, tmp_path):
    splits = toy.source("patterns")(None)

    def train(name, task=toy, epochs=2, **options):
        config = configure(task, epochs=epochs, **options) | describe_data(splits)
        run = Run.create(tmp_path / name, config)
        loop.train(run, task, splits)
        return run

    return train


def weights(run):
    return {layer.name: layer.get_weights() for layer in run.model().layers}


def same(left, right):
    return all(np.array_equal(a, b) for a, b in zip(left, right, strict=True))


def test_frozen_layers_stay_and_the_others_begin_where_the_run_ended(train):
    source = train("source")
    before = weights(source)
    tuned = weights(train("tuned", source=source.path, freeze=["conv", "norm*"], seed=1))
    # Moving averages are frozen too.
    assert same(tuned["conv"], before["conv"])
    assert same(tuned["normalization"], before["normalization"])
    assert not same(tuned["logits"], before["logits"])
    slow = weights(train("slow", source=source.path, freeze=["conv"], learning_rate=1e-9, seed=1))
    np.testing.assert_allclose(slow["logits"][0], before["logits"][0], atol=1e-6)
    assert not np.array_equal(slow["normalization"][2], before["normalization"][2])


def test_all_layers_that_a_pattern_matches_are_frozen(train):
    source = train("source")
    before = weights(source)
    tuned = weights(train("tuned", source=source.path, freeze=["*o*n*"], seed=1))
    assert {name for name in before if before[name] and same(tuned[name], before[name])} == {"conv", "normalization"}


def test_resumed_exactly_even_without_the_source(toy, train, tmp_path):
    source = train("source")
    options = {"source": source.path, "freeze": ["conv"]}
    whole, broken = train("whole", **options), train("broken", epochs=1, **options)
    (tmp_path / "source").rename(tmp_path / "elsewhere")
    broken.extend(2)
    loop.train(broken, toy, toy.source("patterns")(None))
    assert (whole.path / "metrics.jsonl").read_bytes() == (broken.path / "metrics.jsonl").read_bytes()
    assert json.loads((whole.path / "config.json").read_text())["from"] == str(tmp_path / "source")


def network(*, units=5):
    first, second = (keras.layers.Dense(n, name=name) for n, name in ((4, "first"), (units, "second")))
    logits = keras.layers.Dense(10, name="logits")
    return keras.Sequential([keras.Input((28, 28, 1)), keras.layers.Flatten(), first, second, logits])


def test_layers_of_another_shape_begin_anew(toy, train):
    task = dataclasses.replace(toy, models={"tiny": network})
    source = train("source", task)
    options = {"settings": ["units=7"], "learning_rate": 1e-9, "epochs": 1}
    wide, fresh = weights(train("wide", task, source=source.path, **options)), weights(train("fresh", task, **options))
    np.testing.assert_allclose(wide["first"][0], weights(source)["first"][0], atol=1e-6)
    np.testing.assert_allclose(wide["second"][0], fresh["second"][0], atol=1e-6)
    assert not np.allclose(wide["first"][0], fresh["first"][0], atol=1e-3)


def test_a_preparation_goes_with_the_weights(toy, train):
    fits = []

    def fit(split):
        fits.append(len(split))
        scale = keras.layers.Rescaling(1 / 255)
        return keras.Sequential([keras.Input((28, 28)), scale, keras.layers.Reshape((28, 28, 1))])

    task = dataclasses.replace(toy, models={"tiny": Recipe(toy.models["tiny"], fit=fit)})
    source = train("source", task, epochs=1)
    train("tuned", task, epochs=1, source=source.path)
    assert fits == [320]


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"freeze": ["conv"]}, "toy: `freeze` must come with `from`. Received: conv alone."),
        ({"source": "nowhere"}, "`run` must be a run folder"),
        ({"source": "fresh"}, "toy: `from` must have finished an epoch."),
        ({"source": "other"}, "toy: `from` must be a run of toy. Received: other, one of else."),
        (
            {"source": "source", "freeze": ["dense*"]},
            "must match a layer of conv, normalization, flatten, dropout, logits. Received: 'dense*'.",
        ),
        (
            {"source": "source", "freeze": ["conv"], "settings": ["filters=6"]},
            "`freeze` must match layers that source has too. Received: 'conv'.",
        ),
        (
            {"source": "source", "settings": ["filters=6"]},
            "`from` must be a run of a like network. Received: source, with other layers.",
        ),
    ],
)
def test_bad_sources(toy, train, tmp_path, monkeypatch, options, sentence):
    monkeypatch.chdir(tmp_path)
    source = train("source", epochs=1)
    Run.create(tmp_path / "fresh", source.config)
    Run.create(tmp_path / "other", {**source.config, "task": "else"})
    with pytest.raises(InputError) as error:
        train("tuned", **options)
    assert sentence in str(error.value).replace(f"{tmp_path}/", "")
