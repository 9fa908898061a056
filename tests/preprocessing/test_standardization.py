"""Standardization by hand, against Keras's own `adapt`, and where the two differ on purpose."""

import keras
import numpy as np
import pytest

from tests.preprocessing.layers import adapted
from tfnotes.errors import InputError
from tfnotes.preprocessing import Standardization
from tfnotes.preprocessing.standardization import without_rounding

DATA = np.random.default_rng(0).normal(3, 2, size=(50, 4, 3))


def test_by_hand():
    layer = adapted(Standardization, np.array([[1.0, 10], [3, 20], [5, 60]]))
    np.testing.assert_allclose(layer.adapt_mean, [3, 30], rtol=1e-12)
    np.testing.assert_allclose(layer.adapt_variance, [8 / 3, 1400 / 3], rtol=1e-12)
    np.testing.assert_allclose(layer(np.array([[5.0, 30]])), [[2 / np.sqrt(8 / 3), 0]], rtol=1e-12, atol=1e-15)


def test_the_first_call_warns_of_nothing(recwarn):
    layer = adapted(Standardization, DATA)
    layer(DATA)
    assert not [str(w.message) for w in recwarn if issubclass(w.category, DeprecationWarning)]


@pytest.mark.parametrize("axis", [-1, None, (1, 2), 1])
def test_adapt_equals_the_twins(axis):
    ours, twin = adapted(Standardization, DATA, axis=axis), keras.layers.Normalization(axis, dtype="float64")
    twin.adapt(DATA)
    for a, b in zip(ours.get_weights()[:2], twin.get_weights()[:2], strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-12)
    np.testing.assert_allclose(ours(DATA), twin(DATA), rtol=1e-12, atol=1e-12)
    np.testing.assert_allclose(ours.inverse(ours(DATA)), DATA, rtol=1e-12)


def test_a_constant_feature_becomes_0():
    x = np.stack([np.full(1000, 0.1, "float32"), np.arange(1000, dtype="float32")], axis=1)
    layer = Standardization()
    layer.adapt(x)
    np.testing.assert_array_equal(layer(x)[:, 0], 0)
    np.testing.assert_array_equal(layer.inverse(layer(x))[:, 0], x[:, 0])


@pytest.mark.parametrize("value", [0.0, 7.0, 1e-9, 1e6, -0.1])
@pytest.mark.parametrize("dtype", ["float32", "float64", "float16"])
def test_a_feature_that_was_constant_and_is_not_stays_small(value, dtype):
    x = np.full((1000, 1), min(value, 6e4), dtype)
    layer = adapted(Standardization, x)
    np.testing.assert_array_equal(layer.adapt_variance, 0)
    y = layer(x[:1].astype("float64") + 200)
    np.testing.assert_allclose(y, 200, rtol=1e-6)
    np.testing.assert_allclose(layer.inverse(y), x[:1].astype("float64") + 200, rtol=1e-9)


def test_a_variance_is_0_where_rounding_the_mean_explains_it():
    eps = np.finfo("float64").eps
    n, mean = 100, 3.0
    rounding = (n * mean * eps) ** 2
    np.testing.assert_array_equal(
        without_rounding(n, np.full(4, mean), np.array([rounding, 4 * rounding, 0.0, 1e-12])),
        [0, 4 * rounding, 0, 1e-12],
    )
    np.testing.assert_array_equal(without_rounding(n, np.zeros(2), np.array([0.0, 1e-300])), [0, 1e-300])


def test_digits_of_which_some_pixels_were_always_black():
    rng = np.random.default_rng(0)
    train, test = (rng.integers(0, 256, size=(400, 50)).astype("float32") for _ in range(2))
    train[:, ::3] = 0
    layer = Standardization()
    layer.adapt(train)
    y = np.asarray(layer(test))
    assert np.abs(y).max() <= 255
    np.testing.assert_array_equal(y[:, ::3], test[:, ::3])


def test_a_large_mean_costs_no_digits_where_the_twin_loses_them():
    x = (1e6 + np.arange(5000) % 2).astype("float32")[:, None]
    layer = Standardization()
    layer.adapt([x[k : k + 7] for k in range(0, 5000, 7)])
    assert float(layer.adapt_variance[0]) == 0.25
    assert np.std(layer(x)) == pytest.approx(1, abs=1e-5)


