"""Batch renormalization (Ioffe 2017): training sees what inference will.

A batch's statistics are corrected towards slow averages. With s = sqrt(variance + epsilon), and averages of it in
place of those of the variance:

    r = s / slow_s                       clipped to [rmin, rmax]
    d = (mean - slow_mean) / slow_s      clipped to [-dmax, dmax]
    y = gamma * ((x - mean) / s * r + d) + beta

No gradient passes r and d.
"""

import math

import keras
from keras import ops

from tfnotes import _checks


def corrections(mean, deviation, slow_mean, slow_deviation, clipping):
    """Batch renormalization's `(r, d)`, which bring a batch's statistics to the slow averages.

    Args:
        mean, deviation: of the batch.
        slow_mean, slow_deviation: their averages.
        clipping: a dict with bounds `rmin`, `rmax` and `dmax`, each of which may be left out or None.

    Returns:
        Two tensors of that shape; no gradient passes.
    """
    rmin, rmax, dmax = (clipping.get(name) for name in ("rmin", "rmax", "dmax"))
    r, d = deviation / slow_deviation, (mean - slow_mean) / slow_deviation
    r = r if rmin is None else ops.maximum(r, rmin)
    r = r if rmax is None else ops.minimum(r, rmax)
    d = d if dmax is None else ops.clip(d, -dmax, dmax)
    return ops.stop_gradient(r), ops.stop_gradient(d)


def fresh(initializer):
    """A copy of an initializer, which draws for another weight what a seed gave the first."""
    return initializer.clone() if isinstance(initializer, keras.initializers.Initializer) else initializer


def bounds_of(owner, bounds):
    """None, or a dict of bounds that don't contradict each other."""
    if bounds is None:
        return None
    known = isinstance(bounds, dict) and set(bounds) <= {"rmin", "rmax", "dmax"}
    given = {name: bound for name, bound in bounds.items() if bound is not None} if known else {}
    numbers = all(isinstance(bound, (int, float)) and not isinstance(bound, bool) for bound in given.values())
    ordered = known and numbers and given.get("rmin", -math.inf) <= given.get("rmax", math.inf)
    if not ordered or not given.get("dmax", 0) >= 0:
        expected = "None or a dict with any of rmin and rmax, not below it, and dmax of at least 0"
        _checks.refuse(owner, "renorm_clipping", expected, bounds)
    return dict(bounds)
