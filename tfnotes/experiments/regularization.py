"""Dropout, batch normalization and maximum norm, without training."""

import itertools

import numpy as np
import tensorflow as tf

from tfnotes.activations import linear, relu
from tfnotes.constraints import MaxNorm
from tfnotes.experiments._experiment import experiment
from tfnotes.experiments._networks import dense, size
from tfnotes.experiments._verdicts import below, decide, same
from tfnotes.layers import BatchNormalization


def ensemble_rule(s):
    return decide({"linear": same(s["linear_difference"]), "ReLU": same(s["relu_difference"])})


@experiment({"dropout-is-ensemble": ensemble_rule}, kind="exact")
def dropout_is_ensemble(seed, *, units=12, rate=0.5):
    """The network that dropout leaves for prediction, against the weighted mean of every thinned network there is."""
    rng = np.random.default_rng(seed)
    x, first, second, last = (rng.normal(size=s) for s in ((5, 4), (4, units), (units, 8), (8, 1)))
    masks = np.array(list(itertools.product([0.0, 1.0], repeat=units)))
    shares = np.prod(np.where(masks == 1, 1 - rate, rate), axis=1)
    found: dict = {"networks": len(masks)}
    for name, activation in (("linear", linear), ("relu", relu)):
        hidden = activation(dense(x, first)).numpy()

        def rest(h, activation=activation):
            return dense(activation(dense(h, second)), last).numpy()

        # Units are dropped in the hidden layer; what is left is scaled up, as `tfnotes.layers.Dropout` does.
        mean = sum(share * rest(hidden * mask / (1 - rate)) for share, mask in zip(shares, masks, strict=True))
        found[f"{name}_difference"] = np.max(np.abs(mean - rest(hidden))) / size(mean)
    return found


def steady_rule(s):
    return decide(
        {
            "mean": below(s["mean_moves"], 0.01),
            "deviation": below(s["deviation_moves"], 0.01),
            "shape": below(s["skew_moves"], 0.1),
        }
    )


@experiment({"bn-steady-input": steady_rule}, kind="dynamics", seeds=50)
def bn_steady_input(seed, *, examples=2000, features=4):
    """How mean, deviation and skewness move behind batch normalization when the layer before changes its outputs."""
    rng = np.random.default_rng(seed)
    before = rng.normal(1, 2, (examples, features))
    after = 5 + 3 * rng.exponential(2, (examples, features))
    norm = BatchNormalization(dtype="float64")
    seen = [norm(x, training=True).numpy() for x in (before, after)]

    def moves(statistic, pair):
        return np.mean(np.abs(statistic(pair[1]) - statistic(pair[0])))

    def mean(x):
        return x.mean(0)

    def deviation(x):
        return x.std(0)

    def skew(x):
        return np.mean(((x - x.mean(0)) / x.std(0)) ** 3, 0)

    return {
        "mean_moves": moves(mean, seen),
        "deviation_moves": moves(deviation, seen),
        "skew_moves": moves(skew, seen),
        "raw_mean_moves": moves(mean, (before, after)),
        "raw_deviation_moves": moves(deviation, (before, after)),
    }


def max_norm_rule(s):
    return decide(
        {
            "no neuron above the bound": same(np.maximum(s["largest_norm"] - s["bound"], 0), 1e-6),
            "directions stay": same(s["direction_off_by"], 1e-9),
            "smaller weights stay": same(s["small_moved"], 1e-6),
        }
    )


@experiment({"max-norm": max_norm_rule}, kind="exact")
def max_norm(seed, *, bound=2.0, inputs=20, units=30):
    """Norms of each neuron's weights under the constraint, their directions, and weights that were small already."""
    rng = np.random.default_rng(seed)
    large = rng.normal(0, 3, (inputs, units))
    directions = large / np.linalg.norm(large, axis=0)
    small = directions * bound / 2
    bounded = np.asarray(MaxNorm(bound)(tf.constant(large)))
    norms = np.linalg.norm(bounded, axis=0)
    return {
        "bound": bound,
        "norm_before": np.max(np.linalg.norm(large, axis=0)),
        "largest_norm": norms.max(),
        "direction_off_by": np.max(np.abs(bounded / norms - directions)),
        "small_moved": np.max(np.abs(np.asarray(MaxNorm(bound)(tf.constant(small))) - small)),
    }