def test_given_statistics_need_no_data():
    layer = Standardization(mean=[1.0, 2.0], variance=[4.0, 9.0])
    np.testing.assert_allclose(layer(np.array([[3.0, 5.0]])), [[1, 1]])
    assert not layer.weights
    with pytest.raises(InputError, match="Standardization: `mean` must be None for `adapt`"):
        layer.adapt(np.ones((3, 2)))
    with pytest.raises(InputError, match="`mean` must be of a shape that broadcasts to"):
        Standardization(mean=[1.0, 2.0], variance=[4.0, 9.0]).build((None, 3))
    with pytest.raises(InputError, match="`variance` must be given if and only if `mean` is"):
        Standardization(mean=1.0)
    for variance in (-1e-9, [1.0, -4.0]):
        with pytest.raises(InputError, match="`variance` must be None or finite numbers of at least 0"):
            Standardization(mean=np.zeros_like(variance), variance=variance)
    with pytest.raises(InputError, match="`mean` must be of at most 1 axes"):
        Standardization(mean=[[1.0]], variance=[[1.0]])


def test_a_tiny_variance_counts_as_the_twins_least():
    x = np.array([[1e-8, -2e-8]])
    found = [
        cls(mean=0.0, variance=1e-20, dtype="float64")(x) for cls in (Standardization, keras.layers.Normalization)
    ]
    np.testing.assert_allclose(*found, rtol=1e-6)
    np.testing.assert_allclose(found[0], [[0.1, -0.2]], rtol=1e-6)


def test_no_numbers_on_any_axis():
    for shape in ((2, 0), (2, 0, 3)):
        with pytest.raises(InputError, match="a shape with at least one feature"):
            Standardization(axis=None).adapt(np.ones(shape))
    layer = Standardization(axis=None)
    layer.adapt(np.array([[1.0, 3.0]]))
    with pytest.raises(InputError, match="at least one number"):
        layer.adapt(np.ones((2, 0)))
    assert np.array(layer.mean).item() == 2


def test_which_given_statistics_dont_fit():
    both = "given if and only if `mean` is, in the same shape"
    for arguments, argument, expected, received in (
        ({"mean": [1.0, 2.0], "variance": 1.0}, "variance", both, "1.0"),
        ({"mean": 1.0}, "variance", both, "None"),
        ({"variance": 1.0}, "variance", both, "1.0"),
        ({"mean": [1.0], "variance": [2.0], "axis": None}, "mean", "of at most 0 axes, the number in `axis`", "[1.0]"),
        ({"mean": np.inf, "variance": 1.0}, "mean", "None or finite numbers", "inf"),
        ({"mean": 1.0, "variance": np.inf}, "variance", "None or finite numbers of at least 0", "inf"),
    ):
        with pytest.raises(InputError) as caught:
            Standardization(**arguments)
        sentence = f"Standardization: `{argument}` must be {expected}. Received: {argument}={received}."
        assert str(caught.value) == sentence


def test_statistics_are_there_once_it_is_built():
    layer = Standardization(axis=(1, 2))
    assert (layer.mean, layer.variance) == (None, None)
    layer.adapt(DATA)
    assert tuple(layer.mean.shape) == tuple(layer.variance.shape) == (1, 4, 3)
    given = Standardization(mean=[-1.0, 0.0], variance=[0.0, 4.0], dtype="float64")
    assert given.fitted
    np.testing.assert_allclose(given(np.array([[2.0, 3.0]])), [[3, 1.5]])
    np.testing.assert_allclose(given.inverse(np.array([[3.0, 1.5]])), [[2, 3]])
    assert (given.adapt_mean.tolist(), given.adapt_variance.tolist()) == ([-1, 0], [0, 4])
    back = Standardization(mean=[-1.0, 0.0], variance=[0.0, 4.0], invert=True, dtype="float64")
    np.testing.assert_allclose(back(np.array([[3.0, 1.5]])), [[2, 3]])
    np.testing.assert_allclose(back.inverse(np.array([[2.0, 3.0]])), [[3, 1.5]])
