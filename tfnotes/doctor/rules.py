"""The illnesses of a training, each a rule: a function that finds it in a run's `History`.

A rule says what it needs (the beginning of the tags that must be among the events), and gives `Finding`s. Its
thresholds stand above it with their reasons; `python -m benchmarks.doctor` shows that they tell sick runs from
healthy ones. The rules stand in the order of causes: what follows from an illness comes behind it.
"""

import math

from tfnotes.callbacks import dead_units, input_scale, saturation, update_ratios
from tfnotes.doctor.findings import RULES, rule
from tfnotes.language import Words

__all__ = ["RULES"]

# What weights that went astray bring about, whatever sent them there.
_ASTRAY = ("exploding gradients", "dead units", "saturated units", "vanishing gradients")


@rule("figures that are no numbers")
def no_numbers(history):
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


@rule("badly scaled data", needs="input_scale", explains=("learning rate too high", *_ASTRAY))
def badly_scaled(history):
    fault = _misscaled(history)
    if fault:
        yield (), 1, Words("of the inputs, {fault}", "输入的{fault}").format(fault=fault), input_scale.CURE


# A loss that jumps like this climbs out of where it was; what is left of a small one jumps by chance.
JUMP, LEFT = 1.5, 0.1
# In nats: guessing among a thousand classes costs 6.9, so more is to be sure of the wrong ones.
WORSE = 10.0


@rule("learning rate too high", explains=(*_ASTRAY, "learning rate too low", "overfitting"))
def rate_too_high(history):
    lower = Words(
        "lower the learning rate (it began at {rate:g}), to a tenth, say",
        "降低学习率（开始时为 {rate:g}），例如降到十分之一",
    ).format(rate=history.config["learning_rate"])
    if history.diverged:
        then = Words(
            "{lower}; if that isn't enough, use He or Xavier initialization, batch normalization or clipping",
            "{lower}；若还不够，就用 He 或 Xavier 初始化、批量归一化或梯度裁剪",
        )
        yield (), history.epochs + 1, history.diverged, then.format(lower=lower)
        return
    losses, right = history.figures.get("loss", {}), history.figures.get("accuracy", {})
    since = _since({epoch: losses[epoch] for epoch in right}, lambda loss: loss > WORSE)
    # Gradients that explode and inputs that are too large make such losses at any rate.
    if since and not _exploded(history) and not _misscaled(history):
        measured = Words(
            "the training loss is {loss:.4g}, far above that of guessing, with an accuracy of {right:.1%}",
            "训练损失为 {loss:.4g}，远高于瞎猜的损失，准确率为 {right:.1%}",
        )
        yield (), since, measured.format(loss=_last(losses), right=_last(right)), lower
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
        measured = Words(
            "one update moved the weights by {share:.0%} of their size", "一次更新使权重移动了其大小的 {share:.0%}"
        )
        yield tuple(layers), min(far), measured.format(share=far[worst]), lower
        return
    for epoch in sorted(losses)[1:]:
        best = min(losses[e] for e in losses if e < epoch)
        if losses[epoch] > JUMP * best > 0 and losses[epoch] > LEFT * losses[min(losses)]:
            measured = Words(
                "the training loss jumped from {best:.4g} to {now:.4g}", "训练损失从 {best:.4g} 跳到了 {now:.4g}"
            )
            yield (), epoch, measured.format(best=best, now=losses[epoch]), lower
            return


# The loss is a mean over examples: healthy classifiers' norms lie between 0.1 and 20, at their first epoch, too.
EXPLODED = 1e3


@rule("exploding gradients", needs="gradient_norm")
def exploding(history):
    since = _exploded(history)
    if since:
        curve, norms = history.curves["gradient_norm"], history.layers("gradient_norm")
        last = max(curve)
        layers = sorted((layer for layer in norms if not norms[layer][last] <= EXPLODED), key=lambda f: -norms[f][last])
        measured = Words("the gradient's norm is {norm:.1e}", "梯度的范数为 {norm:.1e}").format(norm=curve[last])
        advice = Words(
            "use He or Xavier initialization, batch normalization or clipping",
            "使用 He 或 Xavier 初始化、批量归一化或梯度裁剪",
        )
        yield tuple(layers), since, measured, advice


@rule("dead units", needs="activation_mean", explains=("vanishing gradients", "learning rate too low"))
def dead(history):
    for layer, curve in history.layers("dead_units").items():
        since = _since(curve, lambda share: share >= dead_units.LIMIT)
        if since:
            measured = Words("{share:.0%} of units are zero for every example", "{share:.0%} 的单元对每个样本都输出零")
            yield (layer,), since, measured.format(share=_last(curve)), dead_units.CURE


