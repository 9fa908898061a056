"""What a configuration names: a run's model is the one of its settings, or is refused."""

import dataclasses
from pathlib import Path
from types import SimpleNamespace

import keras
import numpy as np
import pytest

from tfnotes.data import pipeline
from tfnotes.errors import InputError
from tfnotes.task import Defaults, Recipe, Split, Splits
from tfnotes.training import setup as setups
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


SPLIT = Split(np.arange(3), np.arange(3))


def test_which_data_are_read_and_which_of_them_are_measured(toy):
    asked = []

    def source(name):
        return lambda folder: asked.append((name, folder)) or Splits(SPLIT, SPLIT, SPLIT.take([]))

    def select(splits, seed, *, some=1, other=2):
        return dataclasses.replace(splits, train=Split(splits.train.x + seed + some, splits.train.y))

    models = {"m": Recipe(dense, select=select)}
    task = dataclasses.replace(toy, models=models, sources={n: source(n) for n in "ab"}, defaults=Defaults(data="a"))
    setup = Setup(configure(task, seed=10, settings=["some=5"]), task)
    setup.read()
    setup.read("b", "there")
    Setup(configure(task, data_dir="here"), task).read()
    assert asked == [("a", None), ("b", Path("there")), ("a", Path("here").absolute())]
    # Whoever asks knows better than the run where the data are.
    kept = Setup(configure(task, data="b", data_dir="here"), task)
    kept.read(data_dir="there")
    kept.read("a")
    kept.examples("train", data_dir="there")
    assert asked[3:] == [("b", Path("there")), ("a", Path("here").absolute()), ("b", Path("there"))]
    assert setup.examples("train").x.tolist() == [15, 16, 17]
    assert setup.examples("validation", "b", "x") == SPLIT
    assert asked[-1] == ("b", Path("x"))
    with pytest.raises(InputError, match=r"^toy: `split` must hold examples\. Received: 'test', which is empty\.$"):
        setup.examples("test")


def test_a_preparation_is_told_how_far_it_is_only_if_it_takes_that(toy):
    asked = []
    recipes = {
        "tells": Recipe(dense, fit=lambda split, *, progress=None: asked.append(progress)),
        "plain": Recipe(dense, fit=lambda split: asked.append(split)),
        "none": Recipe(dense, prepare=abs),
    }
    task = dataclasses.replace(toy, models=recipes, defaults=Defaults())
    made = {name: Setup(configure(task, model=name), task) for name in recipes}
    for name in ("tells", "plain"):
        made[name].fitted("split", print)
    made["tells"].fitted("split")
    assert asked == [print, "split", None]
    assert made["none"].fitted("split", print) is abs


def test_what_a_model_is_compiled_with(toy, monkeypatch):
    asked, threads = [], []
    monkeypatch.setattr(setups, "use_threads", threads.append)

    def optimizer(learning_rate, *, momentum=0.5):
        asked.append((learning_rate, momentum))
        return keras.optimizers.SGD(1.0)

    loss = keras.losses.MeanSquaredError()
    recipe = Recipe(lambda: dense((2,), 3), optimizer=optimizer, loss=lambda: loss, metrics=list)
    task = dataclasses.replace(toy, models={"m": recipe}, defaults=Defaults(learning_rate=0.25))
    config = {**configure(task, learning_rate_decay=0.5, settings=["momentum=0.125"]), "threads": 7}
    model = Setup(config, task).build()
    assert (asked, threads) == ([(0.25, 0.125)], [7])
    assert (model.loss, model.jit_compile) == (loss, False)
    # One that decays begins with the rate of the first epoch.
    assert float(model.optimizer.learning_rate) == 0.25
    same = Setup({**config, "learning_rate_decay": 1.0}, task).build()
    assert float(same.optimizer.learning_rate) == 1.0
    compiled = {}
    setup = Setup(config, task)
    setup.compile(SimpleNamespace(compile=lambda *given, **options: compiled.update(options, given=given)), "o")
    assert compiled == {"given": ("o",), "loss": loss, "metrics": None, "jit_compile": False}


@pytest.mark.parametrize("part", [None, Cluster(["host:1", "host:2"], 0)], ids=["alone", "shared"])
@pytest.mark.parametrize("targets", ["labels", "inputs", None])
def test_towards_what_a_model_is_trained(toy, targets, part):
    task = dataclasses.replace(toy, models={"m": Recipe(dense, targets=targets)}, defaults=Defaults(batch_size=4))
    setup = Setup(configure(task), task)
    split = Split(np.arange(4.0), np.arange(10, 14))
    cut = sharing.part(part) if part else None
    (batch,) = setup.evaluation_batches(split, lambda x: x, cut).as_numpy_iterator()
    found = [x.tolist() for x in (batch if isinstance(batch, tuple) else (batch,)) if not isinstance(x, dict)]
    x, y = ([0.0, 1.0], [10, 11]) if part else ([0.0, 1.0, 2.0, 3.0], [10, 11, 12, 13])
    assert found == {"labels": [x, y], "inputs": [x, x], None: [x]}[targets]
    assert isinstance(batch, tuple) == (targets is not None or part is not None)
    if part:
        assert {name: int(value) for name, value in batch[-1].items()} == {"mine": 2, "first": 0, "rows": 4}


@pytest.mark.parametrize("error", [ValueError, TypeError, OverflowError])
def test_what_a_model_says_of_a_setting_is_one_sentence(toy, error):
    def build():
        raise error("too wide\nat line 3")

    task = dataclasses.replace(toy, models={"m": Recipe(build)}, defaults=Defaults())
    with pytest.raises(InputError) as raised:
        Setup(configure(task), task).build()
    assert str(raised.value) == "toy: the options must suit the model and the optimizer. too wide"
    own = dataclasses.replace(task, models={"m": Recipe(lambda: (_ for _ in ()).throw(InputError("toy: no")))})
    with pytest.raises(InputError, match=r"^toy: no$"):
        Setup(configure(own), own).build()
