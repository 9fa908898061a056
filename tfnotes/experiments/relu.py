"""ReLU and leaky ReLU: corner, zeros, death, growth."""

import numpy as np
import tensorflow as tf

from tfnotes.activations import leaky_relu, relu
from tfnotes.experiments._experiment import experiment
from tfnotes.experiments._networks import deep, dense, derivatives, kernels, sizes, slope
from tfnotes.experiments._verdicts import above, below, decide, same
from tfnotes.experiments.figures import curves
from tfnotes.initializers import GlorotNormal, HeNormal


def corner_rule(s):
    return decide({"at 0": above(s["gap_at_0"], 0.5), "elsewhere": above(s["gap_elsewhere"], 1e-6)})


@experiment({"relu-nondifferentiable": corner_rule}, kind="exact")
def relu_nondifferentiable(seed, *, points=2001):
    """ReLU's slopes from the left and from the right, at 0 and on a grid around it."""
    x = np.linspace(-5, 5, points)
    x = x[np.abs(x) > 1e-9]
    # Steps that are powers of two, and smaller than any x here, divide without rounding much.
    h = 2.0**-20

    def gap(at):
        left = (relu(tf.constant(at)) - relu(tf.constant(at - h))) / h
        right = (relu(tf.constant(at + h)) - relu(tf.constant(at))) / h
        return np.max(np.abs(right - left))

    return {"gap_at_0": gap(np.zeros(1)), "gap_elsewhere": gap(x), "framework_slope_at_0": slope(relu, np.zeros(1))[0]}


def sparse_rule(s):
    return decide(
        {
            "sums about 0": above(s["zeros_at_start"], 0.4),
            "negative sums give 0": same(s["off_where_negative"], 0),
            "biases of 2 deviations": above(s["zeros_with_biases"], 0.4),
        }
    )


@experiment({"relu-sparse": sparse_rule}, kind="dynamics", seeds=20)
def relu_sparse(seed, *, depth=5, width=128):
    """The share of zeros among all units of a deep ReLU network, with biases of 0 and with large ones."""
    rng = np.random.default_rng(seed)
    x, matrices = rng.normal(size=(200, width)), kernels(HeNormal, [width] * (depth + 1), rng)
    plain = deep(x, matrices, relu)[0]
    # He's weights keep the mean square, and so the deviation of the sums at root 2.
    biased = deep(x, matrices[:1], relu, [np.full(width, 2 * 2**0.5)])[0]
    sums = dense(x, matrices[0]).numpy()
    return {
        "zeros_at_start": np.mean([np.mean(o == 0) for o in plain]),
        "zeros_with_biases": np.mean([np.mean(o == 0) for o in biased]),
        "off_where_negative": np.max(np.abs(plain[0][sums < 0])),
    }


def dead_rule(s):
    return decide(
        {
            "its only example negative": same(s["moved_alone"], 0),
            "another example positive": same(s["moved_with_other"], 0) or below(s["sum_after"], 0),
        }
    )


@experiment({"relu-dead-once-negative": dead_rule}, kind="exact")
def relu_dead_once_negative(seed, *, steps=200, rate=0.1):
    """One ReLU unit trained on an example with a negative sum; then with a second example whose sum is positive."""
    first, other = np.array([[1.0, 0.0]]), np.array([[1.0, 2.0]])
    start, target = np.array([[-0.3], [1.0]]), 5.0

    def trained(x):
        w = start
        for _ in range(steps):
            (g,) = derivatives(lambda k: (relu(dense(x, k)) - target) ** 2 / len(x), w)
            w = w - rate * g
        return w

    alone, both = trained(first), trained(np.r_[first, other])
    return {
        "steps": steps,
        "moved_alone": np.max(np.abs(alone - start)),
        "moved_with_other": np.max(np.abs(both - start)),
        "sum_before": (first @ start).item(),
        "sum_after": (first @ both).item(),
    }


def grows_rule(s):
    return decide(
        {
            "Glorot": above(s["glorot_log10"], 1),
            "He": above(s["he_log10"], 1),
            "twice He": above(s["twice_he_log10"], 1),
        }
    )


def grows_figure(axes, samples, parameters):
    names = {"glorot": "Glorot", "he": "He", "twice_he": "twice He"}
    curves(axes, samples, names, None, "layer", "root mean square of its outputs")


@experiment({"relu-grows": grows_rule}, kind="dynamics", seeds=20, draw=grows_figure)
def relu_grows(seed, *, depth=20, width=128):
    """The amplitude after each layer of a deep ReLU network, with three sizes of initial weights."""
    rng = np.random.default_rng(seed)
    x, widths = rng.normal(size=(100, width)), [width] * (depth + 1)
    he = kernels(HeNormal, widths, rng)
    found = {
        "glorot": sizes(deep(x, kernels(GlorotNormal, widths, rng), relu)[0]),
        "he": sizes(deep(x, he, relu)[0]),
        "twice_he": sizes(deep(x, [2 * k for k in he], relu)[0]),
    }
    return found | {f"{name}_log10": np.log10(curve[-1] / curve[0]) for name, curve in found.items()}


def leaky_rule(s):
    return decide({"every x": above(s["least_slope"], 0), "and at 0": above(s["slope_at_0"], 0)})


@experiment({"leaky-never-zero": leaky_rule}, kind="exact")
def leaky_never_zero(seed, *, points=10_001):
    """The least slope of leaky ReLU over numbers of every size, and at 0."""
    sizes_ = np.logspace(-300, 300, points)
    found = slope(leaky_relu, np.r_[-sizes_, sizes_])
    return {
        "least_slope": found.min(),
        "largest_slope": found.max(),
        "slope_at_0": slope(leaky_relu, np.zeros(1))[0],
        "least_slope_of_relu": slope(relu, -sizes_).min(),
    }
