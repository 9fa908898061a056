"""Principal components of a stream: from the covariance where that fits, else from a sketch.

The covariance of d features has d * d numbers. Up to `FEATURES` features it is formed, and the result is
exact. Above, a sketch B of l = 2 * k + 10 rows stands for the centered data A, and each block is folded in by

    U S V = svd([B; block - mean_block; sqrt(n * n_block / (n + n_block)) * (mean_block - mean)])
    B    <- the first l rows of S V

(the incremental SVD of Ross et al. 2008). What is cut off is known, so the error is, too: with r the sum over
all blocks of the largest squared singular value cut off,

    0 <= A.T A - B.T B <= r     as quadratic forms, so that     variance <= true variance <= variance + r / n

r is 0, and the result exact, for data whose rank is at most l.
"""

import numpy as np

from tfnotes import _checks
from tfnotes.preprocessing._moments import scatter
from tfnotes.preprocessing._stream import BLOCK

# 4096 features, a 64 x 64 image: a covariance of 128 MB in float64, whose eigenvectors take half a minute.
FEATURES = 4096
# A sketch and its SVD hold about six matrices of its size: 1 GiB of float64.
SKETCH = 2**27 // 6


def sketch_rows(k):
    """Rows of the sketch for k components: more than k, so that what is cut off is small beside them."""
    return 2 * k + 10


def largest_k(features):
    """How many components a sketch of that many features may have."""
    return min(features, max(0, (SKETCH // features - 10) // 2))


def check_size(owner, features, k):
    """Refuses what doesn't fit in memory, before any is taken."""
    if k is not None and k > features:
        _checks.refuse(owner, "n_components", f"None or at most {features}, the number of features", k)
    if features > FEATURES and (k is None or k > largest_k(features)):
        expected = (
            f"at most {largest_k(features)} for inputs with {features} features, as a covariance of "
            f"{features} x {features} numbers is formed for {FEATURES} features at most"
        )
        _checks.refuse(owner, "n_components", expected, k)


def components(stream, matrix, features, k):
    """The k directions of largest variance.

    Args:
        stream: a `Stream`.
        matrix: gives the matrix of a batch, a row for each example.
        features: columns of that matrix.
        k: number of components.

    Returns:
        `(n, mean, components, variance, error)`: components are rows of length 1, the largest variance
        first; `error` bounds how far each variance is below the true one.
    """
    if features <= FEATURES:
        # More rows than a cache holds: adding up the products of a block costs as much as 400 of its rows.
        rows = max(4096, BLOCK // features)
        n, mean, m2 = scatter(stream.blocks(matrix, rows, single=True))
        variance, directions = eigen(m2 / n, np.finfo("float32").eps if stream.narrow else 0.0)
        return n, mean, directions[:k], variance[:k], 0.0
    rows = sketch_rows(k)
    return sketched(stream.blocks(matrix, rows), rows, k)


def eigen(covariance, precision=0.0):
    """Variances, the largest first, and their directions as rows; rounding errors about 0 are 0.

    Args:
        covariance: the matrix.
        precision: how exact it is beside the largest variance, if less than float64.
    """
    variance, directions = np.linalg.eigh(covariance)
    variance, directions = variance[::-1], directions.T[::-1]
    return without_rounding(variance, len(variance), precision), signed(directions)


def without_rounding(variance, features, precision=0.0):
    """Variances with those set to 0 that are within rounding of the largest, the first."""
    smallest = variance[0] * max(features * np.finfo("float64").eps, precision)
    return np.where(variance > smallest, variance, 0)


def sketched(blocks, rows, k):
    """`components` from a sketch with that many rows."""
    n, mean, sketch, cut = 0, 0.0, None, 0.0
    for block in blocks:
        here, n_block = block.mean(axis=0), len(block)
        block -= here
        between = np.sqrt(n * n_block / (n + n_block)) * (here - mean)
        stack = block if sketch is None else np.concatenate([sketch, block, between[None]])
        mean = mean + (here - mean) * (n_block / (n + n_block))
        n += n_block
        _, s, directions = np.linalg.svd(stack, full_matrices=False)
        cut += s[rows] ** 2 if len(s) > rows else 0.0
        s, directions = s[:rows], directions[:rows]
        sketch = s[:, None] * directions
    return n, mean, signed(directions[:k]), without_rounding(s[:k] ** 2 / n, directions.shape[1]), cut / n


def signed(directions):
    """The same directions, each with the sign that makes its largest number positive."""
    largest = np.take_along_axis(directions, np.abs(directions).argmax(axis=1)[:, None], axis=1)
    return directions * np.where(largest < 0, -1.0, 1.0)
