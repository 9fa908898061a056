"""The measure that the contracts trust: it must see each kind of difference, and no other."""

import dataclasses

import keras
import numpy as np
import pytest

from tfnotes import compare, parity, registry
from tfnotes._gradients import vjp
from tfnotes.parity import Result
from tfnotes.registry import Sample


def difference(a, b):
    return Result({"values": np.array(a)}).difference(Result({"values": np.array(b)}))["values"]


def test_differences_by_hand():
    assert difference([1.0, 2.0], [1.0, 2.0]) == 0
    # 0.1 against 10 and a thousandth of the largest, 10.
    assert difference([1.0, 10.1], [1.0, 10.0]) == pytest.approx(0.1 / 10.01)
    # A number near 0 is measured against the largest.
    assert difference([0.001, 10.0], [0.0, 10.0]) == pytest.approx(0.1)
    assert difference([np.inf, 1.0], [np.inf, 1.0]) == 0
    assert difference([], []) == 0


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ([1.0, 2.0], [1.0]),
        ([[1.0, 2.0]], [1.0, 2.0]),
        ([1.0, np.nan], [1.0, 2.0]),
        ([1.0, 2.0], [1.0, np.nan]),
        ([np.nan], [np.nan]),
        ([1.0, 2.0], [1.0, np.inf]),
        ([np.inf], [-np.inf]),
        ([1.0], [0.0]),
        ([], [1.0]),
    ],
)
def test_what_cannot_be_equal_differs_by_a_lot(a, b):
    assert difference(a, b) >= 1000


def test_values_and_gradients_by_hand():
    x, y = np.array([1.0, 2.0]), np.array([3.0])
    value, aux, gradients = vjp(
        lambda x, y: (x**2, {"sum": x + y}), [x, y], lambda shape: np.array([1.0, 10.0])
    )
    np.testing.assert_array_equal(value, [1, 4])
    np.testing.assert_array_equal(aux["sum"], [4, 5])
    # What the output doesn't depend on has gradient 0.
    np.testing.assert_array_equal(gradients[0], [2, 40])
    np.testing.assert_array_equal(gradients[1], [0])


class Doubling(keras.layers.BatchNormalization):
    """The twin, wrong in one place."""

    wrong = ""

    def call(self, inputs, training=None):
        x = 1.001 * inputs if self.wrong == "values" else inputs
        if self.wrong == "input gradient":
            x = x + 0.001 * (x - keras.ops.stop_gradient(x))
        y = super().call(x, training=training)
        if self.wrong == "gradient of beta":
            y = y + 0.001 * (self.beta - keras.ops.stop_gradient(self.beta))
        if self.wrong == "moving_mean after":
            self.moving_mean.assign(self.moving_mean * 1.001)
        return y


@pytest.mark.parametrize("wrong", ["", "values", "input gradient", "gradient of beta", "moving_mean after"])
def test_each_array_is_compared(wrong, monkeypatch):
    monkeypatch.setattr(Doubling, "wrong", wrong)
    concept = dataclasses.replace(registry.find("batch_normalization"), target=Doubling)
    ours, theirs = parity.results(concept, Sample({}, (4, 3)), 0)
    found = {name for name, d in ours.difference(theirs).items() if d > 1e-9}
    assert found >= ({wrong} if wrong else set())
    assert len(found) == 0 or wrong
    if wrong in ("gradient of beta", "moving_mean after"):
        assert found == {wrong}


def test_each_case_is_drawn_anew_and_the_worst_one_told(monkeypatch):
    compared, results = [], parity.results

    def noted(*arguments):
        compared.append(results(*arguments))
        return compared[-1]

    monkeypatch.setattr(parity, "results", noted)
    concept = dataclasses.replace(registry.find("elu"), samples=(Sample({}, (4, 3)),))
    found = compare.differences(concept, cases=5)
    assert len({ours.arrays["values"].tobytes() for ours, _ in compared}) == 5
    assert found["values"] == max(ours.difference(theirs)["values"] for ours, theirs in compared)


def test_an_optimizer_is_compared_at_every_step():
    concept = registry.find("sgd")
    right = parity.optimizer(concept.target, Sample({"learning_rate": 0.1}), 0, "float64")
    wrong = parity.optimizer(concept.target, Sample({"learning_rate": 0.1001}), 0, "float64")
    assert len(right.arrays["values"]) == 50
    assert min(wrong.difference(right).values()) > 1e-9


def test_ratios_are_of_timings_taken_in_turn(monkeypatch):
    order = []
    monkeypatch.setattr(
        compare, "_time", lambda function, calls, clock: order.append(function()) or function() * calls
    )
    ratio = compare.alternate(lambda: 3.0, lambda: 2.0, pairs=4, calls=10)
    assert (ratio.median, ratio.low, ratio.high) == (1.5, 1.5, 1.5)
    assert (ratio.ours_ms, ratio.theirs_ms) == (3000, 2000)
    assert order == [3, 2, 2, 3, 3, 2, 2, 3]
