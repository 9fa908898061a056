"""Step, the perceptron's activation (Rosenblatt 1958).

    step(x)  = 1 where x > 0, else 0
    step'(x) = 0, at the jump too: it tells nothing about the weights

So no gradient trains a layer behind a step. The perceptron has a rule of its own, layers/perceptron.py.
"""

from keras import ops

from tfnotes.registry import Sample, concept


@concept(
    en="step",
    zh="阶跃函数",
    notes=["003:42", "003:67"],
    aliases=["heaviside"],
    samples=[Sample({}, (4, 7)), Sample({}, (3,))],
)
def step(x):
    """Step function (阶跃函数): whether x is positive, as 1 or 0.

    It has no useful gradient: automatic differentiation finds none or 0, so training leaves the weights
    before it as they are. Under TensorFlow, Keras warns of that.

    Args:
        x: tensor of any shape and float dtype.

    Returns:
        Tensor of the shape and dtype of `x`, of zeros and ones; step(0) is 0, and step(NaN) too.

    Differences from Keras: it has none. `keras.ops.heaviside` takes the value at 0 as an argument.

    Notes: 003:42, 003:67 (中文名: 阶跃函数).

    Reference: Rosenblatt 1958, "The perceptron: a probabilistic model for information storage and
    organization in the brain".

    >>> [float(y) for y in step(ops.array([-2.0, 0.0, 3.0]))]
    [0.0, 0.0, 1.0]
    """
    return ops.cast(x > 0, x.dtype)
