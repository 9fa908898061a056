"""The illnesses of a training, each a rule: a function that finds it in a run's `History`.

A rule says what it needs (the beginning of the tags that must be among the events), and gives `Finding`s. Its
thresholds stand above it with their reasons; `python -m benchmarks.doctor` shows that they tell sick runs from
healthy ones.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass

from tfnotes.callbacks import dead_units, input_scale, saturation, update_ratios

RULES: list["Rule"] = []


@dataclass(frozen=True)
class Finding:
    """One illness.

    Attributes:
        illness: its name.
        layers: of which layers, the worst first; empty for the whole network.
        since: the epoch from which on it shows.
        measured: what was measured, as a clause.
        advice: what to do, as a clause.
    """

    illness: str
    layers: tuple[str, ...]
    since: int
    measured: str
    advice: str

    @property
    def sentence(self):
        """Since when, what, and what to do."""
        return f"Since epoch {self.since}: {self.measured}; {self.advice}."


@dataclass(frozen=True)
class Rule:
    """How one illness is found, and what must be among the events for it; None for nothing."""

    illness: str
    needs: str | None
    find: Callable


def rule(illness, needs=None):
    """Registers a function of a `History` that gives (layers, since, measured, advice) for each finding."""

    def register(function):
        def find(history):
            return [Finding(illness, *found) for found in function(history)]

        RULES.append(Rule(illness, needs, find))
        return function

    return register


@rule("figures that are no numbers")
def no_numbers(history):
    for name, curve in history.figures.items():
        wrong = sorted(epoch for epoch, value in curve.items() if isinstance(value, float) and not math.isfinite(value))
        if wrong:
            advice = "lower the learning rate, and look for examples that aren't finite themselves"
            yield (), wrong[0], f"{name} is {curve[wrong[0]]}", advice
            return


# Layers of a network that learns have gradients within a factor of 100 of each other; through ten sigmoids it is 1e6.
VANISHED = 1e-3


@rule("vanishing gradients", needs="gradient_norm/")
def vanishing(history):
    norms = history.layers("gradient_norm")
    largest = _by_epoch(norms, max)
    since = {}
    for layer, curve in norms.items():
        shares = {epoch: norm / largest[epoch] for epoch, norm in curve.items() if largest[epoch] > 0}
        since[layer] = _since(shares, lambda share: share < VANISHED)
    found = [layer for layer, epoch in since.items() if epoch]
    if found:
        last = max(largest)
        found.sort(key=lambda layer: norms[layer][last])
        measured = f"the gradient is {norms[found[0]][last]:.1e}, of the layer with the largest {largest[last]:.1e}"
        yield tuple(found), min(since[f] for f in found), measured, "use ReLU, batch normalization or fewer layers"


# The loss is a mean over examples: healthy classifiers lie between 0.1 and 20, at their first epoch, too.
EXPLODED = 1e3


@rule("exploding gradients", needs="gradient_norm")
def exploding(history):
    advice = "use He or Xavier initialization, batch normalization or clipping"
    curve = history.curves.get("gradient_norm", {})
    # No number isn't below it either.
    since = _since(curve, lambda norm: not norm <= EXPLODED)
    if since:
        norms = history.layers("gradient_norm")
        last = max(curve)
        layers = sorted((layer for layer in norms if not norms[layer][last] <= EXPLODED), key=lambda f: -norms[f][last])
        yield tuple(layers), since, f"the gradient's norm is {curve[last]:.1e}", advice
    elif history.diverged:
        yield (), history.epochs + 1, history.diverged, f"lower the learning rate; {advice}"


@rule("dead units", needs="activation_mean")
def dead(history):
    for layer, curve in history.layers("dead_units").items():
        since = _since(curve, lambda share: share >= dead_units.LIMIT)
        if since:
            yield (layer,), since, f"{_last(curve):.0%} of units are zero for every example", dead_units.CURE


@rule("saturated units", needs="activation_mean")
def saturated(history):
    for layer, curve in history.layers("saturation").items():
        since = _since(curve, lambda share: share >= saturation.LIMIT)
        if since:
            yield (layer,), since, f"{_last(curve):.0%} of outputs lie where the activation is flat", saturation.CURE


# Below these, what looks like overfitting is as often chance: a validation split of 400 has 2 points of deviation.
GAP, TIMES, RISE = 0.1, 2.0, 1.25


@rule("overfitting")
def overfitting(history):
    train, held = history.figures.get("loss", {}), history.figures.get("val_loss", {})
    if not held:
        return
    best, last = min(held, key=held.get), max(held)
    # Early stopping puts the best epoch's weights back, so what came after is of no weight.
    end = best if history.config.get("patience") else last
    advice = "use more data or augmentation, dropout, weight decay, or --patience to stop earlier"
    right, right_held = (history.figures.get(name, {}).get(end) for name in ("accuracy", "val_accuracy"))
    # As long as the validation loss falls, a gap may only mean that batch normalization's averages lag behind.
    known = right is not None and right_held is not None and best < last
    if known and right - right_held >= GAP and 1 - right_held >= TIMES * (1 - right):
        measured = f"accuracy is {right:.1%} on the training data and {right_held:.1%} on the validation data"
        yield (), min(best + 1, end), measured, advice
    elif held[end] > RISE * held[best] > 0 and train[end] < train[best]:
        measured = f"the validation loss rose from {held[best]:.4g} to {held[end]:.4g} while the training loss fell"
        yield (), best + 1, measured, advice


# A loss that jumps like this climbs out of where it was; what is left of a small one jumps by chance.
JUMP, LEFT = 1.5, 0.1


@rule("learning rate too high")
def rate_too_high(history):
    advice = f"lower the learning rate (it began at {history.config['learning_rate']:g}), to a tenth, say"
    if history.diverged:
        yield (), history.epochs + 1, history.diverged, advice
        return
    # Weights that begin near zero move by more than their size at first.
    ratios = {
        layer: {epoch: ratio for epoch, ratio in curve.items() if epoch > 1}
        for layer, curve in history.layers("update_ratio").items()
    }
    far = {epoch: ratio for epoch, ratio in _by_epoch(ratios, max).items() if ratio > update_ratios.HIGH}
    if far:
        worst = max(far, key=lambda epoch: far[epoch])
        layers = [layer for layer in ratios if any(r > update_ratios.HIGH for r in ratios[layer].values())]
        layers.sort(key=lambda layer: -max(ratios[layer].values()))
        yield tuple(layers), min(far), f"one update moved the weights by {far[worst]:.0%} of their size", advice
        return
    losses = history.figures.get("loss", {})
    for epoch in sorted(losses)[1:]:
        best = min(losses[e] for e in losses if e < epoch)
        if losses[epoch] > JUMP * best > 0 and losses[epoch] > LEFT * losses[min(losses)]:
            yield (), epoch, f"the training loss jumped from {best:.4g} to {losses[epoch]:.4g}", advice
            return


# Over three epochs or more, even a network that learns badly gains more than a hundredth.
STILL, ENOUGH = 0.01, 3


@rule("learning rate too low")
def rate_too_low(history):
    advice = f"raise the learning rate (it began at {history.config['learning_rate']:g}) tenfold"
    ratios = _by_epoch(history.layers("update_ratio"), max)
    losses = history.figures.get("loss", {})
    if ratios:
        # They say more than the loss, which stands still for other reasons, too.
        if max(ratios.values()) < update_ratios.LOW:
            measured = f"one update moves the weights by at most {max(ratios.values()):.0e} of their size"
            yield (), min(ratios), measured, advice
    elif len(losses) >= ENOUGH:
        low, high = min(losses.values()), max(losses.values())
        if high - low < STILL * abs(losses[min(losses)]):
            yield (), min(losses), f"the training loss stays between {low:.5g} and {high:.5g}", advice


@rule("badly scaled data", needs="input_scale")
def badly_scaled(history):
    scale = {name: _last(curve) for name, curve in history.layers("input_scale").items()}
    fault = input_scale.misscaled(scale["mean"], scale["std"]) if scale else None
    if fault:
        yield (), 1, f"of the inputs, {fault}", input_scale.CURE


def _since(curve, wrong):
    """The epoch from which on all values are wrong, up to the last; None if the last one isn't."""
    since = None
    for epoch in sorted(curve, reverse=True):
        if not wrong(curve[epoch]):
            break
        since = epoch
    return since


def _last(curve):
    return curve[max(curve)]


def _by_epoch(curves, choose):
    """The largest or smallest value of any curve, by epoch."""
    epochs = {epoch for curve in curves.values() for epoch in curve}
    return {epoch: choose(curve[epoch] for curve in curves.values() if epoch in curve) for epoch in epochs}
