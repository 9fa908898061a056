"""What isn't finite, the largest and the smallest numbers of each float type give what they give the twin.

Values and gradients are compared: where one is NaN or infinite, both are.
"""

import keras
import ml_dtypes
import numpy as np
import pytest

from tests.contracts.cases import contract
from tfnotes import parity
from tfnotes._gradients import vjp

# By dtype: how far the two may be apart, where products of long sums were rounded on different ways.
TOLERANCE = {"float16": 2e-2, "bfloat16": 5e-2, "float32": 1e-4, "float64": 1e-9}
# What overflows in one step goes through all that follow: they are held to bounds of their own.
RECURRENT = ("simple_rnn", "lstm", "gru", "bidirectional")
pytestmark = pytest.mark.skipif(keras.backend.backend() != "tensorflow", reason="the kernels of each backend differ")


def extremes(dtype):
    """Numbers at the ends of a float type, and where activations bend."""
    info = ml_dtypes.finfo(dtype)
    ends = [np.inf, np.nan, info.max, info.smallest_normal, info.smallest_subnormal]
    return np.array([0.0, *(float(sign * n) for n in (*ends, 30, 1, 6, 0.25, 0.75) for sign in (1, -1))])


def inputs(sample, dtype):
    """Random examples, and for each extreme one that holds it at one place."""
    special = extremes(dtype)
    x = np.random.default_rng(0).normal(size=(len(special), *sample.shape[1:]))
    x.reshape(len(special), -1)[:, 0] = special
    return x.astype(ml_dtypes.bfloat16 if dtype == "bfloat16" else dtype)


def found(call, x, weights=()):
    """Values and gradients, in float64."""
    seeds = np.random.default_rng(1)
    with np.errstate(all="ignore"):
        y, _, gradients = vjp(lambda x, *w: (call(x, *w), ()), [x, *weights], lambda s: seeds.uniform(0.5, 1, size=s))
    return [np.asarray(a, "float64") for a in (y, *gradients)]


def assert_same(ours, theirs, dtype, given):
    (y, dx, *dw), (their_y, their_dx, *their_dw) = ours, theirs
    # NaN that came in may go out.
    came_in = np.isnan(np.asarray(given, "float64"))
    if y.shape == came_in.shape:
        y, dx = (np.where(came_in, b, a) for a, b in ((y, their_y), (dx, their_dx)))
    for a, b in ((y, their_y), (dx, their_dx)):
        np.testing.assert_allclose(a, b, rtol=TOLERANCE[dtype], atol=TOLERANCE[dtype])
    for a, b in zip(dw, their_dw, strict=True):
        # Sums over examples, in which Keras's stop growing at 256 in bfloat16, and NaN drowns all.
        tolerance = 1 if dtype in ("float16", "bfloat16") else TOLERANCE[dtype]
        np.testing.assert_allclose(np.where(np.isnan(b), b, a), b, rtol=tolerance, atol=tolerance)


@pytest.mark.parametrize("dtype", TOLERANCE)
@contract("extremes", ("activations",), twin=True)
def test_an_activation_gives_its_twins_numbers(concept, sample, dtype):
    x = inputs(sample, dtype)
    pair = [found(lambda x, f=f: f(x, **sample.arguments), x) for f in (concept.target, concept.twin_target())]
    assert_same(*pair, dtype, x)


@pytest.mark.parametrize("dtype", TOLERANCE)
@contract("extremes of layers", ("layers",), twin=True)
def test_a_layer_gives_its_twins_numbers(concept, sample, dtype):
    if sample.integers is not None or concept.name in RECURRENT:
        return
    x, rng, pair = inputs(sample, dtype), np.random.default_rng(2), []
    for target in (concept.target, concept.twin_target()):
        layer = sample.make(target, dtype=dtype)
        layer.build(x.shape)
        if not pair:
            parity.draw_weights(layer, rng)
            weights = layer.get_weights()
        layer.set_weights(weights)
        trained = [keras.ops.convert_to_numpy(v) for v in layer.trainable_variables]
        state = [keras.ops.convert_to_numpy(v) for v in layer.non_trainable_variables]
        pair.append(found(lambda x, *w, c=layer, s=state: c.stateless_call(list(w), s, x)[0], x, trained))
    assert_same(*pair, dtype, x)
