"""The learning rate: too high, or too low."""

from tfnotes.doctor.findings import rule
from tfnotes.doctor.history import by_epoch, finite, last
from tfnotes.doctor.rules.figures import ASTRAY, above_guessing, guesses
from tfnotes.doctor.rules.inputs import fault_of
from tfnotes.doctor.rules.layers import exploded
from tfnotes.language import Words

# Of one update, beside the size of the weights.
LOW, HIGH = 1e-5, 1e-1
# The same in the first epoch, when even healthy weights may begin near zero: so far they are flung only by the rate.
FLUNG = 1.0
# Of an epoch, of the outermost weights of a histogram, beside their layer's deviation.
STANDS = 1e-3
# Times guessing's loss: more than any initialization of ours begins with.
THROWN = 3.0
# A loss that jumps like this climbs out of where it was; what is left of a small one jumps by chance.
JUMP, LEFT = 1.5, 0.1
HIGHER, LOWER, FAR_LOWER = 10.0, 0.1, 0.01
_CHANGES = {
    HIGHER: Words("raise the learning rate{begun} tenfold", "把学习率提高到十倍{begun}"),
    LOWER: Words("lower the learning rate{begun}, to a tenth, say", "降低学习率{begun}，例如降到十分之一"),
    FAR_LOWER: Words("lower the learning rate{begun}, to a hundredth, say", "降低学习率{begun}，例如降到百分之一"),
}


@rule("learning rate too high", explains=(*ASTRAY, "learning rate too low", "nothing learned", "overfitting"))
def rate_too_high(history):
    if history.diverged:
        lower, settings = _advice(history, FAR_LOWER)
        then = Words(
            "{lower}; if that isn't enough, use He or Xavier initialization, batch normalization or clipping",
            "{lower}；若还不够，就用 He 或 Xavier 初始化、批量归一化或梯度裁剪",
        )
        yield (), _first_wrong(history), history.diverged, then.format(lower=lower), settings
        return
    for judge in (_far_above, _thrown, _moves_far, _jumps):
        if found := judge(history):
            yield *found, *_advice(history, LOWER)
            return


def _first_wrong(history):
    """The epoch in which the loss became no number; the one that wasn't finished, if the training ended there."""
    losses = history.figures.get("loss", {})
    return min(set(losses) - set(finite(losses)), default=history.epochs + 1)


def _far_above(history):
    begun = above_guessing(history)
    # Gradients that explode and inputs that are too large make such losses at any rate, as do weights that stand still.
    if begun and not exploded(history) and not fault_of(history) and not _still(history):
        measured = Words(
            "the training loss is {loss:.4g}, far above that of guessing, with an accuracy of {right:.1%}",
            "训练损失为 {loss:.4g}，远高于瞎猜的损失，准确率为 {right:.1%}",
        )
        figures = history.figures
        return (), begun, measured.format(loss=last(figures["loss"]), right=last(figures["accuracy"]))
    return None


def _thrown(history):
    """Weights that were thrown so far in an early epoch that nothing was learned since: units died, say."""
    losses, guess = finite(history.figures.get("loss", {})), history.baseline("loss")
    known = guess is not None and losses and guesses(history)
    # Gradients that explode may have sent the weights there, or come from where the rate has.
    exploded_first = exploded(history) and not _flung(history)
    if not known or exploded_first or fault_of(history) or _still(history):
        return None
    worst = max(losses, key=lambda epoch: losses[epoch])
    if losses[worst] <= THROWN * guess:
        return None
    measured = Words(
        "the training loss was {loss:.4g}, far above that of guessing, and the accuracy is now {right:.1%}",
        "训练损失曾达 {loss:.4g}，远高于瞎猜的损失，现在的准确率为 {right:.1%}",
    )
    return (), worst, measured.format(loss=losses[worst], right=last(history.figures["accuracy"]))


def _flung(history):
    return any(curve.get(1, 0.0) > FLUNG for curve in history.layers("update_ratio").values())


def _moves_far(history):
    # Weights that begin near zero move by more than their size at first.
    ratios = {
        layer: {epoch: ratio for epoch, ratio in curve.items() if epoch > 1}
        for layer, curve in history.layers("update_ratio").items()
    }
    far = {epoch: ratio for epoch, ratio in by_epoch(ratios, max).items() if ratio > HIGH}
    if far:
        worst = max(far, key=lambda epoch: far[epoch])
        layers = [layer for layer in ratios if any(r > HIGH for r in ratios[layer].values())]
        layers.sort(key=lambda layer: -max(ratios[layer].values()))
        measured = Words(
            "one update moved the weights by {share:.0%} of their size", "一次更新使权重移动了其大小的 {share:.0%}"
        )
        return tuple(layers), min(far), measured.format(share=far[worst])
    return None


def _jumps(history):
    losses = finite(history.figures.get("loss", {}))
    for epoch in sorted(losses)[1:]:
        best = min(losses[e] for e in losses if e < epoch)
        if losses[epoch] > JUMP * best > 0 and losses[epoch] > LEFT * losses[min(losses)]:
            measured = Words(
                "the training loss jumped from {best:.4g} to {now:.4g}", "训练损失从 {best:.4g} 跳到了 {now:.4g}"
            )
            return (), epoch, measured.format(best=best, now=losses[epoch])
    return None


@rule("learning rate too low", needs=("update_ratio", "weight_shift"), explains=("nothing learned",))
def rate_too_low(history):
    higher, settings = _advice(history, HIGHER)
    ratios = by_epoch(history.layers("update_ratio"), max)
    if ratios:
        # They say more than the loss, which stands still for other reasons, too.
        if max(ratios.values()) < LOW:
            measured = Words(
                "one update moves the weights by at most {share:.0e} of their size",
                "一次更新最多使权重移动其大小的 {share:.0e}",
            )
            yield (), min(ratios), measured.format(share=max(ratios.values())), higher, settings
    elif _still(history):
        moved = by_epoch(history.layers("weight_shift"), max)
        measured = Words(
            "an epoch moves the weights by at most {share:.0e} of their size",
            "一轮最多使权重移动其大小的 {share:.0e}",
        )
        yield (), max(1, min(moved) - 1), measured.format(share=max(moved.values())), higher, settings


def _still(history):
    """Whether it is known that weights hardly move."""
    ratios = by_epoch(history.layers("update_ratio"), max)
    moved = by_epoch(history.layers("weight_shift"), max)
    return max(ratios.values()) < LOW if ratios else bool(moved) and max(moved.values()) < STANDS


def _advice(history, factor):
    """To change the rate by a factor, in words and as a setting."""
    begun = Words("", "")
    settings = {}
    if history.rate is not None:
        begun = Words(" (it began at {rate:g})", "（开始时为 {rate:g}）").format(rate=history.rate)
        settings = {"learning_rate": float(f"{history.rate * factor:.6g}")}
    return _CHANGES[factor].format(begun=begun), settings
