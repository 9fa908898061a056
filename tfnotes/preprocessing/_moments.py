"""Mean and (co)variance of a stream in one pass (Chan, Golub and LeVeque 1979), in float64.

Each block has its n, mean and sum of squares about its own mean; two such are merged by

    delta = mean_b - mean_a
    n     = n_a + n_b
    mean  = mean_a + delta * n_b / n
    m2    = m2_a + m2_b + delta**2 * n_a * n_b / n

with the outer product of delta in place of its square for the matrix of products (the scatter matrix).
No sum of raw squares is ever formed, so a mean that is large beside the deviation costs no digits.
"""

import numpy as np


def squares(block):
    """`(n, mean, m2)` of a block: each column's squares about the mean. It centers the block itself."""
    mean = block.mean(axis=0)
    block -= mean
    return len(block), mean, np.einsum("ij,ij->j", block, block)


def scatter(block):
    """`(n, mean, m2)` of a block: the matrix of products about the mean. It centers the block itself.

    Of a float32 block the products are computed in float32, twice as fast, and all sums over blocks in
    float64: the error is that of rounding the centered data once, about 1e-7 of the variances.
    """
    mean = block.mean(axis=0, dtype="float64")
    block -= mean.astype(block.dtype)
    # What rounding left of the mean.
    rest = block.mean(axis=0, dtype="float64")
    m2 = (block.T @ block).astype("float64", copy=False)
    m2 -= np.multiply.outer(rest, rest * len(block))
    return len(block), mean, m2


def merge(a, b):
    """The moments of both parts together."""
    (n_a, mean_a, m2_a), (n_b, mean_b, m2_b) = a, b
    n = n_a + n_b
    delta = mean_b - mean_a
    between = np.multiply.outer(delta, delta) if m2_a.ndim == 2 else delta**2
    # In place: for a scatter matrix, copies would cost more than the sum.
    between *= n_a * n_b / n
    between += m2_b
    between += m2_a
    return n, mean_a + delta * (n_b / n), between


def streamed(blocks, of_block):
    """The moments of all blocks.

    Args:
        blocks: float64 matrices.
        of_block: `squares` or `scatter`.

    Returns:
        `(n, mean, m2)`; the (co)variance is `m2 / n`.
    """
    total = None
    for block in blocks:
        moments = of_block(block)
        total = moments if total is None else merge(total, moments)
    return total