@rule("saturated units", needs="activation_mean", explains=("vanishing gradients", "learning rate too low"))
def saturated(history):
    for layer, curve in history.layers("saturation").items():
        since = _since(curve, lambda share: share >= saturation.LIMIT)
        if since:
            measured = Words(
                "{share:.0%} of outputs lie where the activation is flat", "{share:.0%} 的输出落在激活函数平坦的地方"
            )
            yield (layer,), since, measured.format(share=_last(curve)), saturation.CURE


# Layers of a network that learns have gradients within a factor of 100 of each other; through ten sigmoids it is 1e6.
VANISHED = 1e-3


@rule("vanishing gradients", needs="gradient_norm/", explains=("learning rate too low",))
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
        measured = Words(
            "the gradient is {least:.1e}, of the layer with the largest {largest:.1e}",
            "梯度为 {least:.1e}，而最大的一层为 {largest:.1e}",
        ).format(least=norms[found[0]][last], largest=largest[last])
        advice = Words("use ReLU, batch normalization or fewer layers", "使用 ReLU、批量归一化或更少的层")
        yield tuple(found), min(since[f] for f in found), measured, advice


# Over three epochs or more, even a network that learns badly gains more than a hundredth.
STILL, ENOUGH = 0.01, 3


@rule("learning rate too low")
def rate_too_low(history):
    higher = Words(
        "raise the learning rate (it began at {rate:g}) tenfold", "把学习率提高到十倍（开始时为 {rate:g}）"
    ).format(rate=history.config["learning_rate"])
    ratios = _by_epoch(history.layers("update_ratio"), max)
    losses = history.figures.get("loss", {})
    if ratios:
        # They say more than the loss, which stands still for other reasons, too.
        if max(ratios.values()) < update_ratios.LOW:
            measured = Words(
                "one update moves the weights by at most {share:.0e} of their size",
                "一次更新最多使权重移动其大小的 {share:.0e}",
            )
            yield (), min(ratios), measured.format(share=max(ratios.values())), higher
    elif len(losses) >= ENOUGH:
        low, high = min(losses.values()), max(losses.values())
        if high - low < STILL * abs(losses[min(losses)]):
            measured = Words(
                "the training loss stays between {low:.5g} and {high:.5g}",
                "训练损失一直在 {low:.5g} 与 {high:.5g} 之间",
            )
            advice = Words(
                "{higher}, or see with --inspect full whether gradients vanish on their way",
                "{higher}，或用 --inspect full 看看梯度是否在途中消失",
            )
            yield (), min(losses), measured.format(low=low, high=high), advice.format(higher=higher)


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
    advice = Words(
        "use more data or augmentation, dropout, weight decay, or --patience to stop earlier",
        "使用更多数据或数据增强、暂退法、权重衰减，或用 --patience 提前停止",
    )
    right, right_held = (history.figures.get(name, {}).get(end) for name in ("accuracy", "val_accuracy"))
    # As long as the validation loss falls, a gap may only mean that batch normalization's averages lag behind.
    known = right is not None and right_held is not None and best < last
    if known and right - right_held >= GAP and 1 - right_held >= TIMES * (1 - right):
        measured = Words(
            "accuracy is {right:.1%} on the training data and {held:.1%} on the validation data",
            "训练数据上的准确率为 {right:.1%}，验证数据上为 {held:.1%}",
        )
        yield (), min(best + 1, end), measured.format(right=right, held=right_held), advice
    elif held[end] > RISE * held[best] > 0 and train[end] < train[best]:
        measured = Words(
            "the validation loss rose from {best:.4g} to {end:.4g} while the training loss fell",
            "验证损失从 {best:.4g} 升到 {end:.4g}，而训练损失下降",
        )
        yield (), best + 1, measured.format(best=held[best], end=held[end]), advice


def _misscaled(history):
    """What is wrong with the scale of the inputs; None if nothing is, or nothing is known of it."""
    scale = {name: _last(curve) for name, curve in history.layers("input_scale").items()}
    return input_scale.misscaled(scale["mean"], scale["std"]) if scale else None


def _exploded(history):
    """The epoch from which on the gradient's norm is too large; no number isn't small enough either."""
    return _since(history.curves.get("gradient_norm", {}), lambda norm: not norm <= EXPLODED)


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
