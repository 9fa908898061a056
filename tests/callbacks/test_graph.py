import keras
import pytest

from tfnotes.callbacks import Graph
from tfnotes.errors import InputError


def test_the_forward_pass_once(fit, writer, read):
    fit(Graph(writer))
    graph = read().Graph()
    assert any(node.op == "Conv2D" and "conv" in node.name for node in graph.node)
    assert any(node.op == "MatMul" and "logits" in node.name for node in graph.node)


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
