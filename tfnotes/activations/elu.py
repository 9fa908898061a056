"""ELU, the exponential linear unit (Clevert et al. 2016).

    elu(x)  = x where x > 0, else alpha * (exp(x) - 1)
    elu'(x) = 1 where x > 0, else alpha * exp(x)

Far below 0 it is flat at -alpha, so it damps noise; its mean output is nearer to 0 than ReLU's.
"""

from keras import ops

from tfnotes.registry import Sample, concept


def elu_by_definition(x, alpha=1.0):
    """The function with an exp that sees no positive number.

    `where` computes both branches. exp(x) of a large x would be infinite, and 0 times its infinite
    derivative NaN, although the branch isn't taken.
    """
    positive = x > 0
    return ops.where(positive, x, alpha * ops.expm1(ops.where(positive, 0, x)))


@concept(
    en="exponential linear unit",
    zh="指数线性单元",
    twin="keras.activations.elu",
    notes=["004:142-148"],
    samples=[Sample({}, (4, 7)), Sample({"alpha": 0.5}, (2, 3, 4)), Sample({"alpha": 1.75}, (5,))],
    bench=Sample({}, (128, 24, 24, 32)),
    definition=elu_by_definition,
)
def elu(x, alpha=1.0):
    """Exponential linear unit (指数线性单元): x, bending towards -alpha where x is negative.

    It runs the framework's kernel: spelled out with `where` and `expm1`, a forward and backward pass took
    about 4 times as long.

    Args:
        x: tensor of any shape and float dtype.
        alpha: how far below 0 it goes. Default 1.

    Returns:
        Tensor of the shape and dtype of `x`.

    Differences from keras.activations.elu: none.

    Notes: 004:142-148 (中文名: 指数线性单元).

    Reference: Clevert, Unterthiner and Hochreiter 2016, "Fast and accurate deep network learning by
    exponential linear units", equation (15); arXiv:1511.07289.

    >>> [round(float(y), 3) for y in elu(ops.array([-1.0, 0.0, 3.0]))]
    [-0.632, 0.0, 3.0]
    """
    return ops.elu(x, alpha)
