"""A training's figures by epoch, which the rules read."""

from dataclasses import dataclass
from math import isfinite

from tfnotes.language import Words


@dataclass(frozen=True)
class History:
    """A training's figures.

    Attributes:
        config: of a run, as in `config.json`; of another training it may be empty.
        figures: loss, metrics and their "val_..." by name: a dict from epoch to value each.
        curves: what the events hold of the inside, by tag such as "gradient_norm/conv_1": the same.
        diverged: why and when the loss became no number, as a clause; None if it didn't.
        unread: what couldn't be read of the events, a sentence each.
    """

    config: dict
    figures: dict
    curves: dict
    diverged: Words | None = None
    unread: tuple[str, ...] = ()

    @property
    def epochs(self):
        """The number of the last epoch that was finished."""
        curves = self.figures or self.curves
        return max((epoch for curve in curves.values() for epoch in curve), default=0)

    @property
    def rate(self):
        """The learning rate of the first epoch, None if it isn't known."""
        curve = self.figures.get("learning_rate")
        return self.config.get("learning_rate", curve[min(curve)] if curve else None)

    def layers(self, kind):
        """The curves of each layer of one kind, such as "gradient_norm", by the layer's name."""
        return {tag.removeprefix(f"{kind}/"): curve for tag, curve in self.curves.items() if tag.startswith(f"{kind}/")}

    def baseline(self, name):
        """What guessing gets, as a "loss" or an "accuracy"; None if it isn't known."""
        curve = self.curves.get(f"baseline/{name}")
        return last(curve) if curve else None


def since(curve, wrong):
    """The epoch from which on all values are wrong, up to the last; None if the last one isn't."""
    found = None
    for epoch in sorted(curve, reverse=True):
        if not wrong(curve[epoch]):
            break
        found = epoch
    return found


def last(curve):
    """The value of the last epoch."""
    return curve[max(curve)]


def by_epoch(curves, choose):
    """The largest or smallest value of any curve, by epoch."""
    epochs = {epoch for curve in curves.values() for epoch in curve}
    return {epoch: choose(curve[epoch] for curve in curves.values() if epoch in curve) for epoch in epochs}


def finite(curve):
    """The epochs whose value is a number."""
    return {epoch: value for epoch, value in curve.items() if isfinite(value)}
