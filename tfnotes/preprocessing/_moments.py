"""Mean and (co)variance of a stream in one pass (Chan, Golub and LeVeque 1979), in float64.

Each block has its n, mean and sum of squares about its own mean; two such are merged by

    delta = mean_b - mean_a
    n     = n_a + n_b
    mean  = mean_a + delta * n_b / n
    m2    = m2_a + m2_b + delta**2 * n_a * n_b / n

No sum of raw squares is ever formed, so a mean that is large beside the deviation costs no digits. For the matrix
of products about the mean (the scatter matrix) the square is an outer product, and with the rows

    between = sqrt(n_a * n_b / n) * delta

of all merges m2 is the sum of the blocks' own matrices and of between.T @ between.
"""

import functools

import numpy as np

# Rows kept before their products are added: adding those of one would cost as much as of a hundred.
ROWS = 64


def squares(block):
    """`(n, mean, m2)` of a block: each column's squares about the mean. It centers the block itself."""
    mean = block.mean(axis=0)
    block -= mean
    return len(block), mean, np.einsum("ij,ij->j", block, block)


def merge(a, b):
    """The moments of both parts together."""
    (n_a, mean_a, m2_a), (n_b, mean_b, m2_b) = a, b
    n = n_a + n_b
    delta = mean_b - mean_a
    return n, mean_a + delta * (n_b / n), m2_a + m2_b + delta**2 * (n_a * n_b / n)


def streamed(blocks):
    """The moments of all blocks, float64 matrices: `(n, mean, m2)`, where `m2 / n` is the variance."""
    return functools.reduce(merge, map(squares, blocks))


def mean_of(blocks):
    """`(n, mean)` of all blocks, float64 or float32 matrices; the mean in float64."""
    n, mean = 0, 0.0
    for block in blocks:
        n += len(block)
        mean = mean + (block.mean(axis=0, dtype="float64") - mean) * (len(block) / n)
    return n, mean


def scatter(blocks):
    """The mean and the matrix of products about it of all blocks, which it centers in place.

    Of float32 blocks the products are computed in float32, twice as fast, and their sums over blocks in
    float64: the error is that of rounding the centered data once, about 1e-7 of the variances.

    Args:
        blocks: float64 or float32 matrices.

    Returns:
        `(n, mean, m2)` in float64; the covariance is `m2 / n`.
    """
    n, mean = 0, 0.0
    between: list[np.ndarray] = []
    rounded: list[np.ndarray] = []
    for block in blocks:
        if not n:
            m2 = np.zeros((block.shape[1], block.shape[1]))
            products = np.empty_like(m2, block.dtype)
        if len(between) == ROWS:
            m2 += _products(between) - _products(rounded)
        n_block, here = len(block), block.mean(axis=0, dtype="float64")
        center = here.astype(block.dtype)
        block -= center
        m2 += np.matmul(block.T, block, out=products)
        # The products are about the rounded center, not about the mean.
        rounded.append(np.sqrt(n_block) * (here - center))
        between.append(np.sqrt(n * n_block / (n + n_block)) * (here - mean))
        n, mean = n + n_block, mean + (here - mean) * (n_block / (n + n_block))
    return n, mean, m2 + _products(between) - _products(rounded)


def _products(rows):
    """The sum of the rows' outer products; it empties the list."""
    matrix = np.stack(rows)
    rows.clear()
    return matrix.T @ matrix
