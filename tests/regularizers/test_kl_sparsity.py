"""KL sparsity against numbers worked by hand, the two-coin formula in NumPy, and central differences."""

import keras
import numpy as np
import pytest

from tfnotes import regularizers
from tfnotes._gradients import vjp
from tfnotes.regularizers import KLSparsity


def penalty_of_coins(a, rho, beta):
    """By the definition of the divergence: the sum over a coin's two sides of p * log(p / q)."""
    total = 0.0
    for unit in np.moveaxis(a, -1, 0):
        q = unit.mean()
        total += sum(p * np.log(p / r) for p, r in ((rho, q), (1 - rho, 1 - q)))
    return beta * total


def value(regularizer, a):
    return float(regularizer(keras.ops.convert_to_tensor(a)))


@pytest.mark.parametrize("shape", [(6, 5), (3, 2, 2, 4)])
def test_equals_the_divergence_of_coins_times_the_batch(shape):
    a = np.random.default_rng(0).uniform(size=shape)
    expected = shape[0] * penalty_of_coins(a, 0.2, 1.5)
    assert value(KLSparsity(rho=0.2, beta=1.5), a) == pytest.approx(expected, rel=1e-12)


def test_hand_worked_number():
    # Mean 1/2, target 1/4: 1/4 log(1/2) + 3/4 log(3/2) = 0.25 * -0.693147 + 0.75 * 0.405465 = 0.130812.
    assert value(KLSparsity(rho=0.25, beta=1.0), [[0.25], [0.75]]) == pytest.approx(2 * 0.130812, abs=1e-6)


def test_is_zero_at_the_target_and_positive_on_both_sides():
    around = [value(KLSparsity(rho=0.05), np.full((4, 3), mean)) for mean in (0.01, 0.05, 0.2)]
    assert around[1] == pytest.approx(0, abs=1e-12)
    assert around[0] > 0.01
    assert around[2] > 0.01


def test_gradient_equals_central_differences():
    regularizer, h = KLSparsity(rho=0.1, beta=2.0), 1e-6
    a = np.random.default_rng(1).uniform(0.1, 0.9, size=(4, 3))
    _, _, (gradient,) = vjp(lambda a: (regularizer(a), ()), [a], lambda shape: np.ones(shape))
    for index in np.ndindex(a.shape):
        up, down = a.copy(), a.copy()
        up[index] += h
        down[index] -= h
        central = (value(regularizer, up) - value(regularizer, down)) / (2 * h)
        assert gradient[index] == pytest.approx(central, rel=1e-6)


@pytest.mark.parametrize("batch", [2, 8])
def test_a_layers_loss_is_the_equation_whatever_the_batch(batch):
    layer = keras.layers.Activation("sigmoid", activity_regularizer=KLSparsity(rho=0.2, beta=1.5))
    x = np.random.default_rng(2).normal(size=(batch, 3)).astype("float32")
    a = np.asarray(layer(x))
    (loss,) = layer.losses
    assert float(loss) == pytest.approx(penalty_of_coins(a, 0.2, 1.5), rel=1e-4)


def test_dead_units_cost_much_and_stay_finite():
    assert 0.5 < value(KLSparsity(rho=0.05, beta=1.0), np.zeros((1, 1))) < 1
    assert np.isfinite(value(KLSparsity(), np.ones((2, 2))))


def test_refuses_a_vector_and_is_found_by_name():
    with pytest.raises(ValueError, match="KLSparsity: `x` must be of shape"):
        KLSparsity()(keras.ops.ones((3,)))
    assert isinstance(regularizers.get("kl_sparsity"), KLSparsity)


@pytest.mark.parametrize("rho", [0, 1])
def test_a_target_of_0_or_1_has_no_logarithm_and_is_refused(rho):
    with pytest.raises(ValueError, match="KLSparsity: `rho` must be a finite number above 0 and below 1"):
        KLSparsity(rho=rho)
