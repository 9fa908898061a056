"""Learning rates: too small, too large, decaying, on functions whose minimum is known."""

import numpy as np
import tensorflow as tf

from tfnotes.experiments._experiment import experiment
from tfnotes.experiments._networks import derivatives
from tfnotes.experiments._verdicts import above, below, decide, near, same
from tfnotes.experiments.figures import curves
from tfnotes.optimizers.sgd import sgd_step
from tfnotes.schedules import ExponentialDecay, InverseTimeDecay, StepDecay


def regression(rng, examples=40, features=5):
    """A least-squares problem: inputs, targets with noise, the curvature's largest eigenvalue."""
    x = rng.normal(size=(examples, features))
    y = x @ rng.normal(size=features) + rng.normal(size=examples)
    return x, y, np.linalg.eigvalsh(x.T @ x / examples)[-1]


def loss(w, x, y):
    return 0.5 * np.mean((x @ w - y) ** 2)


def descend(w, gradient, rate, steps):
    """The weights after each step of plain descent, the start first."""
    path = [w]
    for _ in range(steps):
        path.append(path[-1] + sgd_step(gradient(path[-1]), np.zeros_like(w), rate, 0.0, False)[1].numpy())
    return path


def descends_rule(s):
    return decide(
        {
            "full batch": same(s["rises_full_batch"], 0),
            "one example a step": same(s["rises_stochastic"], 0),
        }
    )


@experiment({"small-rate-always-descends": descends_rule}, kind="optimization", seeds=10)
def small_rate_always_descends(seed, *, steps=150):
    """The share of steps that raise the loss of a least-squares problem, full batch and one example at a time."""
    rng = np.random.default_rng(seed)
    x, y, curvature = regression(rng)
    start = rng.normal(size=x.shape[1])

    def rises(rate, order=None):
        w, before, count = start, loss(start, x, y), 0
        for step in range(steps):
            rows = slice(None) if order is None else [order[step]]
            (g,) = [x[rows].T @ (x[rows] @ w - y[rows]) / len(x[rows])]
            w = w + sgd_step(g, np.zeros_like(w), rate, 0.0, False)[1].numpy()
            after = loss(w, x, y)
            # At the optimum only rounding is left.
            count += after > before * (1 + 1e-12)
            before = after
        return count / steps

    return {
        "steps": steps,
        "rises_full_batch": max(rises(share * 2 / curvature) for share in (0.01, 0.5, 0.95)),
        "rises_beyond_bound": rises(1.05 * 2 / curvature),
        "rises_stochastic": rises(0.01 * 2 / curvature, rng.integers(len(x), size=steps)),
    }


def misses_rule(s):
    return decide(
        {
            "too large misses": above(s["distance_large"], 1),
            "too small never arrives": above(s["share_left_small"], 0.0101),
        }
    )


@experiment({"large-rate-misses": misses_rule}, kind="optimization")
def large_rate_misses(seed, *, curvature=1.0, limit=10_000):
    """Descent on a parabola: the distance left with too large a rate, and the steps that small rates take."""

    def distance(rate, steps):
        return abs(descend(np.ones(1), lambda w: curvature * w, rate, steps)[-1].item())

    def arrives(rate):
        # On a parabola each step multiplies the distance by the same factor.
        factor = distance(rate, 1)
        return int(np.ceil(np.log(0.01) / np.log(factor)))

    found = {f"steps_rate_{rate}": min(arrives(rate), limit) for rate in (0.1, 0.01, 0.001)}
    return found | {
        "distance_large": distance(2.1 / curvature, 100),
        "share_left_small": distance(0.01, found["steps_rate_0.01"]),
    }


def decrease_rule(s):
    return decide(
        {f"rate {rate}": near(s[f"decrease_over_rate_{rate}"], 1, 0.01) for rate in ("0.1", "0.01", "0.001")},
        right=near(s["decrease_over_slope_0.001"], 1, 0.02),
    )


@experiment({"rate-is-the-decrease": decrease_rule}, kind="optimization", seeds=20)
def rate_is_the_decrease(seed):
    """How much one step lowers a least-squares cost, over the rate, and over rate times squared gradient."""
    rng = np.random.default_rng(seed)
    found: dict = {}
    x, y, _ = regression(rng)
    w = rng.normal(0, 3, x.shape[1])
    (g,) = derivatives(lambda v: 0.5 * tf.reduce_mean((tf.linalg.matvec(x, v) - y) ** 2), w)
    for rate in ("0.1", "0.01", "0.001"):
        after = w + sgd_step(g, np.zeros_like(w), float(rate), 0.0, False)[1].numpy()
        decrease = loss(w, x, y) - loss(after, x, y)
        found[f"decrease_over_rate_{rate}"] = decrease / float(rate)
        found[f"decrease_over_slope_{rate}"] = decrease / (float(rate) * g @ g)
    return found


SCHEDULES = {
    "steps": lambda rate, n: StepDecay(rate, n // 8),
    "exponential": lambda rate, n: ExponentialDecay(rate, n // 8, 0.5),
    "inverse": lambda rate, n: InverseTimeDecay(rate, n // 40, 1.0),
    "too_fast": lambda rate, n: ExponentialDecay(rate, 5, 0.5),
}


def decay_rule(s):
    return decide({name: below(s[f"{name}_log10"], -0.3) for name in SCHEDULES})


def decay_figure(axes, samples, parameters):
    names = {"constant": "constant"} | {name: name.replace("_", " ") for name in SCHEDULES}
    curves(axes, samples, names, None, "step / 10", "distance to the optimum")


@experiment({"decay-schedules": decay_rule}, kind="optimization", seeds=30, draw=decay_figure)
def decay_schedules(seed, *, steps=400, rate=0.3, noise=1.0, coordinates=10):
    """The distance that noisy descent on a parabola is left with, under four schedules and a constant rate."""
    rng = np.random.default_rng(seed)
    errors = rng.normal(0, noise, (steps, coordinates))
    found: dict = {}
    for name, make in {"constant": None, **SCHEDULES}.items():
        rates = np.full(steps, rate) if make is None else make(rate, steps)(np.arange(steps)).numpy()
        w, distances = np.full(coordinates, 10.0), []
        for step in range(steps):
            w = w - rates[step] * (w + errors[step])
            distances.append(np.sqrt(np.mean(w**2)))
        found[name] = distances[::10]
        found[f"{name}_last"] = np.mean(distances[-20:])
    return found | {f"{name}_log10": np.log10(found[f"{name}_last"] / found["constant_last"]) for name in SCHEDULES}
