"""Mean and variance of what several workers, or replicas, have of a batch: one sum over them, and one on the way back.

    m        = sum of m[w]                                                       over the workers w
    mean     = sum of m[w] * mean[w] / m
    variance = sum of m[w] * (variance[w] + mean[w]**2) / m - mean**2

In double precision, in which the square of the mean may well be taken away again.
"""

import math

import keras
from keras import ops

from tfnotes import _checks, _share


def over_workers(mean, variance, x, axes, mask, total):
    """The statistics of all, from those of this worker.

    Args:
        mean, variance: this worker's.
        x, axes, mask: what they are of.
        total: the sum of a tensor over the workers, differentiable.

    Returns:
        `(mean, variance)`, the same on all.
    """
    mean, variance = ops.cast(mean, "float64"), ops.cast(variance, "float64")
    if mask is None:
        m = ops.ones_like(mean) * ops.cast(math.prod(ops.shape(x)[a] for a in axes), "float64")
    else:
        m = ops.sum(ops.broadcast_to(ops.cast(mask, "float64"), ops.shape(x)), axis=axes, keepdims=True)
    sums = total(ops.stack([m * mean, m * (variance + ops.square(mean)), m]))
    m = ops.maximum(sums[2], 1)
    mean = sums[0] / m
    # Rounding may leave less than nothing of it.
    variance = ops.maximum(sums[1] / m - ops.square(mean), 0)
    return ops.cast(mean, x.dtype), ops.cast(variance, x.dtype)


def total_of(owner):
    """What sums over the workers or the replicas of a strategy; None where there is one."""
    if keras.backend.backend() != "tensorflow":
        _checks.refuse(owner, "synchronized", "False on backends other than TensorFlow, as in Keras", True)
    share = _share.current()
    if share is not None:
        return share.total
    import tensorflow as tf

    replica = tf.distribute.get_replica_context()
    if replica is None or replica.num_replicas_in_sync == 1:
        return None
    return lambda x: replica.all_reduce(tf.distribute.ReduceOp.SUM, x)
