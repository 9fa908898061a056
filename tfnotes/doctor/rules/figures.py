"""Loss and metrics that are far outside of what a training has."""

import math

from tfnotes.doctor.findings import rule
from tfnotes.doctor.history import finite, last, since
from tfnotes.language import Words

# What weights that went astray bring about, whatever sent them there.
ASTRAY = ("exploding gradients", "dead units", "saturated units", "vanishing gradients")
# Of the way from guessing's accuracy to all right: less is chance, on some hundred examples.
GAINED = 0.05
# Over so many epochs even a network that starts slowly, as an LSTM does, gets that far; and one that learns badly has a
# loss that falls by more than a hundredth.
ENOUGH, STILL = 3, 0.01
# In nats, where guessing's loss isn't known: among a thousand classes it is 6.9.
WORSE = 10.0
# Times guessing's loss: even before it learned anything a network is below, whatever its initialization and dropout.
ABOVE = 2.0


@rule(
    "figures that are no numbers", explains=(*ASTRAY, "learning rate too low", "nothing learned", "overfitting")
)
def no_numbers(history):
    # Of a loss that became none, and when, another rule tells.
    if history.diverged:
        return
    for name, curve in history.figures.items():
        wrong = sorted(epoch for epoch, value in curve.items() if isinstance(value, float) and not math.isfinite(value))
        if wrong:
            measured = Words("{name} is {value}", "{name} 是 {value}").format(name=name, value=curve[wrong[0]])
            advice = Words(
                "lower the learning rate, and look for examples that aren't finite themselves",
                "降低学习率，并检查样本本身是否有非有限的数",
            )
            yield (), wrong[0], measured, advice
            return


@rule("nothing learned")
def nothing_learned(history):
    found = _guesses(history) if history.baseline("accuracy") is not None else _stands(history)
    if found:
        advice = Words(
            "see whether gradients vanish or units are dead (--inspect full, or callbacks.Doctor(x, y)), and try a "
            "tenth of the learning rate and tenfold",
            "看看梯度是否消失、单元是否死亡（--inspect full，或 callbacks.Doctor(x, y)），并试试十分之一和十倍的学习率",
        )
        yield (), *found, advice


def guesses(history):
    """The epoch from which on the accuracy is that of guessing; None if it isn't, or there were too few epochs."""
    right, guess = history.figures.get("accuracy", {}), history.baseline("accuracy")
    return since(right, lambda share: share <= guess + GAINED * (1 - guess)) if len(right) >= ENOUGH else None


def _guesses(history):
    """Since when the accuracy is that of guessing, as a clause besides."""
    figures, begun = history.figures, guesses(history)
    if not begun:
        return None
    right, guess = figures["accuracy"], history.baseline("accuracy")
    measured = Words(
        "the training accuracy is {right:.1%} and the loss {loss:.4g}, as by guessing, which gets {guess:.1%}",
        "训练准确率为 {right:.1%}，损失为 {loss:.4g}，与瞎猜（{guess:.1%}）无异",
    )
    return begun, measured.format(right=last(right), loss=last(figures["loss"]), guess=guess)


def _stands(history):
    """Since when the loss stands still, as a clause besides."""
    losses = finite(history.figures.get("loss", {}))
    if len(losses) < ENOUGH:
        return None
    low, high = min(losses.values()), max(losses.values())
    if high - low >= STILL * abs(losses[min(losses)]):
        return None
    measured = Words(
        "the training loss stays between {low:.5g} and {high:.5g}", "训练损失一直在 {low:.5g} 与 {high:.5g} 之间"
    )
    return min(losses), measured.format(low=low, high=high)


def above_guessing(history):
    """The epoch from which on the training loss is far above that of guessing, None if it isn't.

    An accuracy tells that the loss is a classifier's, and one above a half on the way from guessing to all right that
    the loss is more than its cross-entropy.
    """
    losses, right = history.figures.get("loss", {}), history.figures.get("accuracy", {})
    guess, limit = history.baseline("accuracy"), WORSE
    if guess is None:
        # Of two classes, as there may be.
        guess = 0.5
    else:
        limit = ABOVE * history.baseline("loss")
    if not right or last(right) > (1 + guess) / 2:
        return None
    return since(losses, lambda loss: loss > limit)
