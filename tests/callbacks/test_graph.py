import keras
import pytest

from tfnotes.callbacks import Graph
from tfnotes.errors import InputError


def test_the_forward_pass_once(fit, writer, read):
    fit(Graph(writer))
    graph = read().Graph()
    found = {node.name: node for node in graph.node}
    scopes = {name.split("/")[1] for name, node in found.items() if node.op in ("Conv2D", "MatMul", "Reshape")}
    # Each layer goes by its own name, without a number behind it.
    assert scopes == {"conv", "flatten", "logits"}
    # What a node takes is there by the same name.
    taken = {source.removeprefix("^").split(":")[0] for node in graph.node for source in node.input}
    assert taken <= set(found)


def test_a_resumed_training_does_not_write_it_again(fit, writer, read):
    fit(Graph(writer), initial_epoch=1)
    assert not read().Tags()["graph"]


def test_two_inputs(writer, read):
    a, b = keras.Input((2,), name="a"), keras.Input((2,), name="b")
    model = keras.Model([a, b], keras.layers.Add(name="sum")([a, b]))
    callback = Graph(writer)
    callback.set_model(model)
    callback.on_epoch_begin(0)
    assert any("sum" in node.name for node in read().Graph().node)


def test_a_model_without_known_inputs(writer):
    callback = Graph(writer)
    callback.set_model(keras.Model())
    with pytest.raises(InputError, match="Graph: `model` must know its inputs"):
        callback.on_epoch_begin(0)


def test_names_that_end_in_numbers(writer, read):
    layers = [keras.layers.Dense(2, name=name) for name in ("dense", "dense_1", "dense_1_1")]
    callback = Graph(writer)
    callback.set_model(keras.Sequential([keras.Input((2,)), *layers], name="dense_1"))
    callback.on_epoch_begin(0)
    products = [node.name for node in read().Graph().node if node.op == "MatMul"]
    assert products == [f"dense_1/{name}/MatMul" for name in ("dense", "dense_1", "dense_1_1")]


def test_inputs_of_their_own_dtypes_and_names(writer, read):
    words, number = keras.Input((3,), dtype="int32", name="words"), keras.Input((2,), name="number")
    parts = [keras.layers.Flatten()(keras.layers.Embedding(5, 2)(words)), number]
    callback = Graph(writer)
    callback.set_model(keras.Model({"words": words, "number": number}, keras.layers.Concatenate()(parts)))
    callback.on_epoch_begin(0)
    found = {node.name: node.attr["dtype"].type for node in read().Graph().node if node.op == "Placeholder"}
    assert {"words": 3, "number": 1}.items() <= found.items()
