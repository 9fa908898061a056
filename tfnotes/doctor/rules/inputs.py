"""How the inputs are scaled."""

import math

from tfnotes.doctor.findings import rule
from tfnotes.doctor.history import last
from tfnotes.doctor.rules.figures import ASTRAY
from tfnotes.language import Words

# Initializers are made for inputs of about 1. Pixels of 0-255 have a deviation near 80, digits as 0-1 one of 0.3.
LARGE, SMALL, APART = 5.0, 0.01, 10.0
NO_NUMBERS = Words("some are no numbers", "数值中有非有限的数")
FILL = Words("leave out the examples with such values, or fill them in", "去掉含有这些值的样本，或把它们补上")
CURE = Words("scale the inputs to 0-1, or to mean 0 and deviation 1", "把输入缩放到 0-1，或使均值为 0、标准差为 1")


@rule(
    "badly scaled data",
    needs="input_scale",
    explains=("figures that are no numbers", "learning rate too high", *ASTRAY, "nothing learned"),
)
def badly_scaled(history):
    fault = fault_of(history)
    if fault:
        yield (), 1, Words("of the inputs, {fault}", "输入的{fault}").format(fault=fault), cure_of(fault)


def fault_of(history):
    """What is wrong with the scale of the inputs; None if nothing is, or nothing is known of it."""
    scale = {name: last(curve) for name, curve in history.layers("input_scale").items()}
    inputs = {name.rpartition("mean")[0] for name in scale if name.endswith("mean")}
    faults = (misscaled(scale[f"{name}mean"], scale[f"{name}std"]) for name in sorted(inputs))
    return next(filter(None, faults), None)


def cure_of(fault):
    """What helps against a fault that `misscaled` gives."""
    return FILL if fault == NO_NUMBERS else CURE


def misscaled(mean, std):
    """What is wrong with inputs of this mean and standard deviation, or None."""
    if not (math.isfinite(mean) and math.isfinite(std)):
        return NO_NUMBERS
    seen = Words(
        "their mean is {mean:.3g} and their standard deviation {std:.3g}, {so}",
        "均值为 {mean:.3g}，标准差为 {std:.3g}，{so}",
    )
    if max(abs(mean), std) > LARGE:
        so = Words("far above 1", "远大于 1")
    elif std < SMALL:
        so = Words("so they hardly differ", "几乎没有差别")
    elif abs(mean) > APART * std:
        so = Words("so all lie far to one side of 0", "全都远在 0 的一侧")
    else:
        return None
    return seen.format(mean=mean, std=std, so=so)
