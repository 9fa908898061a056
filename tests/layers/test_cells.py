"""The cells alone, and inside Keras's own RNN."""

import keras
import numpy as np
import pytest
from keras import ops

from tests.layers.recurrent import DTYPE, KINDS, STATES, TOLERANCE, assert_equal, draw, everything
from tfnotes import layers, parity


def cells(kind, **options):
    made = [getattr(namespace, f"{kind}Cell")(3, dtype=DTYPE, **options) for namespace in (layers, keras.layers)]
    for cell in made:
        cell.build((None, 2))
        parity.draw_weights(cell, np.random.default_rng(0))
    return made


@pytest.mark.parametrize("kind", KINDS)
def test_a_step_gives_what_keras_gives_in_its_structure(kind):
    ours, theirs = cells(kind)
    x, states = draw(np.random.default_rng(1), kind, (4, 1, 2), 3)
    alone = states if STATES[kind] > 1 else states[0]
    for given in (states, alone):
        (a, a_states), (b, b_states) = (cell(x[:, 0], given) for cell in (ours, theirs))
        np.testing.assert_allclose(a, b, rtol=TOLERANCE)
        assert isinstance(a_states, list) == isinstance(b_states, list)
        for s, t in zip(keras.tree.flatten(a_states), keras.tree.flatten(b_states), strict=True):
            np.testing.assert_allclose(s, t, rtol=TOLERANCE)
    assert ours.state_size == theirs.state_size
    assert ours.output_size == theirs.output_size


@pytest.mark.parametrize("host", [keras.layers.RNN, layers.RNN], ids=["keras", "tfnotes"])
@pytest.mark.parametrize("kind", KINDS)
def test_cells_run_in_either_rnn(kind, host):
    mask = np.array([[True, True, False, True], [False, True, True, False]])
    x, states = draw(np.random.default_rng(2), kind, (2, 4, 2), 3)
    ours, theirs = cells(kind)
    hosts = [h(cell, return_sequences=True, dtype=DTYPE) for h, cell in ((host, ours), (keras.layers.RNN, theirs))]
    results = []
    for layer in hosts:
        layer.build((2, 4, 2))
        results.append(everything(layer, x, states, mask, training=True))
    assert_equal(*results)


@pytest.mark.parametrize("kind", KINDS)
def test_our_rnn_runs_keras_cells(kind):
    _, cell = cells(kind)
    x, states = draw(np.random.default_rng(2), kind, (2, 4, 2), 3)
    results = []
    for host in (layers.RNN, keras.layers.RNN):
        layer = host(cell, return_state=True, dtype=DTYPE)
        layer.build((2, 4, 2))
        results.append(everything(layer, x, states))
    assert_equal(*results)


@pytest.mark.parametrize("kind", KINDS)
def test_a_cell_in_our_rnn_keeps_its_dropout_masks_for_the_sequence_and_no_longer(kind):
    cell = getattr(layers, f"{kind}Cell")(3, dropout=0.5, recurrent_dropout=0.5, seed=1)
    layer = layers.RNN(cell, return_sequences=True)
    layer(np.ones((2, 4, 2), "float32"), training=True)
    assert cell._dropout_mask is None
    assert cell._recurrent_dropout_mask is None
    twin = getattr(layers, kind)(3, dropout=0.5, recurrent_dropout=0.5, seed=1, return_sequences=True)
    twin.build((2, 4, 2))
    again = layers.RNN(type(cell).from_config(cell.get_config()), return_sequences=True)
    again.build((2, 4, 2))
    again.set_weights(twin.get_weights())
    x = np.random.default_rng(0).normal(size=(2, 4, 2)).astype("float32")
    np.testing.assert_allclose(again(x, training=True), twin(x, training=True), rtol=1e-6)


@pytest.mark.parametrize("kind", KINDS)
def test_a_call_that_fails_leaves_no_masks_behind(kind):
    def fails(z):
        raise RuntimeError("no luck")

    cell = getattr(layers, f"{kind}Cell")(3, dropout=0.5, recurrent_dropout=0.5, seed=1)
    cell.activation = fails
    with pytest.raises(RuntimeError, match="no luck"):
        layers.RNN(cell)(np.ones((2, 4, 2), "float32"), training=True)
    assert cell._dropout_mask is None
    assert cell._recurrent_dropout_mask is None


@pytest.mark.parametrize("kind", KINDS)
def test_an_rnn_with_a_cell_comes_back_from_a_file(kind, tmp_path):
    inputs = keras.Input((4, 2))
    options = {"update_gate": "replaces"} if kind == "GRU" else {}
    layer = layers.RNN(getattr(layers, f"{kind}Cell")(3, **options), return_sequences=True)
    model = keras.Model(inputs, layer(inputs))
    model.save(tmp_path / "model.keras")
    loaded = keras.saving.load_model(tmp_path / "model.keras")
    x = np.random.default_rng(0).normal(size=(2, 4, 2)).astype("float32")
    np.testing.assert_array_equal(ops.convert_to_numpy(loaded(x)), ops.convert_to_numpy(model(x)))
    assert type(loaded.layers[-1].cell) is type(layer.cell)


@pytest.mark.parametrize("kind", KINDS)
def test_a_given_seed_generator_is_the_one_that_draws(kind):
    generator = keras.random.SeedGenerator(3)
    before = ops.convert_to_numpy(generator.state).copy()
    cell = getattr(layers, f"{kind}Cell")(3, dropout=0.5, seed=generator)
    cell(np.ones((2, 4), "float32"), cell.get_initial_state(2), training=True)
    assert cell.seed_generator is generator
    assert (ops.convert_to_numpy(generator.state) != before).any()


@pytest.mark.parametrize("implementation", [1, 2])
@pytest.mark.parametrize("kind", ["LSTM", "GRU"])
def test_each_gate_has_a_mask_of_its_own_only_where_keras_gives_one(kind, implementation):
    for options in ({"dropout": 0.5}, {"recurrent_dropout": 0.5}):
        ours, theirs = (
            getattr(namespace, f"{kind}Cell")(3, implementation=implementation, **options)
            for namespace in (layers, keras.layers)
        )
        assert ours.implementation == theirs.implementation
        layer = getattr(layers, kind)(3, implementation=implementation, return_sequences=True, seed=1, **options)
        assert layer(np.ones((2, 4, 5), "float32"), training=True).shape == (2, 4, 3)
