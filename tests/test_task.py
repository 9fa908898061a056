"""What a task says reaches its recipes, and what a recipe says goes before it."""

import dataclasses

import pytest

from tfnotes import task
from tfnotes.errors import InputError
from tfnotes.task import Defaults, Recipe, Task

FUNCTIONS = ("optimizer", "loss", "metrics", "endpoints", "prepare", "fit", "select", "shows", "measure")


def made(**options):
    options = {"sources": {"d": print, "e": print}, "models": {"m": print, "n": len}, **options}
    return Task("small", ("a",), **options)


def one(*arguments, **options):
    """Stands for any function."""


def other(*arguments, **options):
    """Stands for another."""


def test_the_defaults():
    assert dataclasses.asdict(Defaults()) == {
        "model": None,
        "data": None,
        "epochs": 10,
        "batch_size": 32,
        "learning_rate": 0.001,
        "learning_rate_decay": 1.0,
    }
    assert made().defaults == Defaults("m", "d")
    chosen = made(title="Small things", defaults=Defaults("n", "e", epochs=3))
    assert (chosen.title, chosen.defaults) == ("Small things", Defaults("n", "e", epochs=3))


@pytest.mark.parametrize("name", [*FUNCTIONS, "batches"])
def test_a_recipe_goes_before_the_task_and_the_task_before_nothing(name):
    found = made(models={"m": len, "n": Recipe(len, **{name: other})}, **{name: one})
    assert getattr(found.recipe("m"), name) is one
    assert getattr(found.recipe("n"), name) is other
    assert (found.recipe("m").build, found.recipe("m").targets) == (len, "labels")


def test_a_recipes_defaults_are_its_own():
    models = {"m": Recipe(len, targets="inputs", defaults={"epochs": 7, "learning_rate": 0.5}), "n": len}
    found = made(models=models, defaults=Defaults(batch_size=9))
    assert found.recipe("m").defaults == Defaults("m", "d", 7, 9, 0.5)
    assert found.recipe("n").defaults == found.defaults == Defaults("m", "d", batch_size=9)
    assert found.recipe("m").targets == "inputs"


def test_settings_are_what_is_taken_by_keyword_alone():
    def build(a=1, *, units=3, layers=None):
        return a, units, layers

    def optimizer(rate, *, momentum=0.9):
        return rate, momentum

    def fit(split, *, words=10, progress=None):
        return split, words, progress

    def select(splits, seed, *, examples=5):
        return splits, seed, examples

    recipe = Recipe(build, optimizer=optimizer, fit=fit, select=select)
    assert recipe.settings() == {"units": 3, "momentum": 0.9, "words": 10, "examples": 5}
    assert (recipe.takes_layers(), recipe.tells_progress()) == (True, True)
    plain = Recipe(lambda *, units=3: units, fit=lambda split: split)
    assert (plain.takes_layers(), plain.tells_progress(), Recipe(print).tells_progress()) == (False, False, False)
    assert task.chosen(build, {"units": 4, "a": 2, "layers": 0, "momentum": 1}) == {"units": 4}


@pytest.mark.parametrize("name", [*FUNCTIONS, "reject", "decode", "picture"])
def test_what_is_no_function_is_refused_and_may_be_left_out(name):
    with pytest.raises(InputError, match=rf"^small: `{name}` must be a function. Received: {name}=5\.$"):
        made(**{name: 5})
    if name in ("optimizer", "loss", "metrics"):
        with pytest.raises(InputError, match=rf"^small: `{name}` must be a function. Received: {name}=None\.$"):
            made(**{name: None})
    else:
        assert getattr(made(**{name: None}), name) is None


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"sources": {"d": Recipe(print)}}, r"^small: `sources\['d'\]` must be a function"),
        ({"models": {}}, "^small: `models` must be a dict with one entry at least"),
        ({"sources": [("d", print)]}, "^small: `sources` must be a dict with one entry at least"),
        ({"defaults": None}, "^small: `defaults` must be a tfnotes.task.Defaults"),
    ],
)
def test_other_declarations_that_cannot_be_right(options, sentence):
    with pytest.raises(InputError, match=sentence):
        made(**options)
    with pytest.raises(InputError, match=r"^Task: `name` must be a text\."):
        Task(5, (), {"d": print}, {"m": print})


def test_what_is_not_there_is_said_with_what_is():
    found = made()
    assert (found.source("e"), found.recipe("n").build) == (print, len)
    for ask, argument, known in ((found.source, "data", "d, e"), (found.recipe, "model", "m, n")):
        for name in ("x", None, ["d"]):
            with pytest.raises(InputError) as raised:
                ask(name)
            assert str(raised.value) == f"small: `{argument}` must be one of {known}. Received: {name!r}."
