"""The partition function: estimated, exact, and by a sum over everything."""

import itertools

import keras
import numpy as np

from tests.models.test_rbm import energies, machine
from tfnotes.models.annealing import data_bias, exact_log_partition, log_partition


def test_the_exact_one_is_the_sum_over_all_states():
    for seed in range(3):
        model = machine(seed)
        summed = np.log(np.exp(-energies(model)).sum())
        np.testing.assert_allclose(exact_log_partition(model), summed, rtol=1e-5)


def larger(seed, scale):
    """8 pixels, 12 units: too many to be a toy, few enough to be summed."""
    from tfnotes.models.rbm import RBM

    model = RBM((8,), keras.layers.Dense(12, activation="sigmoid"))
    rng = np.random.default_rng(seed)
    for weight in model.weights_learned:
        weight.assign(rng.normal(size=weight.shape, scale=scale))
    return model


def test_annealing_finds_it():
    for seed, scale in itertools.product(range(2), (0.5, 1.5)):
        model = larger(seed, scale)
        bias = np.random.default_rng(9).normal(size=8)
        estimate, error = log_partition(model, bias, keras.random.SeedGenerator(seed), chains=400, steps=300)
        assert 0 < float(error) < 0.2
        assert abs(float(estimate) - float(exact_log_partition(model))) < 5 * float(error)


def test_the_weights_themselves_are_averaged():
    # Few steps spread the weights, so that their logarithms' mean lies far below.
    model = larger(0, 1.5)
    estimate, error = log_partition(model, np.zeros(8), keras.random.SeedGenerator(0), chains=50_000, steps=4)
    assert float(error) < 0.1
    assert abs(float(estimate) - float(exact_log_partition(model))) < 5 * float(error)


def test_nothing_to_anneal_is_exact():
    model = larger(0, 1.0)
    model.layer.kernel.assign(np.zeros((8, 12)))
    model.layer.bias.assign(np.zeros(12))
    estimate, error = log_partition(model, model.visible_bias, keras.random.SeedGenerator(0), chains=10, steps=5)
    assert float(error) < 1e-5
    np.testing.assert_allclose(estimate, exact_log_partition(model), rtol=1e-6)


def test_biases_of_the_data():
    x = np.array([[0.0, 1.0], [1.0, 1.0]])
    bias = np.asarray(data_bias(x, 2))
    np.testing.assert_allclose(bias, [0, np.log(2.05 / 0.05)], rtol=1e-5, atol=1e-6)
