"""The perceptron rule by hand; it converges where a line separates the classes, and never on XOR."""

import keras
import numpy as np
import pytest

from tfnotes import layers
from tfnotes._gradients import vjp
from tfnotes.layers.perceptron import perceptron

CORNERS = np.array([[0, 0], [0, 1], [1, 0], [1, 1]], "float32")
TRUTH = {"and": [0, 0, 0, 1], "or": [0, 1, 1, 1], "nand": [1, 1, 1, 0], "xor": [0, 1, 1, 0]}


def unit(rate=0.5, features=2, **arguments):
    """One perceptron, whose update is rate * 2 * (t - y) * x."""
    model = keras.Sequential([keras.Input((features,)), layers.Perceptron(**arguments)])
    # A learning rate of 1/2 makes up for the 2 of the squared error's derivative.
    model.compile(keras.optimizers.SGD(rate), "mean_squared_error")
    return model


def by_the_rule(x, t, epochs):
    """The rule as the paper has it: weights after each pass over the examples, one after the other."""
    w, b, path = np.zeros(x.shape[1]), 0.0, []
    for _ in range(epochs):
        for x_n, t_n in zip(x, t, strict=True):
            y = float(x_n @ w + b > 0)
            w, b = w + (t_n - y) * x_n, b + (t_n - y)
        path.append([*w, b])
    return path


def epoch(model, x, t):
    """One pass, an example at a time."""
    for n in range(len(x)):
        model.train_on_batch(x[n : n + 1], np.reshape(t[n : n + 1], (1, 1)).astype("float32"))
    kernel, bias = model.get_weights()
    return [*kernel[:, 0], *bias]


def test_first_updates_by_hand():
    # AND from zero: only (1, 1) is mistaken, so w = (1, 1), b = 1. Then (0, 0) is, so b = 0; and (0, 1), so
    # w = (1, 0), b = -1.
    model = unit()
    assert epoch(model, CORNERS, TRUTH["and"]) == [1, 1, 1]
    model.train_on_batch(CORNERS[:1], np.zeros((1, 1)))
    model.train_on_batch(CORNERS[1:2], np.zeros((1, 1)))
    kernel, bias = model.get_weights()
    assert [*kernel[:, 0], *bias] == [1, 0, -1]


@pytest.mark.parametrize("name", TRUTH)
def test_follows_the_rule_of_the_paper(name):
    model, t = unit(), np.array(TRUTH[name])
    assert [epoch(model, CORNERS, t) for _ in range(8)] == by_the_rule(CORNERS, t, 8)


@pytest.mark.parametrize("name", ["and", "or", "nand"])
def test_converges_on_what_a_line_separates(name):
    model, t = unit(), np.array(TRUTH[name])
    model.fit(CORNERS, t[:, None].astype("float32"), batch_size=1, epochs=12, verbose=0, shuffle=False)
    np.testing.assert_array_equal(np.asarray(model(CORNERS))[:, 0], t)
    before = model.get_weights()
    epoch(model, CORNERS, t)
    assert all(np.array_equal(a, b) for a, b in zip(before, model.get_weights(), strict=True))


def test_never_learns_xor():
    model, t = unit(), np.array(TRUTH["xor"])
    seen = []
    for _ in range(12):
        assert np.mean(np.asarray(model(CORNERS))[:, 0] == t) <= 0.75
        seen.append(tuple(epoch(model, CORNERS, t)))
    # The weights come back to where they have been, so it goes round for ever.
    assert len(set(seen)) < len(seen)


def test_makes_at_most_novikoffs_number_of_mistakes():
    rng = np.random.default_rng(0)
    w = np.array([0.6, -0.8])
    x = rng.uniform(-1, 1, (400, 2))
    x = x[np.abs(x @ w) > 0.2].astype("float32")[:60]
    t = (x @ w > 0).astype("float32")
    model, mistakes = unit(use_bias=False), 0
    for _ in range(20):
        for n in range(len(x)):
            mistakes += int(np.asarray(model(x[n : n + 1]))[0, 0] != t[n])
            model.train_on_batch(x[n : n + 1], t[n : n + 1, None])
        if np.array_equal(np.asarray(model(x))[:, 0], t):
            break
    np.testing.assert_array_equal(np.asarray(model(x))[:, 0], t)
    assert mistakes <= np.square(x).sum(axis=1).max() / 0.2**2


def test_units_learn_on_their_own():
    model = unit(units=3, rate=1.5)
    t = np.array([TRUTH[name] for name in ("and", "or", "nand")], "float32").T
    model.fit(CORNERS, t, batch_size=1, epochs=12, verbose=0, shuffle=False)
    np.testing.assert_array_equal(model(CORNERS), t)


def test_values_are_zeros_and_ones_however_large_the_sum():
    x = keras.ops.array([[1e8], [1e-30], [0.0], [-3e7]], "float32")
    y = perceptron(x, keras.ops.ones((1, 1)), None)
    np.testing.assert_array_equal(y, [[1], [1], [0], [0]])


@pytest.mark.parametrize("dtype", ["float16", "float32", "float64"])
def test_a_sum_that_overflows_is_on_or_off_and_learns_on(dtype):
    largest = np.finfo(dtype).max
    x = np.array([[largest, largest], [-largest, -largest], [np.nan, 0]], dtype)
    kernel = np.ones((2, 1), dtype)
    y, _, (dx, dkernel) = vjp(lambda x, k: (perceptron(x, k, None), ()), [x, kernel], np.ones)
    np.testing.assert_array_equal(y, [[1], [0], [np.nan]])
    np.testing.assert_array_equal(dx, np.ones((3, 2)))
    assert np.isnan(dkernel[0, 0])
    if keras.backend.backend() == "tensorflow":
        # PyTorch's product doesn't sum the two largest numbers, of either sign, to nothing.
        assert dkernel[1, 0] == 0
