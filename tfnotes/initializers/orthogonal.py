"""Orthogonal: a random rotation, which keeps the length of what passes through it, step after step.

    a from the standard normal, tall: max(rows, columns) by min(rows, columns)
    q, r = qr(a)
    w = gain * q * sign(diagonal(r)),    transposed where there are more columns than rows

    tall: transpose(w) @ w = gain**2 * identity        wide: w @ transpose(w) = gain**2 * identity

A decomposition may choose each column's sign; fixed by the diagonal, the rotation is uniform over all.
A kernel of more axes is the matrix whose columns are its last axis.
"""

import math

import keras
from keras import ops

from tfnotes import _checks
from tfnotes.initializers._random import RandomInitializer
from tfnotes.registry import Sample, concept


def orthonormal_columns(a):
    """Columns of length 1 at right angles, spanning what those of a tall matrix span."""
    q, r = ops.qr(a)
    return q * ops.sign(ops.diagonal(r))


@concept(
    en="orthogonal initialization",
    zh="正交初始化",
    twin="keras.initializers.Orthogonal",
    notes=["004:238-242"],
    aliases=["OrthogonalInitializer"],
    samples=[
        Sample({"seed": 1}, (30, 40)),
        Sample({"seed": 2, "gain": 2.0}, (9, 4)),
        Sample({"seed": 3, "gain": 0.5}, (3, 2, 4, 6)),
        Sample({"seed": 4}, (2, 1, 2, 9)),
    ],
    bench=Sample({"seed": 1}, (256, 256)),
)
class Orthogonal(RandomInitializer):
    """Orthogonal initialization (正交初始化): what the recurrent kernels start from.

    Args:
        gain: length of each row or column. Default 1.
        seed: an int, a `keras.random.SeedGenerator`, or None, which draws a seed. Default None.

    Call arguments:
        shape: of the weight, of two axes or more.
        dtype: of the weight, float32 or float64. Default Keras's float type.

    Returns:
        Tensor of that shape and dtype.

    Raises:
        ValueError: an argument is none of these, or the shape has fewer than two axes.

    Differences from keras.initializers.Orthogonal: none; the same seed draws the same numbers.

    Notes: 004:238-242 (中文名: 正交初始化).

    Reference: Saxe, McClelland and Ganguli 2014, "Exact solutions to the nonlinear dynamics of learning in
    deep linear neural networks", arXiv:1312.6120; the sign: Mezzadri 2007, arXiv:math-ph/0609050.

    >>> w = Orthogonal(seed=1)((3, 3))
    >>> bool(ops.max(ops.abs(ops.matmul(w, ops.transpose(w)) - ops.eye(3))) < 1e-5)
    True
    """

    def __init__(self, gain=1.0, seed=None):
        super().__init__(seed)
        self.gain = _checks.number(self, "gain", gain)

    def __call__(self, shape, dtype=None):
        if len(shape) < 2:
            _checks.refuse(self, "shape", "of two axes or more", tuple(shape))
        rows, columns = math.prod(shape[:-1]), shape[-1]
        a = keras.random.normal((max(rows, columns), min(rows, columns)), dtype=dtype, seed=self.seed)
        q = orthonormal_columns(a)
        return self.gain * ops.reshape(ops.transpose(q) if rows < columns else q, shape)

    def get_config(self):
        return {"gain": self.gain, **super().get_config()}
