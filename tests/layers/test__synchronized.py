"""Statistics over workers by hand, as one worker with all rows has them; and when there is anything to sum."""

import keras
import numpy as np
import pytest
from keras import ops

from tfnotes.layers import _synchronized
from tfnotes.layers.batch_normalization import moments

PARTS = [slice(0, 1), slice(1, 4), slice(4, 9)]
X = np.random.default_rng(0).normal(50, 2, size=(9, 4, 3)).astype("float32")


def of_each(x, mask=None):
    """What each of three workers finds, and what they hand to the sum."""
    given = [(ops.convert_to_tensor(x[p]), None if mask is None else ops.convert_to_tensor(mask[p])) for p in PARTS]
    sums = []

    def run(rows, counted, total):
        return _synchronized.over_workers(*moments(rows, (0, 1), counted), rows, (0, 1), counted, total)

    for rows, counted in given:
        run(rows, counted, lambda own: sums.append(own) or own)
    return [run(rows, counted, lambda own: sum(sums)) for rows, counted in given], sums


def test_each_has_the_mean_and_variance_of_all_rows_by_their_number():
    found, sums = of_each(X)
    for mean, variance in found:
        assert keras.backend.standardize_dtype(mean.dtype) == "float32"
        np.testing.assert_allclose(np.ravel(mean), X.astype("float64").mean((0, 1)), rtol=1e-6)
        np.testing.assert_allclose(np.ravel(variance), X.astype("float64").var((0, 1)), rtol=1e-4)
    assert {keras.backend.standardize_dtype(own.dtype) for own in sums} == {"float64"}


def test_rows_that_are_masked_dont_count():
    mask = np.arange(4) < np.array([0, 4, 1, 2, 3, 0, 0, 1, 4])[:, None]
    found, _ = of_each(X, mask[..., None])
    for mean, variance in found:
        np.testing.assert_allclose(np.ravel(mean), X[mask].astype("float64").mean(0), rtol=1e-6)
        np.testing.assert_allclose(np.ravel(variance), X[mask].astype("float64").var(0), rtol=1e-4)
    for mean, variance in of_each(X, np.zeros((9, 4, 1), bool))[0]:
        np.testing.assert_array_equal([mean, variance], 0)


def test_rounding_leaves_no_variance_below_0():
    x = ops.ones((9, 3))
    less = np.array([0.0, 1e-12, 0])[:, None, None]
    mean, variance = _synchronized.over_workers(*moments(x, (0,)), x, (0,), None, lambda own: own - less)
    np.testing.assert_array_equal([mean, variance], [[[1] * 3], [[0] * 3]])


@pytest.mark.skipif(keras.backend.backend() != "tensorflow", reason="refused there")
def test_it_sums_over_workers_before_replicas_and_over_one_alone_not_at_all(monkeypatch):
    import tensorflow as tf

    from tfnotes import _share

    class Replica:
        num_replicas_in_sync = 2

        def all_reduce(self, how, x):
            return (how, 10 * x)

    assert _synchronized.total_of("It") is None
    replica = Replica()
    monkeypatch.setattr(tf.distribute, "get_replica_context", lambda: replica)
    assert _synchronized.total_of("It")(3) == (tf.distribute.ReduceOp.SUM, 30)
    share = _share.Share(2, 1, 0, 2, 0, 1)
    with _share.entered(share):
        assert _synchronized.total_of("It") == share.total
    replica.num_replicas_in_sync = 1
    assert _synchronized.total_of("It") is None
    monkeypatch.setattr(tf.distribute, "get_replica_context", lambda: None)
    assert _synchronized.total_of("It") is None
