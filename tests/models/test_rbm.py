"""An RBM of 3 + 3 units against sums over all its 64 states."""

import itertools
from importlib import import_module

import keras
import numpy as np
import pytest
from keras import layers

from tfnotes.models.rbm import RBM, rbm, statistics

STATES = np.array(list(itertools.product((0.0, 1.0), repeat=3)))
N = 200_000


def machine(seed=0, visible=3, activation="sigmoid", **options):
    model = RBM((visible,), layers.Dense(3, activation=activation), seed=seed, **options)
    rng = np.random.default_rng(seed)
    for weight in model.weights_learned:
        weight.assign(rng.normal(size=weight.shape))
    return model


def energies(model):
    """E(v, h) for all v (rows) and h (columns), by loops."""
    kernel, c, b = (np.asarray(w, "float64") for w in model.weights_learned)
    table = np.empty((8, 8))
    for (m, v), (n, h) in itertools.product(enumerate(STATES), enumerate(STATES)):
        pairs = sum(v[i] * kernel[i, j] * h[j] for i in range(3) for j in range(3))
        table[m, n] = -sum(b * v) - sum(c * h) - pairs
    return table


def turn_of(model):
    """The matrix of one turn from h to h: sum_v p(v | h) p(h' | v), and p(h | v), both from the energies alone."""
    joint = np.exp(-energies(model))
    h_given_v, v_given_h = joint / joint.sum(1, keepdims=True), (joint / joint.sum(0)).T
    return v_given_h, h_given_v


def expected(distribution, h_given_v):
    """What `statistics` gives on average, with v so distributed and h its expectations."""
    h = h_given_v @ STATES
    return [np.einsum("n,ni,nj->ij", distribution, STATES, h), distribution @ h, distribution @ STATES]


def data(seed=1):
    p = np.random.default_rng(seed).dirichlet(np.ones(8))
    rows = np.random.default_rng(seed).choice(8, N, p=p)
    return STATES[rows].astype("float32"), np.bincount(rows, minlength=8) / N


def assert_expected(received, wanted, n=N):
    # Each figure is a mean of n numbers from 0 to 1, or the difference of two.
    for a, b in zip(received, wanted, strict=True):
        np.testing.assert_allclose(a, b, atol=5 * 0.5 / n**0.5, rtol=0)


def test_the_free_energy_is_the_sum_over_hidden_states():
    model = machine()
    summed = -np.log(np.exp(-energies(model)).sum(1))
    np.testing.assert_allclose(model.free_energy(STATES.astype("float32")), summed, rtol=1e-5)


def test_conditionals_are_those_of_the_joint():
    model = machine()
    v_given_h, h_given_v = turn_of(model)
    x = STATES.astype("float32")
    np.testing.assert_allclose(model.hidden(x), h_given_v @ STATES, rtol=1e-5)
    np.testing.assert_allclose(keras.ops.sigmoid(model.visible(x)), v_given_h @ STATES, rtol=1e-5)


def test_statistics():
    v, h = np.array([[1.0, 0.0], [1.0, 1.0]]), np.array([[0.5], [1.0]])
    kernel, c, b = statistics(v, h)
    assert np.asarray(kernel).tolist() == [[0.75], [0.5]]
    assert (np.asarray(c).tolist(), np.asarray(b).tolist()) == ([0.75], [1.0, 0.5])


@pytest.mark.parametrize("k", [1, 2, 5])
def test_cd_k_has_its_exact_expectation(k):
    model = machine(k=k, binarize=False)
    # Large weights mix slowly, so that each turn counts.
    model.layer.kernel.assign(3 * model.layer.kernel)
    x, p = data()
    v_given_h, h_given_v = turn_of(model)
    q = p
    for _ in range(k):
        q = q @ h_given_v @ v_given_h
    wanted = [n - m for n, m in zip(expected(q, h_given_v), expected(p, h_given_v), strict=True)]
    gradients, _ = model.gradients(x)
    assert_expected(gradients, wanted)
    # A turn more is told from none, or the proof would be an empty one.
    more = expected(q @ h_given_v @ v_given_h, h_given_v)
    wrong = [n - m for n, m in zip(more, expected(p, h_given_v), strict=True)]
    assert max(np.abs(w - r).max() for w, r in zip(wanted, wrong, strict=True)) > 5 * 0.5 / N**0.5


def test_statistics_are_of_expected_hidden_units(monkeypatch):
    model, seen = machine(k=1, binarize=False), []

    def kept(v, h):
        seen.append((v, h))
        return statistics(v, h)

    monkeypatch.setattr(import_module("tfnotes.models.rbm"), "statistics", kept)
    model.gradients(data()[0])
    assert len(seen) == 2
    for v, h in seen:
        np.testing.assert_allclose(h, model.hidden(v), rtol=1e-6)


def test_the_cost_is_of_a_reconstruction_from_units_that_were_drawn(monkeypatch):
    model, drawn = machine(k=1, binarize=False), []
    draw = model.draw

    def kept(h, random):
        drawn.append(draw(h, random))
        return drawn[-1]

    monkeypatch.setattr(model, "draw", kept)
    x = STATES.astype("float32")
    _, cost = model.gradients(x)
    p = 1 / (1 + np.exp(-np.asarray(model.visible(drawn[0]), "float64")))
    assert float(cost) == pytest.approx(-np.mean(np.sum(x * np.log(p) + (1 - x) * np.log(1 - p), 1)), rel=1e-5)
    assert set(np.unique(drawn[0])) == {0.0, 1.0}


