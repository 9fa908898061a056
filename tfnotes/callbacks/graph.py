"""The operations of a model's forward pass."""

import re

import keras
import tensorflow as tf

from tfnotes.callbacks._layers import inside
from tfnotes.callbacks._writers import writer_of
from tfnotes.errors import InputError


class Graph(keras.callbacks.Callback):
    """Writes the graph of the forward pass for TensorBoard, once, before the first epoch.

    Args:
        writer: a `tf.summary.SummaryWriter`, or a folder.

    Raises:
        InputError: the model doesn't say its inputs, as a functional or sequential one does.
    """

    def __init__(self, writer):
        super().__init__()
        self.writer = writer_of(self, "writer", writer)

    def on_epoch_begin(self, epoch, logs=None):
        # A resumed training has its graph already.
        if epoch > 0:
            return
        if not getattr(self.model, "inputs", None):
            raise InputError(f"Graph: `model` must know its inputs. Received: {type(self.model).__name__}.")
        specs = keras.tree.map_structure(
            lambda x: tf.TensorSpec(x.shape, x.dtype, name=x.name), structure(self.model)
        )
        forward = tf.function(lambda x: self.model(x, training=False))
        with self.writer.as_default(step=0):
            tf.summary.graph(named(forward.get_concrete_function(specs).graph.as_graph_def(), self.model))
        self.writer.flush()


def named(graph, model):
    """The same `GraphDef` with the layers' own names.

    Keras opens each layer's scope twice, and TensorFlow puts a number behind the second one: "dense_1".
    """
    names = {model.name, *(part for path in inside(model) for part in path.split("/"))}
    within: dict[str, set] = {}
    for node in graph.node:
        parts = node.name.split("/")
        for k, part in enumerate(parts):
            within.setdefault("/".join(parts[:k]), set()).add(part)
    new = {scope: _own(parts, names) for scope, parts in within.items()}

    def renamed(name):
        parts = name.split("/")
        return "/".join(new["/".join(parts[:k])].get(part, part) for k, part in enumerate(parts))

    for node in graph.node:
        node.name = renamed(node.name)
        for k, source in enumerate(node.input):
            control = "^" if source.startswith("^") else ""
            name, colon, output = source.removeprefix("^").partition(":")
            node.input[k] = f"{control}{renamed(name)}{colon}{output}"
    return graph


def _own(parts, names):
    """For the scopes within one scope their layers' names, unless two would get the same."""
    stems = {part: re.sub(r"_\d+$", "", part) for part in parts}
    found = {part: stem if stem in names else part for part, stem in stems.items()}
    return found if len(set(found.values())) == len(found) else {}


def structure(model):
    """A model's inputs as it is called with them: one, or a list or dict of several."""
    if isinstance(model, keras.Sequential):
        return model.inputs[0]
    # A model with a rule of its own may have no more than their list.
    inputs = getattr(model, "input", model.inputs) if isinstance(model, keras.Model) and model.inputs else model.inputs
    return inputs[0] if isinstance(inputs, (list, tuple)) and len(inputs) == 1 else inputs
