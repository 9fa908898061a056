"""Layers: gradients and units."""

from tfnotes.doctor.findings import rule
from tfnotes.doctor.history import by_epoch, last, since
from tfnotes.language import Words

# The loss is a mean over examples: healthy classifiers' norms lie between 0.1 and 20, at their first epoch, too.
EXPLODED = 1e3
# Small layers lose a tenth of their units by chance and learn well without them.
DEAD = 0.25
SATURATED = 0.5
# Layers of a network that learns have gradients within a factor of 100 of each other; through ten sigmoids it is 1e6.
VANISHED = 1e-3
REVIVE = Words("lower the learning rate or use He initialization", "降低学习率，或使用 He 初始化")
UNSATURATE = Words(
    "scale the inputs, use Xavier initialization or batch normalization", "缩放输入，使用 Xavier 初始化或批量归一化"
)


@rule("exploding gradients", needs="gradient_norm", explains=("nothing learned",))
def exploding(history):
    begun = exploded(history)
    if begun:
        curve, norms = history.curves["gradient_norm"], history.layers("gradient_norm")
        end = max(curve)
        layers = sorted((layer for layer in norms if not norms[layer][end] <= EXPLODED), key=lambda f: -norms[f][end])
        measured = Words("the gradient's norm is {norm:.1e}", "梯度的范数为 {norm:.1e}").format(norm=curve[end])
        advice = Words(
            "use He or Xavier initialization, batch normalization or clipping",
            "使用 He 或 Xavier 初始化、批量归一化或梯度裁剪",
        )
        yield tuple(layers), begun, measured, advice


def exploded(history):
    """The epoch from which on the gradient's norm is too large; no number isn't small enough either."""
    return since(history.curves.get("gradient_norm", {}), lambda norm: not norm <= EXPLODED)


_IDLE = ("vanishing gradients", "learning rate too low", "nothing learned")


@rule("dead units", needs="activation_mean", explains=_IDLE)
def dead(history):
    for layer, curve in history.layers("dead_units").items():
        begun = since(curve, lambda share: share >= DEAD)
        if begun:
            measured = Words("{share:.0%} of units are zero for every example", "{share:.0%} 的单元对每个样本都输出零")
            yield (layer,), begun, measured.format(share=last(curve)), REVIVE


@rule("saturated units", needs="activation_mean", explains=_IDLE)
def saturated(history):
    for layer, curve in history.layers("saturation").items():
        begun = since(curve, lambda share: share >= SATURATED)
        if begun:
            measured = Words(
                "{share:.0%} of outputs lie where the activation is flat", "{share:.0%} 的输出落在激活函数平坦的地方"
            )
            yield (layer,), begun, measured.format(share=last(curve)), UNSATURATE


@rule("vanishing gradients", needs="gradient_norm/", explains=("learning rate too low", "nothing learned"))
def vanishing(history):
    norms = history.layers("gradient_norm")
    largest = by_epoch(norms, max)
    ratios, begun = history.layers("update_ratio"), {}
    for layer, curve in norms.items():
        # As of a Ladder network's denoising, whose cost is no part of what inference computes.
        if last(curve) == 0 and last(ratios.get(layer, {0: 0})) > 0:
            continue
        shares = {epoch: norm / largest[epoch] for epoch, norm in curve.items() if largest[epoch] > 0}
        begun[layer] = since(shares, lambda share: share < VANISHED)
    found = [layer for layer, epoch in begun.items() if epoch]
    if found:
        end = max(largest)
        found.sort(key=lambda layer: norms[layer][end])
        measured = Words(
            "the gradient is {least:.1e}, of the layer with the largest {largest:.1e}",
            "梯度为 {least:.1e}，而最大的一层为 {largest:.1e}",
        ).format(least=norms[found[0]][end], largest=largest[end])
        advice = Words("use ReLU, batch normalization or fewer layers", "使用 ReLU、批量归一化或更少的层")
        yield tuple(found), min(begun[f] for f in found), measured, advice
