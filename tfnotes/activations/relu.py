"""ReLU, the rectified linear unit (Nair and Hinton 2010).

    relu(x)  = max(x, 0)
    relu'(x) = 1 where x > 0, else 0

The derivative at 0, which doesn't exist, is taken to be 0.
"""

from keras import ops

from tfnotes.activations.leaky_relu import leaky_relu
from tfnotes.registry import Sample, concept


def relu_by_definition(x, negative_slope=0.0, max_value=None, threshold=0.0):
    """The function, and through `where` its derivative at 0, spelled out. NaN passes every comparison."""
    # Not a product with a slope of 0: that of minus infinity would be NaN.
    below = negative_slope * (x - threshold) if negative_slope else 0
    y = ops.where(x <= threshold, below, x)
    return y if max_value is None else ops.where(y >= max_value, max_value, y)


@concept(
    en="rectified linear unit",
    zh="修正线性单元",
    twin="keras.activations.relu",
    notes=["001:25-28", "002:63-69", "003:44-53", "004:129-130", "004:159"],
    aliases=["ReLU"],
    samples=[
        Sample({}, (4, 7)),
        Sample({"negative_slope": 0.125, "max_value": 0.75, "threshold": 0.25}, (2, 3, 4)),
        Sample({"max_value": 1.0}, (5,)),
    ],
    bench=Sample({}, (128, 24, 24, 32)),
    definition=relu_by_definition,
)
def relu(x, negative_slope=0.0, max_value=None, threshold=0.0):
    """Rectified linear unit (修正线性单元): x where x is positive, else 0.

    It runs the framework's fused kernels: as `maximum(x, 0)` a forward and backward pass took 1.6
    times as long, with the backward pass written by hand 1.3 times; the definition with a `max_value` of 6,
    for which there is a kernel too, 2.1 times.

    Args:
        x: tensor of any shape and float dtype.
        negative_slope: slope below the threshold. Default 0.
        max_value: largest value given, or None. Default None.
        threshold: values up to it are damped. Default 0.

    Returns:
        Tensor of the shape and dtype of `x`.

    Differences from keras.activations.relu: with a `threshold` NaN stays NaN, where Keras gives 0.

    Notes: 001:25-28, 002:63-69, 003:44-53, 004:129-130 (中文名: 修正线性单元).

    Reference: Nair and Hinton 2010, "Rectified linear units improve restricted Boltzmann machines".

    >>> [float(y) for y in relu(ops.array([-2.0, 0.0, 3.0]))]
    [0.0, 0.0, 3.0]
    """
    if negative_slope == 0.0 and max_value is None and threshold == 0.0:
        return ops.relu(x)
    if negative_slope != 0.0 and max_value is None and threshold == 0.0:
        return leaky_relu(x, negative_slope)
    x = ops.convert_to_tensor(x)
    # Not `x > threshold`, which NaN doesn't pass.
    y = ops.where(x <= threshold, 0, x) if threshold else ops.relu6(x) if max_value == 6 else ops.relu(x)
    if max_value is not None and (threshold or max_value != 6):
        y = ops.clip(y, 0, max_value)
    return y - negative_slope * ops.relu(threshold - x) if negative_slope else y
