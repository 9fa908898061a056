"""Cells above each other: equal to Keras's stack, to layers above each other, and found in files."""

import keras
import numpy as np
import pytest
from keras import ops

from tests.layers.recurrent import DTYPE, TOLERANCE, assert_equal, everything
from tfnotes import layers, parity
from tfnotes.errors import InputError

MASK = np.array([[True, True, False, True, True], [False, True, True, False, False], [False] * 5])
STACKS = (("LSTM", "GRU"), ("SimpleRNN", "SimpleRNN", "LSTM"))


def stack(namespace, host, kinds, **options):
    cells = [getattr(namespace, f"{kind}Cell")(k + 2, dtype=DTYPE) for k, kind in enumerate(kinds)]
    layer = host(namespace.StackedRNNCells(cells, dtype=DTYPE), dtype=DTYPE, **options)
    layer.build((3, 5, 2))
    parity.draw_weights(layer, np.random.default_rng(0))
    return layer


@pytest.mark.parametrize("sequences", [False, True])
@pytest.mark.parametrize("host", [layers.RNN, keras.layers.RNN], ids=["tfnotes", "keras"])
@pytest.mark.parametrize("kinds", STACKS, ids="-".join)
def test_equals_keras_and_its_gradients_do(kinds, host, sequences):
    options = {"return_sequences": sequences, "return_state": True}
    ours = stack(layers, host, kinds, **options)
    theirs = stack(keras.layers, keras.layers.RNN, kinds, **options)
    x = np.random.default_rng(1).normal(size=(3, 5, 2))
    for mask in (None, MASK):
        assert_equal(*(everything(layer, x, mask=mask, training=True) for layer in (ours, theirs)))


def test_states_are_taken_and_given_in_the_cells_structure():
    ours, theirs = (
        stack(namespace, namespace.RNN, ("LSTM", "GRU"), return_state=True) for namespace in (layers, keras.layers)
    )
    rng = np.random.default_rng(2)
    x, h, c, g = (rng.normal(size=shape) for shape in ((3, 5, 2), (3, 2), (3, 2), (3, 3)))
    a, b = (layer(x, initial_state=[[h, c], g]) for layer in (ours, theirs))
    keras.tree.assert_same_structure(list(a), list(b))
    for s, t in zip(keras.tree.flatten(a), keras.tree.flatten(b), strict=True):
        np.testing.assert_allclose(s, t, rtol=TOLERANCE)


def test_equals_layers_above_each_other():
    deep = stack(layers, layers.RNN, ("LSTM", "GRU"))
    low, high = layers.LSTM(2, return_sequences=True, dtype=DTYPE), layers.GRU(3, dtype=DTYPE)
    low.build((3, 5, 2))
    high.build((3, 5, 2))
    low.set_weights(deep.get_weights()[:3])
    high.set_weights(deep.get_weights()[3:])
    x = np.random.default_rng(3).normal(size=(3, 5, 2))
    np.testing.assert_allclose(deep(x), high(low(x)), rtol=TOLERANCE)


@pytest.mark.parametrize("kind", ["LSTM", "GRU"])
@pytest.mark.parametrize("host", [layers.RNN, keras.layers.RNN], ids=["tfnotes", "keras"])
def test_a_stack_of_one_is_that_one_with_a_mask_too(kind, host):
    one, alone = stack(layers, host, (kind,)), getattr(layers, kind)(2, dtype=DTYPE)
    alone.build((3, 5, 2))
    alone.set_weights(one.get_weights())
    x = np.random.default_rng(4).normal(size=(3, 5, 2))
    np.testing.assert_allclose(one(x, mask=MASK), alone(x, mask=MASK), rtol=TOLERANCE)


def test_each_cells_dropout_is_drawn_for_the_sequence():
    cells = [layers.SimpleRNNCell(300, activation="linear", dropout=0.5, seed=k) for k in (1, 2)]
    layer = layers.RNN(layers.StackedRNNCells(cells), return_sequences=True)
    layer.build((1, 4, 300))
    for cell in cells:
        cell.kernel.assign(np.eye(300))
        cell.recurrent_kernel.assign(np.zeros((300, 300)))
    kept = ops.convert_to_numpy(layer(np.ones((1, 4, 300), "float32"), training=True))[0] != 0
    assert (kept == kept[0]).all()
    assert 0.15 < kept[0].mean() < 0.35
    assert [cell._dropout_mask for cell in cells] == [None, None]


@pytest.mark.parametrize("host", [layers.RNN, keras.layers.RNN], ids=["tfnotes", "keras"])
@pytest.mark.parametrize("share", ["dropout", "recurrent_dropout"])
def test_each_call_has_masks_of_its_own(share, host):
    cells = [layers.LSTMCell(20, **{share: 0.5}, seed=1), layers.SimpleRNNCell(20, **{share: 0.5}, seed=2)]
    layer = host(layers.StackedRNNCells(cells))
    # Masks of one call that stayed would be of the wrong size for the next batch.
    for batch in (2, 3):
        states = keras.tree.map_structure(ops.ones_like, layer.cell.get_initial_state(batch))
        one, other = (layer(np.ones((batch, 2, 3), "float32"), initial_state=states, training=True) for _ in range(2))
        assert np.any(ops.convert_to_numpy(one) != ops.convert_to_numpy(other))
        assert [(cell._dropout_mask, cell._recurrent_dropout_mask) for cell in cells] == [(None, None)] * 2


def test_comes_back_from_a_file(tmp_path):
    inputs = keras.Input((5, 2))
    cells = [layers.LSTMCell(2), layers.GRUCell(3, update_gate="replaces")]
    model = keras.Model(inputs, layers.RNN(layers.StackedRNNCells(cells))(inputs))
    model.save(tmp_path / "model.keras")
    loaded = keras.saving.load_model(tmp_path / "model.keras")
    x = np.random.default_rng(0).normal(size=(2, 5, 2)).astype("float32")
    np.testing.assert_array_equal(ops.convert_to_numpy(loaded(x)), ops.convert_to_numpy(model(x)))
    assert [type(cell) for cell in loaded.layers[-1].cell.cells] == [layers.LSTMCell, layers.GRUCell]


@pytest.mark.parametrize("cells", [[], None, [3], [keras.layers.Dense]])
def test_what_are_no_cells_is_refused(cells):
    with pytest.raises(InputError, match="StackedRNNCells: `cells` must be a list of one or more cells"):
        layers.StackedRNNCells(cells)
