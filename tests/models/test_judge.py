"""The judge tells classes apart that can be told apart, and the same seed makes the same judge."""

import numpy as np

from tfnotes.models.judge import judge


def stripes(n, seed):
    """Noisy images of a vertical or a horizontal stripe."""
    rng = np.random.default_rng(seed)
    y = rng.integers(2, size=n)
    x = 0.3 * rng.random((n, 6, 6, 1))
    x[y == 0, :, 2] += 0.7
    x[y == 1, 2, :] += 0.7
    return x.astype("float32"), y


def test_it_tells_stripes_apart():
    model = judge(*stripes(400, 0), 2)
    x, y = stripes(200, 1)
    assert np.mean(np.argmax(model.predict_on_batch(x), -1) == y) > 0.95


def test_it_repeats_with_its_seed():
    x, y = stripes(100, 0)
    first, same, other = (judge(x, y, 2, seed).predict_on_batch(x[:5]) for seed in (1, 1, 2))
    np.testing.assert_array_equal(first, same)
    assert np.abs(first - other).max() > 1e-3
