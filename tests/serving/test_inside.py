"""The endpoint `layers`: what each layer gives, and the gates as `tfnotes.layers.gates` gives them."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from tfnotes import layers
from tfnotes.serving import examples, formats, inside

PIXELS = (tf.TensorSpec((None, 4, 3), tf.float32, name="x"),)
MASK = np.array([[1, 1, 1, 1, 1], [1, 1, 0, 0, 0], [1, 1, 1, 0, 0], [0, 0, 0, 0, 0]], bool)


def drawn(*shape, seed=0):
    return np.random.default_rng(seed).normal(size=shape).astype("float32")


@pytest.mark.parametrize("kind", ["LSTM", "GRU", "SimpleRNN"])
@pytest.mark.parametrize("library", [layers, keras.layers])
@pytest.mark.parametrize("backwards", [False, True])
def test_gates_in_a_graph_are_those_of_steps_by_hand(kind, library, backwards):
    layer, x = getattr(library, kind)(3, go_backwards=backwards, bias_initializer="normal"), drawn(4, 5, 2)
    layer.build((None, None, 2))
    wanted = layers.gates(layer, x, MASK)
    graph = tf.function(lambda x, mask: inside.gates(layer, x, mask)).get_concrete_function(
        tf.TensorSpec((None, None, 2)), tf.TensorSpec((None, None), tf.bool)
    )
    found = graph(tf.constant(x), tf.constant(MASK))
    assert set(found) == set(wanted)
    for name, value in wanted.items():
        np.testing.assert_allclose(found[name], np.nan_to_num(value), rtol=1e-5, atol=1e-6, err_msg=name)


def two_networks():
    inner = [keras.Input((4, 3)), layers.Flatten(name="flat"), layers.Dense(5, name="code")]
    inner = keras.Sequential(inner, name="low")
    x = keras.Input((4, 3))
    return keras.Model(x, layers.Dense(2, activation="tanh", name="top")(layers.Dropout(0.5, name="drop")(inner(x))))


def test_every_layer_of_models_in_models_by_name():
    model, x = two_networks(), drawn(6, 4, 3)
    endpoint = inside.endpoint(model, lambda x: model(x, training=False), PIXELS)
    found = endpoint.function(tf.constant(x))
    assert list(found) == ["low/flat", "low/code", "drop", "top"]
    np.testing.assert_allclose(found["top"], model(x), rtol=1e-6)
    np.testing.assert_allclose(found["low/code"], model.get_layer("low")(x), rtol=1e-6)
    np.testing.assert_array_equal(found["drop"], found["low/code"])


def in_both_directions():
    ids = keras.Input((None,), dtype="int32")
    vectors = layers.Embedding(9, 4, mask_zero=True, name="words")(ids)
    both = layers.Bidirectional(layers.LSTM(3, return_sequences=True), name="both")
    model = keras.Model(ids, both(vectors))
    spec = (tf.TensorSpec((None, None), tf.int32, name="ids"),)
    return inside.endpoint(model, lambda ids: model(ids, training=False), spec), both, spec


def test_both_directions_of_a_recurrent_network_and_their_masks():
    endpoint, both, spec = in_both_directions()
    x = np.array([[1, 2, 3, 4], [5, 6, 0, 0]], "int32")
    found = endpoint.function(tf.constant(x))
    for way, layer in (("forward", both.forward_layer), ("backward", both.backward_layer)):
        wanted = layers.gates(layer, found["words"], x != 0)
        assert {name.split("/")[-1] for name in found if name.startswith(f"both/{way}/")} == set(wanted)
        for name, value in wanted.items():
            np.testing.assert_allclose(found[f"both/{way}/{name}"], np.nan_to_num(value), rtol=1e-5, atol=1e-6)
    np.testing.assert_allclose(found["both"][0, -1, :3], found["both/forward/h"][0, -1], rtol=1e-6)
    graph = tf.function(endpoint.function).get_concrete_function(*spec)
    assert graph.structured_outputs["both/backward/c"].shape.as_list() == [None, None, 3]
    assert formats.sort({"layers": graph}) == (["layers"], {})


def test_onnx_gives_both_directions_their_steps_in_order(tmp_path):
    endpoint, _, (spec,) = in_both_directions()
    signature = tf.function(lambda *, ids: endpoint.function(ids)).get_concrete_function(ids=spec)
    ids = np.random.default_rng(0).integers(1, 9, (32, 6)) * (np.arange(6) < np.arange(32)[:, None] % 7)
    np.savez(tmp_path / examples.NAME, **{"layers/ids": ids.astype("int32")})
    found = formats.add(tmp_path, "onnx", {"layers": signature}, ["layers"])
    assert found["layers"]["difference"] < 1e-6


def test_a_layer_that_is_called_twice_is_told_of_once():
    shared, x = layers.Dense(3, name="shared"), keras.Input((4, 3))
    model = keras.Model(x, shared(keras.layers.Rescaling(2.0, name="less")(shared(x))))
    notes, examples_of = {"shared": "twice"}, lambda x: (x,)
    endpoint = inside.endpoint(model, lambda x: model(x, training=False), PIXELS, examples_of, notes)
    found = endpoint.function(tf.constant(drawn(2, 4, 3)))
    assert list(found) == ["shared", "less"]
    np.testing.assert_allclose(found["shared"], shared(drawn(2, 4, 3)), rtol=1e-5)
    assert (endpoint.signature, endpoint.examples, endpoint.notes) == (PIXELS, examples_of, notes)
    assert (inside.endpoint(model, model, PIXELS).examples, inside.endpoint(model, model, PIXELS).notes) == (None, {})


def test_gates_of_every_step_without_a_mask():
    layer, x = layers.GRU(3), drawn(2, 4, 2)
    layer.build((None, None, 2))
    for name, value in layers.gates(layer, x).items():
        np.testing.assert_allclose(inside.gates(layer, x)[name], value, rtol=1e-5, atol=1e-6)


def test_strings_are_no_numbers_to_look_at():
    words = keras.layers.TextVectorization(vocabulary=["good"], output_mode="int", name="words")
    x = keras.Input((), dtype="string", name="texts")
    model = keras.Model(x, words(keras.layers.Identity(name="same")(x)))
    spec = (tf.TensorSpec((None,), tf.string, name="texts"),)
    found = inside.endpoint(model, lambda x: model(x, training=False), spec).function(tf.constant(["good", "bad"]))
    assert list(found) == ["words"]
