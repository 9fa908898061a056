"""Linear, the identity: no activation at all.

    linear(x)  = x
    linear'(x) = 1

Layers of it, however many, are together one affine map.
"""

from tfnotes.registry import Sample, concept


@concept(
    en="linear",
    zh="线性函数",
    twin="keras.activations.linear",
    notes=["001:12", "002:41"],
    aliases=["identity"],
    samples=[Sample({}, (4, 7)), Sample({}, (3,))],
    bench=Sample({}, (128, 24, 24, 32)),
)
def linear(x):
    """Linear activation (线性函数): gives what it is given.

    Args:
        x: tensor of any shape and dtype.

    Returns:
        `x` itself.

    Differences from keras.activations.linear: none.

    Notes: 001:12, 002:41 (中文名: 线性函数).

    >>> float(linear(-2.5))
    -2.5
    """
    return x
