"""Softmax, Maxout, and what a weight of zero says about its feature."""

import numpy as np
import tensorflow as tf

from tfnotes.activations import sigmoid, softmax
from tfnotes.experiments._experiment import experiment
from tfnotes.experiments._networks import dense, derivatives, pieces
from tfnotes.experiments._verdicts import above, decide, same
from tfnotes.layers import Dense, Maxout
from tfnotes.losses import MeanSquaredError


@experiment({"softmax-example": lambda s: decide({"rounded to cents": same(s["off_by"], 0.005)})}, kind="exact")
def softmax_example(seed):
    """Softmax of the note's three numbers, against the three that it gives."""
    y = softmax(tf.constant([[1.2, 0.9, 0.75]], tf.float64)).numpy()[0]
    first, second, third = y
    return {"first": first, "second": second, "third": third, "off_by": np.max(np.abs(y - [0.42, 0.31, 0.27]))}


def alike_rule(s):
    return decide(
        {
            "two classes": same(s["two_classes_difference"]),
            "sums to one": same(s["sum_off_by"]),
            "sigmoid divided by its sum": same(s["normalized_sigmoid_difference"]),
        }
    )


@experiment({"softmax-is-like-sigmoid": alike_rule}, kind="exact")
def softmax_is_like_sigmoid(seed, *, draws=1000, classes=5):
    """Softmax of two classes against sigmoid; of more classes, against sigmoid divided by its sum."""
    z = tf.constant(np.random.default_rng(seed).normal(0, 3, (draws, classes)))
    two, all_, each = softmax(z[:, :2]), softmax(z), sigmoid(z).numpy()
    return {
        "two_classes_difference": np.max(np.abs(two[:, 0] - sigmoid(z[:, 0] - z[:, 1]))),
        "sum_off_by": np.max(np.abs(all_.numpy().sum(-1) - 1)),
        "normalized_sigmoid_difference": np.max(np.abs(all_ - each / each.sum(-1, keepdims=True))),
    }


def maxout_rule(s):
    return decide(
        {
            "two pieces": bool(s["lines_with_2_pieces"][0] == 2),
            "two lines at five pieces": bool(s["lines_with_5_pieces"][0] == 2),
            "linear": same(s["not_additive_by"]),
            "more parameters": above(s["parameters_with_2"] / s["parameters_of_dense"], 1),
        }
    )


def maxout_figure(axes, samples, parameters):
    x = np.linspace(-3, 3, samples["two"].shape[1])
    axes.plot(x, samples["two"][0], label="2 pieces")
    axes.plot(x, samples["five"][0], label="5 pieces")
    axes.set_xlabel("x")


@experiment({"maxout-two-lines": maxout_rule}, kind="exact", draw=maxout_figure)
def maxout_two_lines(seed, *, points=6001, inputs=20, units=10):
    """How many straight lines a Maxout unit of one input is made of, whether it adds up, its parameters."""
    x = np.linspace(-3, 3, points)[:, None]

    def unit(pieces):
        layer = Maxout(1, pieces=pieces, dtype="float64")
        layer.build((None, 1))
        # Tangents of a parabola: each is the largest somewhere.
        at = np.linspace(-2, 2, pieces)
        layer.set_weights([at[None], -(at**2) / 2])
        return layer

    def count(layer):
        layer.build((None, inputs))
        return layer.count_params()

    two, five = (unit(k)(x).numpy()[:, 0] for k in (2, 5))
    additive = unit(2)(x + 1).numpy() - unit(2)(x).numpy() - unit(2)(np.ones((1, 1))).numpy()
    return {
        "lines_with_2_pieces": pieces(two),
        "lines_with_5_pieces": pieces(five),
        "not_additive_by": np.max(np.abs(additive)),
        "parameters_of_dense": count(Dense(units)),
        "parameters_with_2": count(Maxout(units, pieces=2)),
        "parameters_with_5": count(Maxout(units, pieces=5)),
        "two": two,
        "five": five,
    }


def insignificant_rule(s):
    cases = {name: same(s[f"{name}_explains"], 1e-9) for name in ("additive", "interacting", "copied")}
    return decide(cases)


@experiment({"zero-weight-insignificant": insignificant_rule}, kind="exact")
def zero_weight_insignificant(seed):
    """Three linear models whose best weight of the first feature is 0, and how much that feature explains."""
    corners = np.array([[a, b] for a in (-1.0, 1.0) for b in (-1.0, 1.0)])
    copies = corners[:, [1, 1]]
    labels = {"additive": 3 * corners[:, 1], "interacting": corners.prod(-1), "copied": 3 * corners[:, 1]}
    weights = {"additive": [0, 3], "interacting": [0, 0], "copied": [0, 3]}
    found: dict = {}
    for name, y in labels.items():
        x = copies if name == "copied" else corners
        (gradient,) = derivatives(
            lambda w, x=x, y=y: MeanSquaredError(reduction="sum", dtype="float64")(y[:, None], dense(x, w)),
            np.array(weights[name], float)[:, None],
        )
        alone, lost = explained(y, x[:, :1]), explained(y, x) - explained(y, x[:, 1:])
        found |= {f"{name}_gradient": np.max(np.abs(gradient)), f"{name}_explains": max(alone, lost)}
    return found


def explained(y, features):
    """The share of a label's variance that a table over these features explains."""
    groups = [y[(features == row).all(-1)] for row in np.unique(features, axis=0)]
    return 1 - sum(len(g) * g.var() for g in groups) / (len(y) * y.var())
