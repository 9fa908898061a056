"""What a doctor says: findings, each of a rule that knows what else its illness brings about."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from tfnotes.language import Words

RULES: list["Rule"] = []

# In the order of causes: what follows from an illness stands behind it.
ILLNESSES = {
    "badly scaled data": Words("badly scaled data", "数据缩放不当"),
    "figures that are no numbers": Words("figures that are no numbers", "数字不是有限数"),
    "learning rate too high": Words("learning rate too high", "学习率过高"),
    "exploding gradients": Words("exploding gradients", "梯度爆炸"),
    "dead units": Words("dead units", "死亡单元"),
    "saturated units": Words("saturated units", "饱和单元"),
    "vanishing gradients": Words("vanishing gradients", "梯度消失"),
    "learning rate too low": Words("learning rate too low", "学习率过低"),
    "nothing learned": Words("nothing learned", "什么也没学到"),
    "overfitting": Words("overfitting", "过拟合"),
}
_SENTENCE = Words("Since epoch {since}: {measured}; {advice}.", "从第 {since} 轮起：{measured}；{advice}。")
_SAID = Words("{illness}{where}. {sentence}", "{illness}{where}。{sentence}")
_IN = Words(" in {layers}", "（在 {layers}）")
_MORE = Words("{layers} and {count} more", "{layers} 等，另有 {count} 层")
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
        settings: those of the advice that are a number, such as `{"learning_rate": 0.01}`; else empty.
        cause: the illness that this one follows from, if that was found as well.
    """

    illness: str
    layers: tuple[str, ...]
    since: int
    measured: Words
    advice: Words
    settings: dict = field(default_factory=dict)
    cause: str | None = None

    @property
    def sentence(self):
        """Since when, what, and what to do."""
        return _SENTENCE.format(since=self.since, measured=self.measured, advice=self.advice)

    @property
    def said(self):
        """The same with the illness and its layers before it."""
        where = _IN.format(layers=self.named()) if self.layers else Words("", "")
        return _SAID.format(illness=ILLNESSES[self.illness], where=where, sentence=self.sentence)

    def named(self, most=3):
        """The first of its layers, and how many more there are, as `Words`."""
        shown = ", ".join(self.layers[:most])
        more = len(self.layers) - most
        return _MORE.format(layers=shown, count=more) if more > 0 else Words(shown, shown)

    def due_to(self, cause):
        """The same as what follows from another illness, which is to be mended in its place."""
        return replace(self, cause=cause, advice=_FIRST.format(cause=ILLNESSES[cause]), settings={})


@dataclass(frozen=True)
class Rule:
    """How one illness is found, what must be among the events for it, and what follows from it.

    What must be there is the beginning of a tag, or of one of several; None for nothing.
    """

    illness: str
    needs: str | tuple[str, ...] | None
    explains: tuple[str, ...]
    find: Callable


def rule(illness, needs=None, explains=()):
    """Registers a function of a `History` that gives (layers, since, measured, advice, and settings if there are some)
    for each finding."""

    def register(function):
        def find(history):
            return [Finding(illness, *found) for found in function(history)]

        RULES.append(Rule(illness, needs, explains, find))
        RULES.sort(key=lambda known: list(ILLNESSES).index(known.illness))
        return function

    return register
