"""He initialization, normal: ReLU drops half of the variance, so the weights carry twice as much.

    variance = 2 / fan_in
"""

from tfnotes.initializers._random import FanInitializer
from tfnotes.registry import Sample, concept


@concept(
    en="He normal initialization",
    zh="He 正态初始化",
    twin="keras.initializers.HeNormal",
    notes=["004:243"],
    aliases=["kaiming_normal"],
    samples=[
        Sample({"seed": 1}, (30, 40)),
        Sample({"seed": 2}, (3, 5, 4, 6)),
        Sample({"seed": 3, "input_axes": [0, 1], "output_axes": [2]}, (3, 5, 4)),
        Sample({"seed": 4}, (7,)),
    ],
    bench=Sample({"seed": 1}, (1024, 1024)),
)
class HeNormal(FanInitializer):
    """He normal (He 正态初始化): for ReLU and its kin.

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

    Differences from keras.initializers.HeNormal: none; the same seed draws the same numbers.

    Notes: 004:243 (中文名: He 正态初始化).

    Reference: He et al. 2015, "Delving deep into rectifiers", equation (10); arXiv:1502.01852.

    >>> HeNormal(seed=1)((2, 3)).shape == (2, 3)
    True
    """

    scale, mode, distribution = 2.0, "fan_in", "truncated_normal"
