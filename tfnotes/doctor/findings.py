"""What a doctor says: findings, each of a rule that knows what else its illness brings about."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from tfnotes.language import Words

RULES: list["Rule"] = []

ILLNESSES = {
    "figures that are no numbers": Words("figures that are no numbers", "数字不是有限数"),
    "badly scaled data": Words("badly scaled data", "数据缩放不当"),
    "learning rate too high": Words("learning rate too high", "学习率过高"),
    "exploding gradients": Words("exploding gradients", "梯度爆炸"),
    "dead units": Words("dead units", "死亡单元"),
    "saturated units": Words("saturated units", "饱和单元"),
    "vanishing gradients": Words("vanishing gradients", "梯度消失"),
    "learning rate too low": Words("learning rate too low", "学习率过低"),
    "overfitting": Words("overfitting", "过拟合"),
}
_SENTENCE = Words("Since epoch {since}: {measured}; {advice}.", "从第 {since} 轮起：{measured}；{advice}。")
_FIRST = Words("this follows from another finding, {cause}: mend that first", "这是由另一项“{cause}”引起的，请先解决它")


@dataclass(frozen=True)
class Finding:
    """One illness.

    Attributes:
        illness: its name, a key of `ILLNESSES`.
        layers: of which layers, the worst first; empty for the whole network.
        since: the epoch from which on it shows.
        measured: what was measured, as a clause.
        advice: what to do, as a clause.
        cause: the illness that this one follows from, if that was found as well.
    """

    illness: str
    layers: tuple[str, ...]
    since: int
    measured: Words
    advice: Words
    cause: str | None = None

    @property
    def sentence(self):
        """Since when, what, and what to do."""
        return _SENTENCE.format(since=self.since, measured=self.measured, advice=self.advice)

    def due_to(self, cause):
        """The same as what follows from another illness, which is to be mended in its place."""
        return replace(self, cause=cause, advice=_FIRST.format(cause=ILLNESSES[cause]))


@dataclass(frozen=True)
class Rule:
    """How one illness is found, what must be among the events for it (None for nothing), and what follows from it."""

    illness: str
    needs: str | None
    explains: tuple[str, ...]
    find: Callable


def rule(illness, needs=None, explains=()):
    """Registers a function of a `History` that gives (layers, since, measured, advice) for each finding."""

    def register(function):
        def find(history):
            return [Finding(illness, *found) for found in function(history)]

        RULES.append(Rule(illness, needs, explains, find))
        return function

    return register
