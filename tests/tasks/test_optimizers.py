"""Which optimizer each task trains with, and what it clips."""

import pytest

from tfnotes import task


def made(name, model, **settings):
    return task.load(name).recipe(model).optimizer(0.125, **settings)


@pytest.mark.parametrize(
    ("name", "model", "settings", "kind", "expected"),
    [
        ("imdb", "bow", {"clipnorm": 0.5}, "Adam", {"global_clipnorm": 0.5, "clipnorm": None}),
        ("mnist", "lstm", {"clipnorm": 0.5}, "Adam", {"global_clipnorm": None, "clipnorm": 0.5}),
        ("mnist", "pixel-lstm", {"clipnorm": 0.5}, "Adam", {"global_clipnorm": None, "clipnorm": 0.5}),
        ("adding", "lstm", {"clipnorm": 0.5}, "Adam", {"global_clipnorm": 0.5, "clipnorm": None}),
        ("mnist", "cnn", {"momentum": 0.75}, "SGD", {"momentum": 0.75, "nesterov": False}),
        ("autoencode", "gan", {"beta_1": 0.25}, "Adam", {"beta_1": 0.25, "beta_2": 0.999}),
        ("autoencode", "ae", {}, "Adam", {"beta_1": 0.9}),
        ("autoencode", "rbm", {}, "SGD", {"momentum": 0.0}),
    ],
)
def test_settings_reach_it(name, model, settings, kind, expected):
    optimizer = made(name, model, **settings)
    assert type(optimizer).__name__ == kind
    assert type(optimizer).__module__.startswith("tfnotes.")
    config = optimizer.get_config()
    assert {key: config[key] for key in expected} == expected
    assert float(optimizer.learning_rate) == 0.125
