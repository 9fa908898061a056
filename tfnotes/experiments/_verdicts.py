"""From measured numbers to a verdict, by rule.

A case is one situation in which a claim says something; measuring it gives True (it is so), False (it isn't)
or None (the numbers don't tell: the interval holds both).

    every case True                     CONFIRMED
    some True, some False               QUALIFIED, with the condition that parts them
    every case False                    REFUTED, if what is right instead was measured as well
    a case None                         INCONCLUSIVE
"""

from typing import NamedTuple

import numpy as np

CONFIRMED, QUALIFIED, REFUTED, INCONCLUSIVE = VERDICTS = ("CONFIRMED", "QUALIFIED", "REFUTED", "INCONCLUSIVE")


class Verdict(NamedTuple):
    """A verdict, and of one that isn't decided what the numbers leave open; sentences.toml has the words for it."""

    verdict: str
    open: tuple[str, ...] = ()


class Interval(NamedTuple):
    """A mean and the 95 % interval about it; of one exact value, the value itself."""

    value: float
    low: float
    high: float
    n: int


def decide(cases, right=None):
    """The verdict.

    Args:
        cases: a dict from what was looked at to True, False or None.
        right: whether what is right instead was measured to hold: True, False or None; for REFUTED.

    Returns:
        A `Verdict`.
    """
    unclear = tuple(name for name, holds in cases.items() if holds is None)
    if unclear:
        return Verdict(INCONCLUSIVE, unclear)
    if all(cases.values()):
        return Verdict(CONFIRMED)
    if any(cases.values()):
        return Verdict(QUALIFIED)
    if right is not True:
        return Verdict(INCONCLUSIVE, ("what is right instead",))
    return Verdict(REFUTED)


def interval(values):
    """Mean and 95 % t interval of values that are one a seed; of a single value, that value."""
    values = np.asarray(values, float)
    n = len(values)
    mean = float(values.mean())
    if n == 1 or (values == values[0]).all():
        return Interval(mean, mean, mean, n)
    # What some seeds are so far off that they are no number any more tells nothing of the mean.
    if not np.isfinite(values).all():
        return Interval(mean, np.nan, np.nan, n)
    half = t_quantile(n - 1) * float(values.std(ddof=1)) / n**0.5
    return Interval(mean, mean - half, mean + half, n)


def t_quantile(freedom, inside=0.95):
    """The t with that share of Student's distribution between -t and t.

    P(|T| > t) = I_x(freedom/2, 1/2) with x = freedom / (freedom + t**2), solved for t by halving.
    """
    import tensorflow as tf

    half, low, high = np.float64(freedom / 2), 0.0, 1e4
    for _ in range(100):
        t = (low + high) / 2
        outside = float(tf.math.betainc(half, np.float64(0.5), np.float64(freedom / (freedom + t * t))))
        low, high = (t, high) if outside > 1 - inside else (low, t)
    return (low + high) / 2


def matters(differences, minimum):
    """As `gains`, and False too if the whole interval is smaller than the minimum: measured to make no difference."""
    return False if near(differences, 0, minimum) else gains(differences, minimum)


def above(values, threshold):
    """Whether the mean lies above: by the whole interval, or None."""
    _, low, high, _ = interval(values)
    return True if low > threshold else False if high < threshold else None


def below(values, threshold):
    """Whether the mean lies below: by the whole interval, or None."""
    is_above = above(values, threshold)
    return None if is_above is None else not is_above


def gains(differences, minimum):
    """Whether paired differences show a gain of at least `minimum` (True), a loss of as much (False), or neither."""
    _, low, high, _ = interval(differences)
    return True if low >= minimum else False if high <= -minimum else None


def near(values, target, margin):
    """Whether the mean lies within `margin` of `target`: the whole interval inside, or all of it outside."""
    _, low, high, _ = interval(values)
    if target - margin <= low and high <= target + margin:
        return True
    return False if high < target - margin or low > target + margin else None


def same(differences, tolerance=1e-12):
    """Whether numbers that shall be equal are, up to rounding: none differs by more than `tolerance`."""
    return bool(np.max(np.abs(differences)) <= tolerance)
