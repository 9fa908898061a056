"""What the elementwise losses share: shapes that fit or are refused, and sample weights."""

import keras
import numpy as np
import pytest

from tfnotes import losses

PAIRS = [
    (losses.MeanSquaredError, keras.losses.MeanSquaredError),
    (losses.BinaryCrossentropy, keras.losses.BinaryCrossentropy),
]


@pytest.mark.parametrize("pair", PAIRS, ids=lambda p: p[0].__name__)
@pytest.mark.parametrize(
    ("target", "prediction"),
    [((4,), (4, 1)), ((4, 1), (4,)), ((4, 3, 1), (4, 3)), ((4, 3), (4, 3, 1)), ((4,), (4,))],
)
def test_a_missing_last_axis_is_put_in_or_taken_out_as_the_twin_does(pair, target, prediction):
    rng = np.random.default_rng(0)
    y_true, y_pred = rng.integers(2, size=target), rng.uniform(0.1, 0.9, size=prediction)
    for reduction in ("none", "sum_over_batch_size", "sum"):
        ours, theirs = (cls(reduction=reduction)(y_true, y_pred) for cls in pair)
        np.testing.assert_allclose(ours, theirs, rtol=1e-6)


@pytest.mark.parametrize("pair", PAIRS, ids=lambda p: p[0].__name__)
def test_sample_weights_count_as_with_the_twin(pair):
    rng = np.random.default_rng(0)
    y_true, y_pred = rng.integers(2, size=(6, 2)), rng.uniform(0.1, 0.9, (6, 2))
    weights = rng.uniform(size=6)
    for reduction in ("sum_over_batch_size", "mean_with_sample_weight", "sum"):
        ours, theirs = (cls(reduction=reduction)(y_true, y_pred, sample_weight=weights) for cls in pair)
        assert float(ours) == pytest.approx(float(theirs), rel=1e-6)


@pytest.mark.parametrize("cls", [pair[0] for pair in PAIRS])
@pytest.mark.parametrize("target", [(4, 1), (3,), (4,), (3, 3)])
def test_targets_that_would_broadcast_are_refused(cls, target):
    with pytest.raises(ValueError, match=f"{cls.__name__}: `y_true` must be of the shape of `y_pred`"):
        cls()(np.zeros(target), np.full((4, 3), 0.5))