def test_many_turns_give_the_gradient_of_the_likelihood():
    model = machine(k=60, binarize=False)
    x, p = data()
    kernel, c, b = (np.asarray(w, "float64") for w in model.weights_learned)

    def loss(kernel, c, b):
        free = -STATES @ b - np.logaddexp(0, STATES @ kernel + c).sum(1)
        return p @ free + np.log(np.exp(-free).sum())

    wanted, step = [], 1e-5
    for number, array in enumerate((kernel, c, b)):
        slope = np.empty_like(array)
        for index in np.ndindex(array.shape):
            ends = []
            for sign in (1, -1):
                moved = [w.copy() for w in (kernel, c, b)]
                moved[number][index] += sign * step
                ends.append(loss(*moved))
            slope[index] = (ends[0] - ends[1]) / (2 * step)
        wanted.append(slope)
    assert_expected(model.gradients(x)[0], wanted)


def test_chains_go_on_from_batch_to_batch():
    model = machine(k=1, chains=N, binarize=False)
    x, p = data()
    v_given_h, h_given_v = turn_of(model)
    # All chains begin with all units off, the first of the states.
    h = np.eye(8)[0]
    for _ in range(3):
        q = h @ v_given_h
        h = q @ h_given_v
        wanted = [n - m for n, m in zip(expected(q, h_given_v), expected(p, h_given_v), strict=True)]
        assert_expected(model.gradients(x)[0], wanted)


def test_pixels_are_drawn_anew_if_asked_for():
    x = np.full((N, 3), [0.0, 0.25, 1.0], "float32")
    model = machine(k=1)
    p = np.array([np.prod(np.where(s == 1, x[0], 1 - x[0])) for s in STATES])
    v_given_h, h_given_v = turn_of(model)
    q = p @ h_given_v @ v_given_h
    wanted = [n - m for n, m in zip(expected(q, h_given_v), expected(p, h_given_v), strict=True)]
    assert_expected(model.gradients(x)[0], wanted)


def test_the_pseudo_likelihood_on_average():
    model = machine()
    joint = np.exp(-energies(model)).sum(1)
    v = 5
    exact = 0.0
    for i in range(3):
        flipped = v ^ (4 >> i)
        exact += np.log(joint[v] / (joint[v] + joint[flipped]))
    x = np.tile(STATES[v], (N, 1)).astype("float32")
    drawn = np.asarray(model.pseudo_likelihood(x, keras.random.SeedGenerator(0)))
    assert abs(drawn.mean() - exact) < 5 * drawn.std() / N**0.5


def test_gaussian_units():
    model = machine(activation="linear", binarize=False)
    kernel, c, b = (np.asarray(w, "float64") for w in model.weights_learned)
    grid = np.linspace(-12, 12, 4001)
    summed = []
    for v in STATES:
        ways = [np.exp(-((grid - c[j]) ** 2) / 2 + (v @ kernel[:, j]) * grid) for j in range(3)]
        summed.append(-v @ b - sum(np.log(w.sum() * (grid[1] - grid[0])) for w in ways))
    constant = -1.5 * np.log(2 * np.pi)
    np.testing.assert_allclose(model.free_energy(STATES.astype("float32")) + constant, summed, rtol=1e-4, atol=1e-4)
    drawn = np.asarray(model.draw(model.hidden(np.tile(STATES[3], (N, 1)).astype("float32")), model.random))
    np.testing.assert_allclose(drawn.mean(0), STATES[3] @ kernel + c, atol=5 / N**0.5)
    np.testing.assert_allclose(drawn.var(0), 1, atol=5 * 2**0.5 / N**0.5)


def test_long_chains_forget_where_they_began():
    model = machine()
    joint = np.exp(-energies(model))
    draws = np.asarray(model.sample(50_000, keras.random.SeedGenerator(0), turns=60))
    p_v = joint.sum(1) / joint.sum()
    np.testing.assert_allclose(draws.mean(0), p_v @ STATES, atol=5 * 0.5 / 50_000**0.5)


def test_draws_begin_at_the_chains_that_training_left():
    model = machine(chains=2)
    model.layer.kernel.assign(4 * model.layer.kernel)
    model.chain.assign(STATES[[1, 6]])
    v_given_h, _ = turn_of(model)
    wanted = v_given_h[[1, 6]] @ STATES
    draws = np.asarray(model.sample(1000, keras.random.SeedGenerator(0), turns=1))
    nearest = np.abs(draws[:, None] - wanted).sum(-1).argmin(1)
    np.testing.assert_allclose(draws, wanted[nearest], atol=1e-5)
    assert abs(nearest.mean() - 0.5) < 5 * 0.5 / 1000**0.5


def test_learning_raises_the_likelihood():
    keras.utils.set_random_seed(0)
    x, p = data()
    model = rbm((3,), units=3, k=3, binarize=False)
    model.compile(keras.optimizers.SGD(0.5))

    def likelihood():
        joint = np.exp(-energies(model)).sum(1)
        return p @ np.log(joint / joint.sum())

    before = likelihood()
    model.fit(x[:4000], epochs=10, batch_size=100, verbose=0)
    entropy = p @ np.log(p)
    assert before < likelihood() - 0.5 * (entropy - before)
