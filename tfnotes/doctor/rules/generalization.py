"""How what was learned holds for other data."""

from tfnotes.doctor.findings import rule
from tfnotes.language import Words

# Below these, what looks like overfitting is as often chance: a validation split of 400 has 2 points of deviation.
GAP, TIMES, RISE = 0.1, 2.0, 1.25
# As long as the validation loss falls, a smaller gap may only mean that batch normalization's averages lag behind.
FALLING = 10.0
# One epoch's validation loss jumps by as much where batch normalization's averages lag behind.
LASTS = 2


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
    known = right is not None and right_held is not None
    times = TIMES if best < last else FALLING
    if known and right - right_held >= GAP and 1 - right_held >= times * (1 - right):
        measured = Words(
            "accuracy is {right:.1%} on the training data and {held:.1%} on the validation data",
            "训练数据上的准确率为 {right:.1%}，验证数据上为 {held:.1%}",
        )
        yield (), min(best + 1, end), measured.format(right=right, held=right_held), advice
    # With dropout the training loss may be the higher one: what flutters below it is no overfitting.
    elif _risen(held, best, end) and train.get(end, held[end]) < min(train.get(best, 0), held[end]):
        measured = Words(
            "the validation loss rose from {best:.4g} to {end:.4g} while the training loss fell",
            "验证损失从 {best:.4g} 升到 {end:.4g}，而训练损失下降",
        )
        yield (), best + 1, measured.format(best=held[best], end=held[end]), advice


def _risen(held, best, end):
    """Whether the loss has stayed far above its best since."""
    after = [held[epoch] for epoch in sorted(held) if best < epoch <= end]
    return len(after) >= LASTS and min(after[-LASTS:]) > RISE * held[best] > 0
