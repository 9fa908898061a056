"""Optimization on functions whose answer is known: momentum, clipping, costs."""

import numpy as np
import tensorflow as tf

from tfnotes.clipping import clip_by_norm
from tfnotes.experiments._experiment import experiment
from tfnotes.experiments._verdicts import below, decide, same
from tfnotes.losses import BinaryCrossentropy, MeanSquaredError
from tfnotes.optimizers.sgd import sgd_step

CONDITIONS = (10, 100, 1000)


def momentum_rule(s):
    cases = {
        f"{name} at condition {c}": below(s[f"{name}_{c}"] / s[f"plain_{c}"], 0.9)
        for c in CONDITIONS
        for name in ("momentum", "nesterov")
    }
    return decide(cases | {"momentum 0.99 at condition 10": below(s["too_much_10"] / s["plain_10"], 0.9)})


def momentum_figure(axes, samples, parameters):
    for name, label in (("plain", "plain"), ("momentum", "momentum"), ("nesterov", "Nesterov")):
        axes.loglog(CONDITIONS, [samples[f"{name}_{c}"][0] for c in CONDITIONS], "o-", label=label)
    axes.set_xlabel("condition number")
    axes.set_ylabel("steps to a thousandth of the distance")


@experiment({"momentum-faster": momentum_rule}, kind="optimization", draw=momentum_figure)
def momentum_faster(seed, *, limit=6000):
    """Steps to a thousandth of the distance on quadratics of three condition numbers, each at its best rate."""

    def steps(condition, rate, momentum=0.0, nesterov=False):
        curvature = tf.constant(np.geomspace(1 / condition, 1, 10))
        w, v, taken = tf.ones(10, tf.float64), tf.zeros(10, tf.float64), 0
        while taken < limit and tf.norm(w) > 1e-3 * 10**0.5:
            v, change = sgd_step(curvature * w, v, tf.constant(rate, tf.float64), momentum, nesterov)
            w, taken = w + change, taken + 1
        return taken

    found: dict = {}
    for c in CONDITIONS:
        root = c**0.5
        found |= {
            f"plain_{c}": steps(c, 2 / (1 + 1 / c)),
            f"momentum_{c}": steps(c, 4 / (1 + 1 / root) ** 2, ((root - 1) / (root + 1)) ** 2),
            f"nesterov_{c}": steps(c, 1.0, (root - 1) / (root + 1), True),
        }
    return found | {"too_much_10": steps(10, 1.0, 0.99)}


def clipping_rule(s):
    return decide(
        {
            "x ** 4 from far away": below(s["quartic_clipped"], 1),
            "a parabola with too large a rate": below(s["parabola_clipped"], 0.01),
        }
    )


@experiment({"clipping-cures": clipping_rule}, kind="optimization")
def clipping_cures(seed, *, steps=500):
    """Where descent ends with and without clipping: on a function with steep walls, on one that is steep throughout."""

    def ends(gradient, start, rate, norm):
        w, path = np.array([start]), []
        for _ in range(steps):
            g = gradient(w)
            w = w - rate * (g if norm is None else clip_by_norm(tf.constant(g), norm).numpy())
            path.append(abs(w[0]))
            if path[-1] > 1e12:
                return path[-1]
        return np.mean(path[-100:])

    return {
        "quartic_plain": ends(lambda w: 4 * w**3, 10.0, 0.05, None),
        "quartic_clipped": ends(lambda w: 4 * w**3, 10.0, 0.05, 1.0),
        "parabola_plain": ends(lambda w: 50 * w, 10.3, 0.05, None),
        "parabola_clipped": ends(lambda w: 50 * w, 10.3, 0.05, 1.0),
    }


def mse_rule(s):
    return decide({"one output": same(s["one_output_difference"]), "ten outputs": same(s["ten_outputs_difference"])})


@experiment({"mse-formula": mse_rule}, kind="exact")
def mse_formula(seed, *, examples=64):
    """The note's formula against `MeanSquaredError`, with one output and with ten."""
    rng = np.random.default_rng(seed)
    found: dict = {}
    for name, outputs in (("one_output", 1), ("ten_outputs", 10)):
        y, a = rng.normal(size=(2, examples, outputs))
        mean, formula = float(MeanSquaredError(dtype="float64")(y, a)), np.sum((y - a) ** 2) / examples
        found |= {f"{name}_difference": abs(mean - formula), f"{name}_ratio": formula / mean}
    return found


def crossentropy_rule(s):
    return decide(
        {
            "targets from 0 to 1": same(s["probabilities_off_by"], 1e-3),
            "targets from 0 to 100": same(s["amounts_off_by"], 1e-3),
        }
    )


@experiment({"regression-cross-entropy": crossentropy_rule}, kind="optimization")
def regression_cross_entropy(seed, *, points=1001, examples=50):
    """The constant that cross-entropy likes best, for targets that are probabilities and for amounts."""
    rng = np.random.default_rng(seed)
    shares = rng.uniform(0.2, 0.6, examples)
    amounts = rng.uniform(0, 100, examples)

    def best(function, targets, candidates):
        losses = [float(function(targets[None], np.full((1, examples), c))) for c in candidates]
        return candidates[int(np.argmin(losses))]

    entropy, squared = BinaryCrossentropy(dtype="float64"), MeanSquaredError(dtype="float64")
    inside = np.append(np.linspace(0.001, 0.999, points), shares.mean())
    amounts_best = best(entropy, amounts, inside)
    whole = np.append(np.linspace(0, 100, points), amounts.mean())
    return {
        "probabilities_off_by": abs(best(entropy, shares, inside) - shares.mean()),
        "amounts_best": amounts_best,
        "amounts_mean": amounts.mean(),
        "amounts_off_by": abs(amounts_best - amounts.mean()),
        "amounts_squared_off_by": abs(best(squared, amounts, whole) - amounts.mean()),
    }
