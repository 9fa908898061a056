"""The plain random initializers: a million draws each against the distribution that their arguments name."""

import json
import math

import keras
import numpy as np
import pytest

from tests.initializers.draws import assert_cut_off
from tfnotes import initializers
from tfnotes.errors import InputError

# A million weights of a dense kernel and of a convolution's.
SHAPES = pytest.mark.parametrize("shape", [(800, 1250), (5, 5, 100, 400)])


def draw(initializer, shape):
    return keras.ops.convert_to_numpy(initializer(shape)).astype("float64")


def assert_mean_and_variance(w, mean, variance):
    squares = (w - mean) ** 2
    assert abs(w.mean() - mean) < 5 * math.sqrt(variance / w.size)
    assert abs(squares.mean() - variance) < 5 * squares.std() / math.sqrt(w.size)


def assert_share(hits, share):
    assert abs(hits.mean() - share) < 5 * math.sqrt(share * (1 - share) / hits.size)


@SHAPES
def test_random_normal(shape):
    w = draw(initializers.RandomNormal(mean=0.5, stddev=0.01, seed=1), shape)
    assert_mean_and_variance(w, 0.5, 0.01**2)
    for k in (1, 2, 3):
        assert_share(np.abs(w - 0.5) < 0.01 * k, math.erf(k / math.sqrt(2)))


@SHAPES
def test_random_uniform(shape):
    w = draw(initializers.RandomUniform(-1.0, 3.0, seed=1), shape)
    assert_mean_and_variance(w, 1.0, 16 / 12)
    assert -1 <= w.min() < -0.9999
    assert 2.9999 < w.max() <= 3
    for k in (0, 1, 2):
        assert_share(w < k, (k + 1) / 4)


@SHAPES
def test_truncated_normal(shape):
    w = draw(initializers.TruncatedNormal(mean=-1.0, stddev=0.5, seed=1), shape)
    # A standard normal cut off at 2 has variance 1 - 4 * pdf(2) / (2 * cdf(2) - 1).
    kept = 1 - 4 * math.exp(-2) / math.sqrt(2 * math.pi) / math.erf(math.sqrt(2))
    assert_mean_and_variance(w, -1.0, 0.25 * kept)
    assert_cut_off((w + 1) / 0.5)
    assert_share(np.abs(w + 1) < 0.5, math.erf(math.sqrt(0.5)) / math.erf(math.sqrt(2)))


def test_small_defaults_are_those_of_keras():
    expected = {"RandomNormal": 0.05, "RandomUniform": 0.1 / math.sqrt(12), "TruncatedNormal": 0.044}
    for name, stddev in expected.items():
        w = draw(getattr(initializers, name)(seed=1), (1000,))
        assert w.std() == pytest.approx(stddev, rel=0.1)


def test_constants_are_constant_in_any_dtype():
    for dtype in ("float32", "float64", "int32"):
        assert keras.ops.convert_to_numpy(initializers.Constant(3)((2, 2), dtype)).tolist() == [
            [3, 3],
            [3, 3],
        ]
        assert keras.ops.convert_to_numpy(initializers.Ones()((2,), dtype)).tolist() == [1, 1]
    assert float(initializers.Constant(0.1)((), "float64")) == 0.1
    for value in ([1, 2], np.array([1.0, 2.0]), np.array([1, 2], "int8")):
        for dtype in ("float16", "float64", "int32", None):
            w = initializers.Constant(value)((3, 2), dtype)
            assert keras.backend.standardize_dtype(w.dtype) == (dtype or keras.config.floatx())
            np.testing.assert_array_equal(w, [[1, 2]] * 3)
    assert np.isneginf(draw(initializers.Constant(-math.inf), (2,))).all()


def test_bounds_the_wrong_way_round_are_refused():
    with pytest.raises(ValueError, match="RandomUniform: `maxval` must be a finite number at least 1"):
        initializers.RandomUniform(1, 0)


@pytest.mark.parametrize("cls", ["Ones", "Constant", "RandomNormal", "RandomUniform", "Orthogonal"])
def test_strings_resolve_to_ours(cls):
    name = {"RandomNormal": "random_normal", "RandomUniform": "random_uniform"}.get(cls, cls.lower())
    assert type(initializers.get(name)) is getattr(initializers, cls)


@pytest.mark.parametrize("value", [np.array([[1.0, 2.0]]), [1.0, 2.0], keras.ops.array([1.0, 2.0]), 3, -0.5])
def test_a_constants_config_brings_its_numbers_back(value):
    made = initializers.Constant(value)
    config = json.loads(json.dumps(made.get_config()))
    by_keras = initializers.get(json.loads(json.dumps(initializers.serialize(made))))
    for other in (made, by_keras, initializers.Constant.from_config(config)):
        np.testing.assert_array_equal(other((3, 2)), np.broadcast_to(np.asarray(value), (3, 2)))


def test_numbers_that_dont_broadcast_to_the_weight_are_refused_by_both_shapes():
    sentence = r"^Constant: `value` must be of a shape that broadcasts to the weight's, \(2, 2\)\. Rec.*of shape \(3,\)"
    with pytest.raises(InputError, match=sentence):
        initializers.Constant([1, 2, 3])((2, 2))
