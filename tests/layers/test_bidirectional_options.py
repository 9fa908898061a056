"""What both directions are told and say: refusals, masks, states, names, and options that each hands on."""

import itertools
import operator as op

import keras
import numpy as np
import pytest
from keras import ops

from tests.layers.recurrent import DTYPE
from tfnotes import layers
from tfnotes.errors import InputError

X = np.random.default_rng(0).normal(size=(2, 4, 3)).astype("float32")
MASK = np.array([[True, True, False, False], [False, True, True, True]])


@pytest.mark.parametrize("name", ["stateful", "return_sequences", "return_state"])
def test_a_backward_layer_that_differs_is_refused_by_what_differs(name):
    back = layers.GRU(2, go_backwards=True, **{name: True})
    with pytest.raises(
        InputError, match=f"^Bidirectional: `backward_layer` must be one whose `{name}` is that of `layer`"
    ):
        layers.Bidirectional(layers.LSTM(2), backward_layer=back)
    both = layers.Bidirectional(layers.LSTM(2, **{name: True}), backward_layer=back)
    assert (both.stateful, both.return_sequences, both.return_state) == tuple(
        n == name for n in ("stateful", "return_sequences", "return_state")
    )


@pytest.mark.parametrize(
    ("layer", "back", "argument", "way"),
    [
        ({}, {}, "backward_layer", "backwards"),
        ({"go_backwards": True}, {"go_backwards": True}, "backward_layer", "forwards"),
        ({"go_backwards": True}, None, "layer", "forwards"),
    ],
)
def test_two_that_go_the_same_way_are_refused(layer, back, argument, way):
    back = back if back is None else layers.LSTM(2, **back)
    with pytest.raises(InputError, match=f"^Bidirectional: `{argument}` must be a recurrent layer that goes {way}"):
        layers.Bidirectional(layers.LSTM(2, **layer), backward_layer=back)


@pytest.mark.parametrize("weights", [[np.ones((3, 8))] * 3, [np.float32(1), np.float32(2)], np.ones((2, 2))])
def test_weights_that_dont_come_in_halves_of_arrays_are_refused(weights):
    with pytest.raises(InputError, match=r"^Bidirectional: `weights` must be a list of arrays, as many for the back"):
        layers.Bidirectional(layers.LSTM(2), weights=weights)


@pytest.mark.parametrize("backwards", [False, True])
def test_either_layer_may_be_the_one_that_goes_backwards_as_in_keras(backwards):
    found = []
    for namespace in (layers, keras.layers):
        keras.utils.set_random_seed(1)
        first = namespace.LSTM(2, go_backwards=backwards, return_sequences=True, dtype=DTYPE)
        second = namespace.GRU(3, go_backwards=not backwards, return_sequences=True, dtype=DTYPE)
        both = namespace.Bidirectional(first, backward_layer=second, dtype=DTYPE)
        assert both.forward_layer.go_backwards is backwards
        found.append(ops.convert_to_numpy(both(X, mask=MASK)))
    np.testing.assert_allclose(*found, rtol=1e-5, atol=1e-6)


def test_there_is_a_mask_for_each_output_and_shapes_are_those_of_keras():
    for (kind, states), sequences, state, merge in itertools.product(
        (("LSTM", 4), ("GRU", 2)), (False, True), (False, True), ("concat", "sum", None)
    ):
        options = {"return_sequences": sequences, "return_state": state}
        both, theirs = (
            namespace.Bidirectional(getattr(namespace, kind)(2, **options), merge_mode=merge)
            for namespace in (layers, keras.layers)
        )
        mask = MASK if sequences else None
        expected = [mask] * (2 if merge is None else 1) + [None] * (states * state)
        expected = expected if state or merge is None else mask
        for given in (MASK, [MASK, None]):
            found = both.compute_mask(X, given)
            assert type(found) is type(expected)
            assert found is expected if not isinstance(found, list) else all(map(op.is_, found, expected))
            assert not isinstance(found, list) or len(found) == len(expected)
        assert both.states is theirs.states is None
        shapes, wanted = (keras.tree.flatten(layer.compute_output_shape((None, 4, 3))) for layer in (both, theirs))
        assert shapes == wanted


def test_options_are_handed_on_to_both():
    for namespace in (keras.layers, layers):
        both = layers.Bidirectional(namespace.LSTM(2, use_cudnn=False, dropout=0.5, dtype="float64"), dtype="float32")
        assert [layer.use_cudnn for layer in (both.forward_layer, both.backward_layer)] == [False, False]
    assert [layer.dropout for layer in (both.forward_layer, both.backward_layer)] == [0.5, 0.5]
    assert [layer.go_backwards for layer in (both.forward_layer, both.backward_layer)] == [False, True]
    assert keras.backend.standardize_dtype(both(X).dtype) == "float32"
    assert both.forward_layer.compute_dtype == "float64"
    # Both drop in training, and neither in inference.
    np.testing.assert_array_equal(both(X), both(X, training=False))
    first, second = (np.asarray(both(X, training=True)) for _ in range(2))
    assert (first[:, :2] != second[:, :2]).any()
    assert (first[:, 2:] != second[:, 2:]).any()
    for layer, returned in ((layers.LSTM(2, zero_output_for_mask=True), False), (layers.LSTM(2), False)):
        both = layers.Bidirectional(layer)
        assert (both.forward_layer.zero_output_for_mask, both.backward_layer.zero_output_for_mask) == (returned,) * 2


def test_a_config_keeps_the_names_and_what_each_direction_is():
    back = layers.GRU(3, go_backwards=True, name="mine")
    made = layers.Bidirectional(layers.LSTM(2, name="reader"), "ave", backward_layer=back, name="both")
    config = made.get_config()
    assert "weights" not in config
    before = str(config)
    copy = layers.Bidirectional.from_config(config)
    assert str(config) == before
    assert [copy.name, copy.forward_layer.name, copy.backward_layer.name] == ["both", "forward_reader", "mine"]
    assert [type(copy.forward_layer), type(copy.backward_layer)] == [layers.LSTM, layers.GRU]
    assert (copy.merge_mode, copy.backward_layer.units) == ("ave", 3)
    again = layers.Bidirectional.from_config(layers.Bidirectional(layers.LSTM(2, name="reader")).get_config())
    assert [again.forward_layer.name, again.backward_layer.name] == ["forward_reader", "backward_reader"]


def test_a_stateful_one_forgets_in_both_directions_by_either_name():
    both = layers.Bidirectional(layers.GRU(2, stateful=True))
    both.build((2, 4, 3))
    for name in ("reset_state", "reset_states"):
        both(X)
        assert all(np.any(np.asarray(s) != 0) for s in both.states)
        forward, backward = (np.asarray(s) for s in both.states)
        np.testing.assert_array_equal(forward, both.forward_layer.states[0])
        np.testing.assert_array_equal(backward, both.backward_layer.states[0])
        getattr(both, name)()
        assert not any(np.any(np.asarray(s)) for s in both.states)


def test_no_sequence_is_refused():
    with pytest.raises(ValueError, match="layer 'both' is incompatible with the layer: expected ndim=3, found ndim=2"):
        layers.Bidirectional(layers.LSTM(2), name="both")(X[:, 0])
    with pytest.raises(InputError, match=r"^Bidirectional: `input_shape` must be a shape whose axis -1 has a fixed"):
        layers.Bidirectional(layers.LSTM(2)).build((None, 4, None))
