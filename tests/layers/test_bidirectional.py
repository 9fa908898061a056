"""Both directions: every merge, mask and state as Keras's has it, and each direction where it belongs."""

import keras
import numpy as np
import pytest
from keras import ops

from tests.layers.recurrent import DTYPE, STATES, TOLERANCE, assert_equal, everything
from tfnotes import layers, parity
from tfnotes.errors import InputError

MERGES = ("concat", "sum", "ave", "mul", None)
MASK = np.array([[True, True, True, True], [True, True, False, False], [False, True, False, True], [False] * 4])


def pair(kind, merge_mode="concat", units=2, batch=4, build=True, **options):
    made = []
    for namespace in (layers, keras.layers):
        layer = getattr(namespace, kind)(units, dtype=DTYPE, **options)
        made.append(namespace.Bidirectional(layer, merge_mode=merge_mode, dtype=DTYPE))
        if build:
            made[-1].build((batch, 4, 3))
            parity.draw_weights(made[-1], np.random.default_rng(0))
    return made


@pytest.mark.parametrize("merge_mode", MERGES)
@pytest.mark.parametrize(("kind", "sequences"), [("LSTM", True), ("GRU", False), ("SimpleRNN", True)])
def test_equals_keras_with_masks_and_states(kind, sequences, merge_mode):
    ours, theirs = pair(kind, merge_mode, return_sequences=sequences, return_state=True)
    rng = np.random.default_rng(1)
    x, states = rng.normal(size=(4, 4, 3)), [rng.normal(size=(4, 2)) for _ in range(2 * STATES[kind])]
    for given, mask in ((states, None), ((), MASK), (states, MASK)):
        assert_equal(*(everything(layer, x, given, mask) for layer in (ours, theirs)))
    a, b = (layer.compute_output_shape((None, 4, 3)) for layer in (ours, theirs))
    assert [tuple(shape) for shape in a] == [tuple(shape) for shape in b]


def test_each_direction_knows_what_it_has_read():
    layer, _ = pair("SimpleRNN", None, return_sequences=True)
    x = np.random.default_rng(0).normal(size=(1, 4, 3))
    ahead, back = (ops.convert_to_numpy(y) for y in layer(x))
    changed = x.copy()
    changed[:, 2] += 1
    new_ahead, new_back = (ops.convert_to_numpy(y) for y in layer(changed))
    assert (ahead != new_ahead).any(-1).tolist() == [[False, False, True, True]]
    assert (back != new_back).any(-1).tolist() == [[True, True, True, False]]


def test_a_backward_layer_of_its_own_is_used_as_it_is():
    for namespace in (layers, keras.layers):
        back = namespace.GRU(3, go_backwards=True, activation="relu")
        both = namespace.Bidirectional(namespace.LSTM(2), backward_layer=back)
        assert both.backward_layer is back
        assert tuple(both(np.ones((2, 4, 3), "float32")).shape) == (2, 5)


@pytest.mark.parametrize(
    ("layer", "back", "message"),
    [
        (lambda: layers.LSTM(2, go_backwards=True), None, "`layer` must be a recurrent layer that goes forwards"),
        (lambda: layers.Dense(2), None, "`layer` must be a recurrent layer"),
        (lambda: layers.LSTM(2), lambda: layers.LSTM(2), "`backward_layer` must be a recurrent layer that goes back"),
        (
            lambda: layers.LSTM(2),
            lambda: layers.LSTM(2, go_backwards=True, return_sequences=True),
            "`backward_layer` must be one whose `return_sequences` is that of `layer`",
        ),
    ],
)
def test_layers_that_do_not_fit_are_refused(layer, back, message):
    with pytest.raises(InputError, match=f"Bidirectional: {message}"):
        layers.Bidirectional(layer(), backward_layer=back and back())


def test_weights_are_set_forward_ones_first():
    ours, _ = pair("GRU")
    copy = layers.Bidirectional(layers.GRU(2, dtype=DTYPE), weights=ours.get_weights(), dtype=DTYPE)
    x = np.random.default_rng(0).normal(size=(4, 4, 3))
    np.testing.assert_allclose(copy(x), ours(x), rtol=1e-12)


def test_stateful_layers_go_on_where_they_were_as_keras_does():
    ours, theirs = pair("LSTM", stateful=True, return_sequences=True)
    for layer in (ours, theirs):
        layer.reset_state()
    x = np.random.default_rng(1).normal(size=(2, 4, 4, 3))
    first = [ops.convert_to_numpy(layer(x[0])) for layer in (ours, theirs)]
    second = [ops.convert_to_numpy(layer(x[1])) for layer in (ours, theirs)]
    np.testing.assert_allclose(*first, rtol=TOLERANCE)
    np.testing.assert_allclose(*second, rtol=TOLERANCE)
    assert len(ours.states) == 4
    assert np.abs(ours(x[0]) - first[0]).max() > 1e-3
    ours.reset_state()
    np.testing.assert_allclose(ours(x[0]), first[0], rtol=TOLERANCE)


def test_a_deep_stack_passes_its_mask_on_as_keras_does():
    models = []
    for namespace in (layers, keras.layers):
        ids = keras.Input((None,), dtype="int32")
        h = namespace.Embedding(9, 3, mask_zero=True)(ids)
        h = namespace.Bidirectional(namespace.LSTM(2, return_sequences=True))(h)
        h = namespace.Bidirectional(namespace.GRU(2, return_sequences=True), merge_mode="sum")(h)
        y = namespace.Bidirectional(namespace.SimpleRNN(2), merge_mode="mul")(h)
        models.append(keras.Model(ids, y))
    ours, theirs = models
    parity.draw_weights(ours, np.random.default_rng(0))
    theirs.set_weights(ours.get_weights())
    ids = np.array([[3, 4, 5, 6, 1], [2, 3, 0, 0, 0], [0, 0, 0, 0, 0]])
    np.testing.assert_allclose(ours(ids), theirs(ids), rtol=1e-4, atol=1e-5)
    padded = np.pad(ids, ((0, 0), (0, 3)))
    np.testing.assert_allclose(ours(padded), ours(ids), rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("merge_mode", MERGES)
def test_comes_back_from_a_file(merge_mode, tmp_path):
    inputs = keras.Input((4, 3))
    layer = layers.Bidirectional(layers.LSTM(2, return_sequences=True, name="reader"), merge_mode=merge_mode)
    model = keras.Model(inputs, layer(inputs))
    assert [made.name for made in (layer.forward_layer, layer.backward_layer)] == ["forward_reader", "backward_reader"]
    model.save(tmp_path / "model.keras")
    loaded = keras.saving.load_model(tmp_path / "model.keras")
    x = np.random.default_rng(0).normal(size=(2, 4, 3)).astype("float32")
    for a, b in zip(keras.tree.flatten(loaded(x)), keras.tree.flatten(model(x)), strict=True):
        np.testing.assert_array_equal(ops.convert_to_numpy(a), ops.convert_to_numpy(b))
