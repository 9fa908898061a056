"""Each concept equals its Keras twin, and its own definition: values, gradients, state; float64, 1e-9."""

import dataclasses

import keras
import numpy as np
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.contracts.cases import LAYERS, contract
from tests.helpers import ON_JAX, ON_TORCH, products
from tfnotes import activations, parity

TOLERANCE = 1e-9
# What Keras on PyTorch computes in float32, whatever the dtype.
SINGLE = ("adam", "inverse_time_decay", "max_norm")
# Definitions multiply matrices where kernels don't.
DEFINITION = max(TOLERANCE, 10 * products(0))


def larger(sample, extra):
    """The sample on a larger input; an initializer's weight too."""
    shape = tuple(n + e for n, e in zip(sample.shape, extra, strict=False))
    return dataclasses.replace(sample, shape=shape)


# On JAX Keras's tanh rounds float64 in each step: these layers and their twins both get ours there.
GIVEN_TANH = ("simple_rnn", "lstm", "gru") if ON_JAX else ()


def exact(concept, sample):
    """The sample, with our tanh for an activation where Keras's rounds."""
    if concept.name in GIVEN_TANH:
        return dataclasses.replace(sample, arguments={"activation": activations.tanh} | sample.arguments)
    return sample


def training_modes(concept):
    return (False, True) if concept.kind in LAYERS and "parity in training" not in concept.exempt else (False,)


def tolerance(concept):
    """1e-9; where the twin itself rounds to float32, 2**-24 against a thousandth of the largest number."""
    rounds = "float64 on other backends" in concept.exempt and keras.backend.backend() != "tensorflow"
    rounds = rounds and concept.name not in GIVEN_TANH
    return 1e-4 if rounds or (ON_TORCH and concept.name in SINGLE) else TOLERANCE


def assert_equal(result, expected, tolerance=TOLERANCE):
    assert result.arrays.keys() == expected.arrays.keys()
    for name, difference in result.difference(expected).items():
        assert difference <= tolerance, f"{name} differs by {difference:.1e}"


def for_drawn(concept, check):
    """Checks a concept on inputs that Hypothesis makes larger, with seeds that it draws."""
    # JAX and PyTorch compile or dispatch each shape anew, which takes most of the time there. What takes many
    # steps on one shape learns little from another seed.
    few = keras.backend.backend() != "tensorflow" or concept.kind in ("optimizers", "schedules")
    drawn = given(extra=st.lists(st.integers(0, 4), min_size=5, max_size=5), seed=st.integers(0, 2**32 - 1))
    quiet = [HealthCheck.too_slow]
    draw = settings(deadline=None, max_examples=2 if few else 5, derandomize=True, suppress_health_check=quiet)
    draw(drawn(check))()


@contract("parity", twin=True)
def test_equals_its_twin(concept, sample):
    def check(extra, seed):
        for training in training_modes(concept):
            ours, theirs = parity.results(concept, exact(concept, larger(sample, extra)), seed, training)
            assert_equal(ours, theirs, tolerance(concept))

    for_drawn(concept, check)


# Parity in training is a contract of its own, so that a layer that draws can leave out just that.
@contract("parity in training", LAYERS, twin=True)
def test_training_changes_or_keeps_the_state_as_the_twin_does(concept, sample):
    ours, theirs = parity.results(concept, exact(concept, sample), 3, training=True)
    assert_equal(ours, theirs, tolerance(concept))


@contract("definition", ("activations", *LAYERS))
def test_equals_its_definition(concept, sample):
    if concept.definition is None:
        return  # It runs no kernel: what `call` says is the definition.

    def check(extra, seed):
        larger_one = larger(sample, extra)
        if concept.kind in LAYERS:
            ours = parity.layer(concept.target, larger_one, seed, "float64")
            spelled_out = parity.layer(concept.target, larger_one, seed, "float64", function=concept.definition)
        else:
            ours = parity.activation(concept.target, larger_one, seed, "float64")
            spelled_out = parity.activation(concept.definition, larger_one, seed, "float64")
        assert_equal(ours, spelled_out, DEFINITION)

    for_drawn(concept, check)


@contract("mixed precision", LAYERS)
def test_mixed_precision_computes_in_half_and_keeps_weights_in_single(concept, sample):
    for policy, tolerance in (("mixed_float16", 5e-3), ("mixed_bfloat16", 5e-2)):
        half, single = made(concept.target, sample, policy), made(concept.target, sample, "float32")
        parity.set_weights(half, single.get_weights())
        x = parity.sample_input(sample, np.random.default_rng(0), "float32")
        y = half(x)
        assert keras.backend.standardize_dtype(y.dtype) == half.compute_dtype
        assert all(w.dtype == "float32" or "int" in w.dtype for w in half.weights)
        if concept.twin:
            twin = made(concept.twin_target(), sample, policy)
            assert keras.backend.standardize_dtype(y.dtype) == keras.backend.standardize_dtype(twin(x).dtype)
            assert [w.dtype for w in half.weights] == [w.dtype for w in twin.weights]
        y, expected = (keras.ops.convert_to_numpy(keras.ops.cast(v, "float32")) for v in (y, single(x)))
        np.testing.assert_allclose(y, expected, rtol=tolerance, atol=tolerance * np.abs(expected).max())


def made(cls, sample, dtype, seed=0):
    layer = sample.make(cls, dtype=dtype)
    layer.build(sample.shape)
    parity.draw_weights(layer, np.random.default_rng(seed))
    return layer
