"""The paths of the page's ravine: what a loop by hand gives, in the list that the page reads."""

import base64
import json

import numpy as np
import pytest

from tfnotes import optimizers
from tfnotes.play.prepared import ravine


def slope(x, y):
    return np.array([0.2 * x, 4 * y])


@pytest.mark.parametrize("nesterov", [False, True])
def test_a_path_is_the_loop_of_momentum_by_hand(nesterov):
    rates = (1 / 32, 1 / 4)
    walked = ravine.descend(optimizers.SGD(1.0, momentum=0.9, nesterov=nesterov), rates, steps=20)
    assert walked.shape == (2, len(ravine.SURFACES), 21, 3)
    for rate, (points, *_) in zip(rates, walked, strict=True):
        w, v = np.array([-5.0, -2.0]), np.zeros(2)
        for x, y, height in points:
            np.testing.assert_allclose([x, y], w, rtol=1e-9, atol=1e-12)
            assert height == pytest.approx(0.1 * w[0] ** 2 + 2 * w[1] ** 2)
            g = slope(*w)
            v = 0.9 * v - rate * g
            w = w + (0.9 * v - rate * g if nesterov else v)


def test_plain_descent_leaves_the_saddle_later_than_momentum():
    plain, quick = (ravine.descend(optimizers.SGD(1.0, momentum=m), (0.03,), 60)[0, 2] for m in (0.0, 0.9))
    assert abs(plain[60, 1]) < 0.1 < 0.9 < abs(quick[60, 1])
    # A gradient of y**3 - y, from 0.01.
    assert plain[1, 1] == pytest.approx(0.01 + 0.03 * (0.01 - 0.01**3))


def test_adams_first_step_is_as_long_as_its_rate_whatever_the_slope():
    points = ravine.descend(optimizers.Adam(1.0), (0.1,), steps=1)[0]
    # Epsilon is next to nothing but beside the saddle's slope of 0.01.
    np.testing.assert_allclose(np.abs(points[:, 1, :2] - points[:, 0, :2]), 0.1, rtol=1e-3)


def test_what_the_page_reads(monkeypatch):
    monkeypatch.setattr(ravine, "RATES", (0.1, 1.0))
    monkeypatch.setattr(ravine, "MOMENTA", (0.0, 0.5))
    monkeypatch.setattr(ravine, "OPTIMIZERS", {name: ravine.OPTIMIZERS[name] for name in ("sgd", "adagrad")})
    found = ravine.data()
    assert json.loads(json.dumps(found))["momenta"] == {"sgd": [0, 0.5], "adagrad": [0]}
    surface = found["surfaces"]["ravine"]
    assert [[len(path) for path in rates] for rates in surface["paths"]["adagrad"]] == [[3 * 61, 3 * 61]]
    plain, gone = surface["paths"]["sgd"][0]
    # 0.2 * x and 4 * y, a tenth of them.
    assert plain[:6] == [-5, -2, 10.5, -4.9, -1.2, 5.28]
    # Half of the first step, and the second one's own.
    assert surface["paths"]["sgd"][1][0][6:8] == [-4.752, -0.32]
    # From -2 a step of 8 leads to 6, the next one to -18: beyond three times the picture.
    assert gone == [-5, -2, 10.5, -4, 6, 73.6]
    levels = np.frombuffer(base64.b64decode(surface["levels"]), "uint8").reshape(surface["grid"])
    assert levels.max() == 23
    assert sorted(np.argwhere(levels == 0).mean(0)) == [49.5, 74.5]
    assert levels[0, 0] == 23
    # The valley bends upwards, so left of it the top is lower than the bottom.
    bent = np.frombuffer(base64.b64decode(found["surfaces"]["rosenbrock"]["levels"]), "uint8").reshape(levels.shape)
    assert bent[0, 0] < bent[-1, 0]


def test_what_the_page_offers():
    assert (ravine.STEPS, ravine.RATES, ravine.MOMENTA) == (
        60,
        (0.003, 0.01, 0.03, 0.1, 0.3, 0.6, 1.0),
        (0.0, 0.5, 0.9, 0.99),
    )
    made = {name: make(0.25, 0.5) for name, make in ravine.OPTIMIZERS.items()}
    configs = {name: optimizer.get_config() for name, optimizer in made.items()}
    assert {name: config["learning_rate"] for name, config in configs.items()} == dict.fromkeys(made, 0.25)
    assert {name: (type(one).__name__, configs[name].get("momentum")) for name, one in made.items()} == {
        "sgd": ("SGD", 0.5), "nesterov": ("SGD", 0.5), "adagrad": ("Adagrad", None), "rmsprop": ("RMSprop", 0.5),
        "adam": ("Adam", None),
    }  # fmt: skip
    assert (configs["sgd"]["nesterov"], configs["nesterov"]["nesterov"]) == (False, True)
    assert configs["adam"]["beta_1"] == 0.5


@pytest.mark.parametrize(
    ("name", "points", "shown"),
    [
        ("ravine", {(1, 1): 2.1, (-5, -2): 10.5, (0, 0): 0}, ((-6, 6), (-4, 4), (-5, -2), (0, 0))),
        ("rosenbrock", {(2, 1): 9.1, (-1, 3): 4.4, (1, 1): 0}, ((-3, 3), (-1, 3), (-1.5, 2), (1, 1))),
        ("saddle", {(2, 1): 1.75, (1, 2): 2.5, (0, 1): -0.25}, ((-2.25, 2.25), (-1.5, 1.5), (1.8, 0.01), (0, 1))),
    ],
)
def test_the_surfaces(name, points, shown):
    surface = ravine.SURFACES[name]
    assert {point: surface.height(*point) for point in points} == pytest.approx(points)
    found = ravine._picture(surface)
    assert tuple(found[key] for key in ("x", "y", "start", "minimum")) == shown
    assert found["grid"] == (100, 150)
    levels = np.frombuffer(base64.b64decode(found["levels"]), "uint8").reshape(100, 150)
    assert set(np.unique(levels)) == set(range(24))
    # The minimum is in the lowest level, and the greatest y is on top.
    x, y = surface.minimum
    row = round(99 * (surface.y[1] - y) / (surface.y[1] - surface.y[0]))
    column = round(149 * (x - surface.x[0]) / (surface.x[1] - surface.x[0]))
    assert levels[row, column] == 0


def test_numbers_of_a_path_are_short():
    points = np.array([[1.23456, -0.00049, 1234.5], [18.0, 12.0, 0.0123456], [18.01, 0, 0], [0, 0, 0]])
    assert ravine._shortened(ravine.SURFACES["ravine"], points) == [1.235, -0.0, 1230.0, 18.0, 12.0, 0.0123]
    lost = np.array([[1.0, 1, 1], [np.nan, 1, 1]])
    assert ravine._shortened(ravine.SURFACES["ravine"], lost) == [1, 1, 1]
