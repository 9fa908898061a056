"""What a configuration names: a run's model is the one of its settings, or is refused."""

import dataclasses
from types import SimpleNamespace

import keras
import numpy as np
import pytest

from tfnotes.data import pipeline
from tfnotes.errors import InputError
from tfnotes.task import Recipe
from tfnotes.training import sharing
from tfnotes.training.cluster import Cluster
from tfnotes.training.config import configure, describe_data
from tfnotes.training.run import Run
from tfnotes.training.setup import Setup


@pytest.fixture
def run(toy, tmp_path):
    return Run.create(
        tmp_path / "run", configure(toy, model="linear") | describe_data(toy.source("patterns")(None))
    )


def dense(size, units):
    return keras.Sequential([keras.Input(size), keras.layers.Flatten(), keras.layers.Dense(units)])


def test_the_model_of_a_run(toy, run):
    built = Setup(run.config).build()
    run.write_model(built)
    model, prepare = run.setup().trained(run)
    assert model.count_params() == built.count_params()
    assert prepare is toy.prepare


# The second has as many weights of the same shapes.
@pytest.mark.parametrize("other", [((28, 28, 1), 9), ((14, 56, 1), 10), ((20, 28, 1), 10)])
def test_another_model_in_its_place(run, other):
    run.write_model(dense(*other))
    with pytest.raises(InputError, match=r"^toy: `model\.keras` must hold the model linear of the run's settings\."):
        run.setup().trained(run)


@pytest.mark.parametrize("name", ["events", "checkpoints"])
def test_a_file_in_the_place_of_a_folder(run, name):
    (run.path / name).write_text("")
    with pytest.raises(InputError, match=f"^Run: `{name}` in .* must be a folder"):
        Run.open(run.path)


def test_the_seed_reaches_the_weights(run):
    found = [Setup({**run.config, "seed": seed}).build().get_weights() for seed in (3, 3, 4)]
    for first, again in zip(*found[:2], strict=True):
        np.testing.assert_array_equal(first, again)
    assert any((first != other).any() for first, other in zip(found[0], found[2], strict=True))


def test_settings_reach_what_learns_the_preparation(toy):
    def scaled(split, *, scale=1, progress=None):
        return lambda x: scale * x

    recipe = Recipe(lambda *, units=3: None, fit=scaled)
    task = dataclasses.replace(toy, models={"scaled": recipe})
    setup = Setup(configure(task, model="scaled", settings=["scale=5", "units=2"]), task)
    # How far it is told is no setting.
    assert setup.config["settings"].keys() == {"units", "scale", "momentum", "decay"}
    assert setup.fitted(None)(2) == setup.fitted(None, progress=print)(2) == 10


def test_a_maker_of_batches_that_knows_no_parts_has_its_batches_cut(toy, run, monkeypatch):
    setup = Setup(run.config)
    split = setup.read().validation
    part = sharing.part(Cluster(["host:1", "host:2"], 1))
    own = list(setup.evaluation_batches(split, toy.prepare, part).as_numpy_iterator())
    monkeypatch.setattr(setup, "_maker", SimpleNamespace(evaluation_batches=pipeline.evaluation_batches))
    for found, expected in zip(
        setup.evaluation_batches(split, toy.prepare, part).as_numpy_iterator(), own, strict=True
    ):
        keras.tree.map_structure(np.testing.assert_array_equal, found, expected)
