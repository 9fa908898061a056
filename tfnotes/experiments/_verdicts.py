"""From measured numbers to a verdict, by rule.

A case is one situation in which a claim says something; measuring it gives True (it is so), False (it isn't)
or None (the numbers don't tell: the interval holds both).

    every case True                     CONFIRMED
    some True, some False               QUALIFIED, with the condition that parts them
    every case False                    REFUTED, if what is right instead was measured as well
    a case None                         INCONCLUSIVE
"""

import functools
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np

from tfnotes import extras

CONFIRMED, QUALIFIED, REFUTED, INCONCLUSIVE = VERDICTS = ("CONFIRMED", "QUALIFIED", "REFUTED", "INCONCLUSIVE")
# How often an interval may miss the mean, and how often an effect shall be found that is as large as `power` says.
LEVEL, FOUND = 0.05, 0.8


class Verdict(NamedTuple):
    """A verdict, and of one that isn't decided what the numbers leave open; sentences.toml has the words for it.

    `answers` has what the numbers say of each case: the `Answer`, where a mean was judged by its interval.
    """

    verdict: str
    open: tuple[str, ...] = ()
    answers: dict | None = None


class Interval(NamedTuple):
    """A mean and the interval about it, with the deviation of its `n` values; of one exact value, the value itself."""

    value: float
    low: float
    high: float
    n: int
    deviation: float = 0.0


@dataclass(frozen=True)
class Answer:
    """What an interval says of a case.

    Attributes:
        holds: True, False, or None if the interval holds both.
        mean: the `Interval`.
        bound: what the whole interval has to be past for True.
        level: how often the interval may miss the mean.
        below: whether past the bound is below it.
        most: how many values there could have been, if that is more than `mean` has.
        needed: how many would decide it, where a plan tells.
    """

    holds: bool | None
    mean: Interval
    bound: float
    level: float = LEVEL
    below: bool = False
    most: int | None = None
    needed: int | None = None

    def __bool__(self):
        return self.holds is True

    @property
    def denied(self):
        """The answer to the opposite."""
        return replace(self, holds=None if self.holds is None else not self.holds)

    @property
    def power(self):
        """The mean that would have been found to be past the bound in 80 of 100 repetitions; None of exact values.

        It rests on the deviation that was measured.
        """
        n = self.most or self.mean.n
        if n == 1 or not np.isfinite(self.mean.deviation):
            return None
        past = shift(n, self.level) * self.mean.deviation / n**0.5
        return self.bound - past if self.below else self.bound + past


def decide(cases, right=None):
    """The verdict.

    Args:
        cases: a dict from what was looked at to an `Answer`, or to True, False or None.
        right: whether what is right instead was measured to hold, likewise; for REFUTED.

    Returns:
        A `Verdict`.
    """
    answers = {name: case for name, case in cases.items() if isinstance(case, Answer)}
    held = {name: case.holds if isinstance(case, Answer) else case for name, case in cases.items()}
    unclear = tuple(name for name, holds in held.items() if holds is None)
    if unclear:
        return Verdict(INCONCLUSIVE, unclear, answers)
    if all(held.values()):
        return Verdict(CONFIRMED, (), answers)
    if any(held.values()):
        return Verdict(QUALIFIED, (), answers)
    if not right:
        return Verdict(INCONCLUSIVE, ("what is right instead",), answers)
    return Verdict(REFUTED, (), answers)


def interval(values, level=LEVEL):
    """Mean and t interval of values that are one a seed; of a single value, that value.

    Args:
        values: one a seed.
        level: how often the interval may miss the mean.
    """
    values = np.asarray(values, float)
    n = len(values)
    mean = float(values.mean())
    if n == 1 or (values == values[0]).all():
        return Interval(mean, mean, mean, n)
    # What some seeds are so far off that they are no number any more tells nothing of the mean.
    if not np.isfinite(values).all():
        return Interval(mean, np.nan, np.nan, n, np.nan)
    deviation = float(values.std(ddof=1))
    half = t_quantile(n - 1, level) * deviation / n**0.5
    return Interval(mean, mean - half, mean + half, n, deviation)


@functools.cache
def t_quantile(freedom, outside=LEVEL):
    """The t with that share of Student's distribution beyond -t and t."""
    return float(_scipy("scipy.stats").t.isf(outside / 2, freedom))


@functools.cache
def shift(n, level=LEVEL, found=FOUND):
    """By how many standard errors a mean must be past a bound for the whole interval to be so with probability `found`.

    The mean over its standard error has a noncentral t distribution.
    """
    past, t = t_quantile(n - 1, level), _scipy("scipy.stats").nct
    # Of few values the deviation may by chance be so small that any interval is short: there is always such a shift.
    return float(_scipy("scipy.optimize").brentq(lambda c: t.sf(past, n - 1, c) - found, 0, 4 * past + 4))


def _scipy(module):
    return extras.needed(module, "experiments", "experiment: intervals need")


def matters(differences, minimum, level=LEVEL):
    """As `gains`, and False too if the whole interval is smaller than the minimum: measured to make no difference."""
    answer = gains(differences, minimum, level)
    return Answer(False, answer.mean, minimum, level) if near(differences, 0, minimum, level) else answer


def leads(differences, minimum, level=LEVEL):
    """Whether paired differences show a lead (True), or one behind or a difference smaller than `minimum` (False).

    A difference can lie between 0 and the minimum. Then both answers are right, and what is shown first is given: so
    the seeds that decide it are never more than what a difference of half the minimum takes.
    """
    mean = interval(differences, level)
    if -minimum < mean.low and mean.high < minimum:
        return Answer(False, mean, 0, level)
    return Answer(True if mean.low > 0 else False if mean.high < 0 else None, mean, 0, level)


def alike(differences, minimum, level=LEVEL):
    """Whether paired differences are smaller than `minimum` (True), or there is one to either side (False)."""
    mean = interval(differences, level)
    if -minimum < mean.low and mean.high < minimum:
        return Answer(True, mean, 0, level)
    return Answer(False if mean.low > 0 or mean.high < 0 else None, mean, 0, level)


def above(values, threshold, level=LEVEL):
    """Whether the mean lies above: by the whole interval, or None."""
    mean = interval(values, level)
    return Answer(True if mean.low > threshold else False if mean.high < threshold else None, mean, threshold, level)


def below(values, threshold, level=LEVEL):
    """Whether the mean lies below: by the whole interval, or None."""
    return replace(above(values, threshold, level).denied, below=True)


def gains(differences, minimum, level=LEVEL):
    """Whether paired differences show a gain of at least `minimum` (True), a loss of as much (False), or neither."""
    mean = interval(differences, level)
    holds = True if mean.low >= minimum else False if mean.high <= -minimum else None
    return Answer(holds, mean, minimum, level)


def near(values, target, margin, level=LEVEL):
    """Whether the mean lies within `margin` of `target`: the whole interval inside, or all of it outside."""
    mean = interval(values, level)
    if target - margin <= mean.low and mean.high <= target + margin:
        return Answer(True, mean, target + margin, level)
    outside = mean.high < target - margin or mean.low > target + margin
    return Answer(False if outside else None, mean, target + margin, level)


def same(differences, tolerance=1e-12):
    """Whether numbers that shall be equal are, up to rounding: none differs by more than `tolerance`."""
    return bool(np.max(np.abs(differences)) <= tolerance)
