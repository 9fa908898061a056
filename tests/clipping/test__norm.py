"""Clipping near the ends of each float type, of what isn't finite, of slices, and its own gradient."""

import keras
import numpy as np
import pytest
from keras import ops

from tests.helpers import central_differences
from tfnotes._gradients import vjp
from tfnotes.clipping import clip_by_global_norm, clip_by_norm, clip_by_value

tf = pytest.importorskip("tensorflow")

# By dtype: the smallest normal number and the largest, and how exact a quotient is.
ENDS = {
    "float16": (6.2e-5, 6.5e4, 1e-3),
    "bfloat16": (1.2e-38, 3.3e38, 1e-2),
    "float32": (1.2e-38, 3.4e38, 1e-6),
    "float64": (2.3e-308, 1.7e308, 1e-14),
}
INF, NAN = np.inf, np.nan


def tensor(numbers, dtype="float32"):
    return ops.cast(ops.array(np.asarray(numbers, "float64")), dtype)


def numbers(x):
    return ops.convert_to_numpy(ops.cast(x, "float64"))


def by_norm(g, limit):
    return clip_by_norm(g, limit)


def by_global_norm(g, limit):
    first, none, second = clip_by_global_norm([g[:1], None, g[1:]], limit)[0]
    assert none is None
    return ops.concatenate([first, second])


both = pytest.mark.parametrize("clip", [by_norm, by_global_norm])


@both
@pytest.mark.parametrize("dtype", ENDS)
def test_any_finite_gradient_is_clipped_to_its_direction(clip, dtype):
    _, high, exact = ENDS[dtype]
    for size in (1.25, 75.0, 1e3, 1e19, high / 4, high):
        if size > high:
            continue
        clipped = clip(tensor([0.75 * size, size], dtype), 1.0)
        assert keras.backend.standardize_dtype(clipped.dtype) == dtype
        np.testing.assert_allclose(numbers(clipped), [0.6, 0.8], rtol=exact)


@both
@pytest.mark.parametrize("dtype", ENDS)
def test_a_short_gradient_stays_as_it_is(clip, dtype):
    low, _, _ = ENDS[dtype]
    for size in (0.0, low, 2e-30, 0.25):
        g = tensor([0.75 * size, -size], dtype)
        np.testing.assert_array_equal(numbers(clip(g, 1.0)), numbers(g))


@both
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_a_small_limit_is_kept_where_squares_would_vanish(clip, dtype):
    np.testing.assert_allclose(numbers(clip(tensor([3e-30, 4e-30], dtype), 1e-30)), [6e-31, 8e-31], rtol=1e-6)


@pytest.mark.parametrize("dtype", ENDS)
def test_what_is_not_finite_is_keras_rule(dtype):
    for g, expected in (([INF, 1, 2], [NAN, 0, 0]), ([-INF, INF, 0], [NAN, NAN, 0]), ([NAN, 1, INF], [NAN] * 3)):
        np.testing.assert_array_equal(numbers(clip_by_norm(tensor(g, dtype), 1.0)), expected)
        np.testing.assert_array_equal(numbers(by_global_norm(tensor(g, dtype), 1.0)), [NAN] * 3)


@pytest.mark.parametrize("module", ["tfnotes.optimizers", "keras.optimizers"])
def test_keras_optimizers_have_that_rule(module):
    from tests.clipping.steps import taken

    bad = np.array([INF, 1.0])
    np.testing.assert_array_equal(taken(module, [bad], clipnorm=1.0)[0], numbers(clip_by_norm(tensor(bad), 1.0)))
    np.testing.assert_array_equal(taken(module, [bad], global_clipnorm=1.0)[0], [NAN, NAN])


def test_the_norm_itself_may_be_beyond_all_numbers():
    clipped, norm = clip_by_global_norm([tensor([3.4e38, 0]), tensor([3.4e38])], 1.0)
    assert numbers(norm) == INF
    np.testing.assert_allclose(np.concatenate([numbers(g) for g in clipped]), [0.5**0.5, 0, 0.5**0.5], rtol=1e-6)
    assert float(clip_by_global_norm([tensor([3e-30]), tensor([4e-30])], 1.0)[1]) == pytest.approx(5e-30, rel=1e-6)
    assert float(clip_by_global_norm([tensor([300, 400], "float16")], 1.0)[1]) == 500
    assert float(clip_by_global_norm([tensor([0, 0])], 1.0)[1]) == 0


def test_gradients_of_several_types_and_empty_ones_go_together():
    given = [tensor([3.0], "float16"), tensor(np.zeros((0, 2))), tensor([[4.0]], "float32")]
    clipped, norm = clip_by_global_norm(given, 1.0)
    assert float(norm) == 5
    assert [g.dtype for g in clipped] == [g.dtype for g in given]
    assert [tuple(g.shape) for g in clipped] == [(1,), (0, 2), (1, 1)]
    np.testing.assert_allclose([numbers(clipped[0])[0], numbers(clipped[2])[0, 0]], [0.6, 0.8], rtol=1e-3)
    assert clip_by_norm(tensor(np.zeros((0, 2))), 1.0).shape == (0, 2)


@pytest.mark.skipif(keras.backend.backend() != "tensorflow", reason="slices are TensorFlow's")
def test_slices_stay_slices_and_are_clipped_as_an_optimizer_does():
    slices = tf.IndexedSlices(tf.constant([[3.0, 4], [1, 1]]), tf.constant([2, 0]), tf.constant([3, 2]))
    dense = tf.convert_to_tensor(slices)
    for clip in (
        lambda g: clip_by_norm(g, 1.0),
        lambda g: clip_by_value(g, -0.5, 2.0),
        lambda g: clip_by_global_norm([g, tf.constant([5.0])], 1.0)[0][0],
    ):
        clipped = clip(slices)
        assert isinstance(clipped, tf.IndexedSlices)
        np.testing.assert_allclose(tf.convert_to_tensor(clipped), clip(dense), rtol=1e-6)
    twice = tf.IndexedSlices(slices.values, tf.constant([0, 0]), slices.dense_shape)
    weight = keras.Variable(np.zeros((3, 2)))
    optimizer = keras.optimizers.SGD(1.0, clipnorm=1.0)
    optimizer.build([weight])
    optimizer.apply([twice])
    np.testing.assert_allclose(-weight, tf.convert_to_tensor(clip_by_norm(twice, 1.0)), rtol=1e-6)


@both
@pytest.mark.parametrize("limit", [0.5, 100.0])
def test_the_gradient_of_clipping_equals_central_differences(clip, limit):
    g, weights = np.random.default_rng(0).normal(size=(2, 5))
    _, _, (slope,) = vjp(lambda g: (clip(g, limit), ()), [g], lambda _: weights)
    expected = central_differences(lambda g: float(ops.sum(clip(tensor(g, "float64"), limit) * weights)), g)
    np.testing.assert_allclose(slope, expected, rtol=1e-6, atol=1e-8)


@both
def test_the_gradient_of_clipping_zeros_is_finite(clip):
    _, _, (slope,) = vjp(lambda g: (clip(g, 1.0), ()), [np.zeros(3)], np.ones)
    np.testing.assert_array_equal(slope, np.ones(3))
