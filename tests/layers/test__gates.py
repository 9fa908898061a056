"""Gates over time: against numbers worked by hand, the states they make, and Keras's own steps."""

import math

import keras
import numpy as np
import pytest

from tests.layers.recurrent import DTYPE, KINDS, TOLERANCE, draw, pair
from tfnotes import layers
from tfnotes.errors import InputError

MASK = np.array([[True, True, False, True], [False, True, True, False]])


def test_an_lstms_gates_by_hand():
    layer = layers.LSTM(1, dtype=DTYPE)
    layer.build((None, None, 1))
    bias = [math.log(3), math.log(1 / 3), math.atanh(0.5), 0]
    layer.set_weights([np.zeros((1, 4)), np.zeros((1, 4)), np.array(bias)])
    found = layers.gates(layer, np.ones((1, 1, 1)), initial_state=[np.zeros((1, 1)), np.ones((1, 1))])
    expected = {"input": 3 / 4, "forget": 1 / 4, "candidate": 1 / 2, "output": 1 / 2, "c": 5 / 8}
    for name, value in (expected | {"h": math.tanh(5 / 8) / 2}).items():
        np.testing.assert_allclose(found[name], [[[value]]], rtol=TOLERANCE)


@pytest.mark.parametrize("go_backwards", [False, True])
@pytest.mark.parametrize("masked", [False, True])
@pytest.mark.parametrize("kind", KINDS)
def test_gates_make_the_states_that_the_layer_gives_and_are_keras_own(kind, masked, go_backwards):
    mask = MASK if masked else None
    ours, theirs = pair(kind, (2, 4, 3), units=2, return_sequences=True, go_backwards=go_backwards)
    x, states = draw(np.random.default_rng(0), kind, (2, 4, 3), 2)
    a, b = (layers.gates(layer, x, mask, states) for layer in (ours, theirs))
    assert a.keys() == b.keys()
    for name in a:
        assert a[name].shape == (2, 4, 2)
        np.testing.assert_allclose(a[name], b[name], rtol=TOLERANCE, err_msg=name)
    seen = MASK if masked else np.ones((2, 4), bool)
    y = np.asarray(keras.ops.convert_to_numpy(ours(x, mask=mask, initial_state=states)))
    y = y[:, ::-1] if go_backwards else y
    np.testing.assert_allclose(a["h"][seen], y[seen], rtol=TOLERANCE)

    def before(name, start):
        parts = [a[name][:, 1:], start[:, None]] if go_backwards else [start[:, None], a[name][:, :-1]]
        return np.concatenate(parts, 1)

    past = before("h", states[0])
    if kind == "LSTM":
        c = before("c", states[1]) * a["forget"] + a["input"] * a["candidate"]
        np.testing.assert_allclose(a["c"][seen], c[seen], rtol=TOLERANCE)
        np.testing.assert_allclose(a["h"][seen], (a["output"] * np.tanh(c))[seen], rtol=TOLERANCE)
    elif kind == "GRU":
        h = a["update"] * past + (1 - a["update"]) * a["candidate"]
        np.testing.assert_allclose(a["h"][seen], h[seen], rtol=TOLERANCE, atol=TOLERANCE / 1000)
    else:
        np.testing.assert_allclose(a["h"][seen], a["candidate"][seen], rtol=TOLERANCE)
    assert np.isnan(a["candidate"][~seen]).all()
    assert not np.isnan(a["h"]).any()
    if masked:
        np.testing.assert_array_equal(a["h"][~seen], past[~seen])
    assert len(a) == {"SimpleRNN": 2, "GRU": 4, "LSTM": 6}[kind]


def test_looking_changes_nothing():
    ours, _ = pair("GRU", (2, 4, 3), units=2)
    before = ours.cell.activation, ours.cell.recurrent_activation
    layers.gates(ours, np.ones((2, 4, 3)))
    assert (ours.cell.activation, ours.cell.recurrent_activation) == before


def test_numbers_of_any_type_are_read_in_that_of_the_layer_from_zeros_on():
    layer = layers.GRU(2, dtype="float32")
    layer.build((None, None, 1))
    expected = layers.gates(layer, np.array([[[1.0], [-2.0]]], "float32"), initial_state=[np.zeros((1, 2), "float32")])
    for x in ([[[1], [-2]]], np.array([[[1], [-2]]]), np.array([[[1.0], [-2.0]]], "float64")):
        found = layers.gates(layer, x)
        assert {a.dtype.name for a in found.values()} == {a.dtype.name for a in expected.values()}
        for name, a in found.items():
            np.testing.assert_array_equal(a, expected[name])


@pytest.mark.parametrize("layer", [layers.LSTM(2), layers.Dense(2), None], ids=["not built", "dense", "none"])
def test_what_has_no_gates_is_refused(layer):
    with pytest.raises(InputError, match="gates: `layer` must be a built SimpleRNN, LSTM or GRU"):
        layers.gates(layer, np.ones((1, 2, 3)))
