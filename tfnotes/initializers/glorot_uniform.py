"""Glorot (also called Xavier) initialization, uniform: signals keep their variance both ways.

    variance = 2 / (fan_in + fan_out)
"""

from tfnotes.initializers._random import FanInitializer
from tfnotes.registry import Sample, concept


@concept(
    en="Glorot (Xavier) uniform initialization",
    zh="Xavier 均匀初始化",
    twin="keras.initializers.GlorotUniform",
    notes=["004:242", "001:28"],
    aliases=["xavier_uniform", "XavierUniform"],
    samples=[
        Sample({"seed": 1}, (30, 40)),
        Sample({"seed": 2}, (3, 5, 4, 6)),
        Sample({"seed": 3, "input_axes": [0, 1], "output_axes": [2]}, (3, 5, 4)),
        Sample({"seed": 4}, (7,)),
    ],
    bench=Sample({"seed": 1}, (1024, 1024)),
)
class GlorotUniform(FanInitializer):
    """Glorot uniform, also called Xavier uniform (Xavier 均匀初始化): for tanh-like activations.

    Args:
        seed: an int, a `keras.random.SeedGenerator`, or None, which draws a seed. Default None.
        input_axes, output_axes: the axes whose sizes make the fans, for weights of another layout, both
            or neither. Default None.

    Call arguments:
        shape: of the weight: `(inputs, outputs)`, or `(*window, inputs, outputs)` of a convolution.
        dtype: of the weight. Default Keras's float type.

    Returns:
        Tensor of that shape and dtype.

    Raises:
        ValueError: an argument is none of these.

    Differences from keras.initializers.GlorotUniform: none; the same seed draws the same numbers.

    Notes: 004:242, 001:28 (中文名: Xavier 均匀初始化).

    Reference: Glorot and Bengio 2010, "Understanding the difficulty of training deep feedforward neural networks",
    equation (16).

    >>> GlorotUniform(seed=1)((2, 3)).shape == (2, 3)
    True
    """

    scale, mode, distribution = 1.0, "fan_avg", "uniform"
