"""A plan: at which numbers of seeds an experiment looks at its results, so that it can stop as soon as they decide.

Looking again and again at intervals that miss the mean at one look in twenty finds something in the end, whether it is
there or not. So the looks share what one look would be allowed (error spending: Lan and DeMets 1983, "Discrete
sequential boundaries for clinical trials", Biometrika 70:659; in proportion to a power of the seeds: Kim and DeMets
1987, "Design and analysis of group sequential tests based on the type I error spending rate function", Biometrika
74:149, here the first power). At look k of K, after n_k seeds,

    level_k = level (n_k - n_{k-1}) / n_K
    interval_k = mean ± t(1 - level_k / 2; n_k - 1) deviation / sqrt(n_k)

The chance that any of the intervals misses the mean is at most the sum of their levels, which is `level`: so a verdict
may rest on any look (repeated confidence intervals: Jennison and Turnbull 1989, JRSS B 51:305). A sum is more than the
chance that at least one of them misses. For means of known deviation the exact boundaries would make the last interval
5 % shorter, but only a sum holds for Student's t with the 7 degrees of freedom of a first look.
"""

from dataclasses import dataclass, replace

import numpy as np

from tfnotes.experiments import _verdicts
from tfnotes.experiments._verdicts import LEVEL, Answer, t_quantile


@dataclass(frozen=True)
class Plan:
    """Looks, the least effect that counts and the most seeds, which are all fixed before the first seed is run.

    Attributes:
        looks: the numbers of seeds, increasing.
        minimum: the least effect that counts, in the unit of the differences.
        reason: why not less and not more.
        first: the first seed: none that an earlier design of the same experiment has run.
    """

    looks: tuple[int, ...]
    minimum: float
    reason: str
    first: int = 100

    def at(self, seeds):
        """This plan after so many seeds: a number that isn't one of its looks was chosen beforehand, for one look."""
        return self if seeds in self.looks else replace(self, looks=(seeds,))

    def design(self, seeds):
        """What was fixed, and the seeds that were run, as the ledger has it."""
        return {"seeds": seeds, "looks": list(self.looks), "minimum": self.minimum, "first": self.first}

    def seen(self, seeds):
        """The looks up to now, as pairs of seeds and the interval's level."""
        steps = np.diff((0, *self.looks)) * LEVEL / self.looks[-1]
        return [(n, float(level)) for n, level in zip(self.looks, steps, strict=True) if n <= seeds]

    def first_of(self, rule, values, *bounds):
        """The answer at the first look that decides, or that of the last one.

        Args:
            rule: a function of tfnotes.experiments._verdicts that gives an `Answer`.
            values: one a seed, up to a look.
            bounds: what the rule takes besides.
        """
        for n, level in self.seen(len(values)):
            answer = rule(values[:n], *bounds, level=level)
            if answer.holds is not None:
                break
        last = self.seen(self.looks[-1])[-1]
        return replace(answer, most=last[0], level=last[1])

    def leads(self, differences, minimum=None):
        """Whether paired differences show a lead; see `_verdicts.leads`. `minimum` is the plan's, or another."""
        minimum = self.minimum if minimum is None else minimum
        return self._needing(self.first_of(_verdicts.leads, differences, minimum), minimum)

    def alike(self, differences):
        """Whether paired differences are smaller than the minimum; see `_verdicts.alike`."""
        return self._needing(self.first_of(_verdicts.alike, differences, self.minimum), self.minimum)

    def above(self, values, threshold):
        """Whether the mean lies above the threshold."""
        return self.first_of(_verdicts.above, values, threshold)

    def below(self, values, threshold):
        """Whether the mean lies below the threshold."""
        return self.first_of(_verdicts.below, values, threshold)

    def _needing(self, answer: Answer, minimum: float) -> Answer:
        """With how many seeds would decide it, if mean and deviation stay as they are."""
        mean = answer.mean
        if answer.holds is not None or not np.isfinite(mean.deviation):
            return answer
        # 0 outside, or the whole interval within the minimum: whichever a longer interval does.
        room, n = max(abs(mean.value), minimum - abs(mean.value)), mean.n
        while t_quantile(n - 1, answer.level) * mean.deviation / n**0.5 >= room:
            n = int(1.05 * n) + 1
        return replace(answer, needed=n)
