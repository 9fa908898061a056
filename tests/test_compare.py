"""What `tfnotes compare` measures of a concept: which cases, whose time, and over which."""

import dataclasses
import statistics

import keras
import numpy as np
import pytest

from tfnotes import compare, parity, registry
from tfnotes.errors import InputError
from tfnotes.parity import Result
from tfnotes.registry import Sample


class Clock:
    """Moves on by what a function is said to take."""

    def __init__(self):
        self.now, self.called = 0.0, []

    def __call__(self):
        return self.now

    def takes(self, name, seconds):
        seconds = iter(seconds)

        def function():
            self.called.append(name)
            self.now += next(seconds)

        return function


def test_the_median_of_pairs_and_their_middle_half():
    clock = Clock()
    ours, theirs = clock.takes("ours", [9, 1, 4, 2, 3]), clock.takes("theirs", [1, 1, 1, 1, 1])
    ratio = compare.alternate(ours, theirs, 5, calls=1, clock=clock)
    assert (ratio.median, ratio.low, ratio.high) == (3, 1.5, 6.5)
    assert (ratio.ours_ms, ratio.theirs_ms) == (3000, 1000)
    assert [ratio.low, 3, ratio.high] == statistics.quantiles([1, 2, 3, 4, 9], n=4)


@pytest.mark.parametrize(("seconds", "calls"), [((0.002, 0.001), 5), ((0.001, 0.004), 5), ((9, 8), 1), ((0, 0), 5000)])
def test_a_timing_takes_five_milliseconds_of_the_faster_one(seconds, calls):
    clock = Clock()
    ours, theirs = (clock.takes(name, [s] * 20_000) for name, s in zip(("ours", "theirs"), seconds, strict=True))
    if seconds[0]:
        ratio = compare.alternate(ours, theirs, 2, clock=clock)
        assert ratio.median == pytest.approx(seconds[0] / seconds[1])
        assert (ratio.ours_ms, ratio.theirs_ms) == pytest.approx([1000 * s for s in seconds])
    else:
        with pytest.raises(ZeroDivisionError):
            compare.alternate(ours, theirs, 2, clock=clock)
    assert [clock.called.count(name) for name in ("ours", "theirs")] == [3 + 2 * calls] * 2


@pytest.fixture
def compared(monkeypatch):
    """What `parity` was asked, and differences that it gives in turn."""
    asked, differences = [], iter([0.5, 0.25, 4.0, 2.0, *[0.0] * 99])

    def results(concept, sample, seed, training):
        asked.append((sample, seed, training))
        return Result({"values": np.array([1 + next(differences)])}), Result({"values": np.array([1.0])})

    monkeypatch.setattr(parity, "results", results)
    return asked


def test_every_sample_is_drawn_anew_and_tried_in_training_where_that_is_a_difference(compared):
    layer = dataclasses.replace(registry.find("dense"), samples=(Sample(), Sample(shape=(1,))), exempt={})
    found = compare.differences(layer, cases=2, seed=5)
    assert compared == [(s, seed, t) for s in layer.samples for seed in (5, 6) for t in (False, True)]
    assert found["values"] == pytest.approx(4, rel=0.01)
    compared.clear()
    compare.differences(dataclasses.replace(layer, exempt={"parity in training": "why"}, samples=(Sample(),)))
    assert compared == [(Sample(), seed, False) for seed in range(10)]
    for name, modes in (("relu", 1), ("random_zoom", 2)):
        compared.clear()
        compare.differences(dataclasses.replace(registry.find(name), samples=(Sample(),), exempt={}), 1)
        assert len(compared) == modes


@pytest.mark.parametrize(
    ("name", "timed"),
    [
        ("tanh", {"forward": None, "training step": 1}),
        ("dense", {"forward": None, "training step": 3}),
        ("embedding", {"forward": None, "training step": 1}),
        ("mean_squared_error", {"forward": None, "training step": 1}),
        ("l2", {"forward": None, "training step": 1}),
        ("he_normal", {"forward": None}),
        ("max_norm", {"forward": None}),
        ("exponential_decay", {"forward": None}),
        ("sgd", {"training step": None}),
    ],
)
def test_what_is_timed_of_a_kind(monkeypatch, name, timed):
    asked, clock = [], Clock()
    monkeypatch.setattr(compare, "alternate", lambda *given, **options: asked.append((given, options)))
    found = compare.speed(registry.find(name), pairs=7, seed=3, clock=clock)
    assert list(found) == list(timed)
    for ((ours, theirs, pairs), options), gradients in zip(asked, timed.values(), strict=True):
        assert (pairs, options) == (7, {"clock": clock})
        # A step gives the gradients of the input, where it has one, and of each weight.
        for function in (ours, theirs):
            given = function()
            assert gradients is None or (len(given) == gradients and all(g is not None for g in given))


def test_both_are_timed_on_the_same_numbers_and_ours_comes_first(monkeypatch):
    taken, values = [], {}

    def noted(name, factor):
        return lambda x: taken.append(name) or factor * x

    concept = dataclasses.replace(registry.find("tanh"), target=noted("ours", 1.0))
    monkeypatch.setattr(keras.activations, "tanh", noted("theirs", 2.0))

    def alternate(ours, theirs, pairs, clock):
        taken.clear()
        return ours(), theirs(), list(taken)

    monkeypatch.setattr(compare, "alternate", alternate)
    for seed in (3, 3, 4):
        for name, (ours, theirs, order) in compare.speed(concept, seed=seed).items():
            assert order in (["ours", "theirs"], [])
            ours, theirs = (np.asarray(x[0] if name == "training step" else x) for x in (ours, theirs))
            np.testing.assert_array_equal(2 * ours, theirs)
            values.setdefault(name, []).append(ours)
    for first, again, other in values.values():
        np.testing.assert_array_equal(first, again)
        assert not np.array_equal(first, other)


def test_what_cannot_be_compared(monkeypatch):
    alone = next(c for c in registry.concepts() if c.twin is None)
    sentence = f"compare: `name` must be a concept that Keras has too. Received: {alone.name!r}, which has no twin."
    for measure in (compare.differences, compare.speed):
        with pytest.raises(InputError) as raised:
            measure(alone)
        assert str(raised.value) == sentence
    monkeypatch.setattr(keras.backend, "backend", lambda: "jax")
    with pytest.raises(InputError, match=r"^compare: `KERAS_BACKEND` must be tensorflow for times\. Received: 'jax'"):
        compare.speed(registry.find("tanh"))


@pytest.mark.parametrize(("options", "shape"), [({}, (1, 24, 8)), ({"steps": 3, "units": 2}, (1, 3, 2))])
def test_gates_of_ours_come_first_on_one_sequence(monkeypatch, options, shape):
    seen = []

    def gates(layer, x):
        seen.append((layer, x))
        return {"g": [type(layer).__module__.partition(".")[0]]}

    monkeypatch.setattr(compare.layers, "gates", gates)
    for seed in (5, 5, 6):
        assert compare.gate_activations(registry.find("gru"), seed, **options) == ({"g": "tfnotes"}, {"g": "keras"})
    (ours, x), (theirs, same), *_, (_, other) = seen
    assert x.shape == same.shape == shape
    np.testing.assert_array_equal(x, seen[2][1])
    assert not np.array_equal(x, other)
    for a, b in zip(ours.get_weights(), theirs.get_weights(), strict=True):
        assert a.dtype == "float64"
        np.testing.assert_array_equal(a, b)
    # A layer is used at any weights, not at those that it begins with.
    assert np.std(ours.get_weights()[-1]) > 0.1
