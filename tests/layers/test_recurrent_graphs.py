"""What graphs recurrent layers leave: a small one in inference, and none that outlives its model."""

import gc

import keras
import numpy as np
import pytest

from tfnotes import layers

pytestmark = pytest.mark.skipif(keras.backend.backend() != "tensorflow", reason="graphs are TensorFlow's")
KINDS = ("SimpleRNN", "LSTM", "GRU")


def graph_of(layer):
    """All operations of an inference graph, those of the functions in it too: `(types, attributes)`."""
    import tensorflow as tf

    signature = [tf.TensorSpec((None, None, 3)), tf.TensorSpec((None, None), "bool")]
    call = tf.function(lambda x, mask: layer(x, mask=mask, training=False), input_signature=signature)
    graph = call.get_concrete_function().graph.as_graph_def()
    nodes = [*graph.node, *(node for function in graph.library.function for node in function.node_def)]
    attributes = {name for function in graph.library.function for name in function.attr}
    return [node.op for node in nodes], attributes | {name for node in nodes for name in node.attr}


@pytest.mark.parametrize("kind", KINDS)
def test_an_inference_graph_is_one_loop_forward(kind):
    ours, theirs = (graph_of(getattr(library, kind)(4)) for library in (layers, keras.layers))
    types, attributes = ours
    loops = [op for op in types if op in ("While", "StatelessWhile")]
    assert len(loops) == 1
    assert not {"If", "StatelessIf", "PartitionedCall", "StatefulPartitionedCall"} & set(types)
    assert not {"_gradient_op_type", "_XlaMustCompile"} & attributes
    assert len(types) <= len(theirs[0])


@pytest.mark.parametrize("kind", KINDS)
def test_a_training_graph_is_let_go_with_its_model(kind):
    import tensorflow as tf

    def traced():
        layer = getattr(layers, kind)(2)

        @tf.function(autograph=False)
        def step(x):
            with tf.GradientTape() as tape:
                tape.watch(x)
                total = tf.reduce_sum(layer(x, training=True))
            return tape.gradient(total, x)

        step(tf.ones((1, 2, 2)))

    def graphs():
        gc.collect()
        return sum(isinstance(found, tf.Graph) for found in gc.get_objects())

    traced()
    before = graphs()
    traced()
    assert graphs() == before


@pytest.mark.parametrize("kind", KINDS)
def test_an_eager_call_traces_nothing(kind):
    import tensorflow as tf

    layer = getattr(layers, kind)(2)
    x = np.ones((1, 3, 2), "float32")
    layer(x)
    gc.collect()
    before = {id(found) for found in gc.get_objects() if isinstance(found, tf.Graph)}
    for steps in (3, 4, 5):
        layer(np.ones((1, steps, 2), "float32"))
    assert {id(found) for found in gc.get_objects() if isinstance(found, tf.Graph)} <= before
